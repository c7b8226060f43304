## Fragment of Makefile.am: fuzz targets, t/fuzz/NAME.c with LLVMFuzzerTestOneInput.
##
## To add one: fuzz_targets += t/fuzz/NAME and t_fuzz_NAME_SOURCES, with
## t_fuzz_NAME_LDFLAGS = $(LINK_FUZZ); seeds in t/fuzz/corpus/NAME/.
LINK_FUZZ = $(LINK_SHARED) $(FUZZ_LDFLAGS)
