/* icu-stub.c: stands in for ICU, which libxml2 may have been built to ask for
 * encodings other than UTF-8. It says that there are none, and so keeps 28 MB
 * of tables and the C++ library out of a statically linked page. Only linked
 * when libxml2's archive asks for these names. */
#include "base/base.h"

#include <unicode/ucnv.h>

UConverter *ucnv_open(const char *name UNUSED, UErrorCode *status)
{
	*status = U_FILE_ACCESS_ERROR;
	return NULL;
}

void ucnv_close(UConverter *converter UNUSED)
{
}

void ucnv_setToUCallBack(UConverter *converter UNUSED, UConverterToUCallback action UNUSED,
			 const void *context UNUSED, UConverterToUCallback *old UNUSED,
			 const void **old_context UNUSED, UErrorCode *status)
{
	*status = U_UNSUPPORTED_ERROR;
}

void ucnv_setFromUCallBack(UConverter *converter UNUSED, UConverterFromUCallback action UNUSED,
			   const void *context UNUSED, UConverterFromUCallback *old UNUSED,
			   const void **old_context UNUSED, UErrorCode *status)
{
	*status = U_UNSUPPORTED_ERROR;
}

void ucnv_convertEx(UConverter *to UNUSED, UConverter *from UNUSED, char **target UNUSED,
		    const char *target_limit UNUSED, const char **source UNUSED,
		    const char *source_limit UNUSED, UChar *pivot UNUSED,
		    UChar **pivot_source UNUSED, UChar **pivot_target UNUSED,
		    const UChar *pivot_limit UNUSED, UBool reset UNUSED, UBool flush UNUSED,
		    UErrorCode *status)
{
	*status = U_UNSUPPORTED_ERROR;
}

void UCNV_TO_U_CALLBACK_STOP(const void *context UNUSED, UConverterToUnicodeArgs *args UNUSED,
			     const char *units UNUSED, int32_t length UNUSED,
			     UConverterCallbackReason reason UNUSED, UErrorCode *status UNUSED)
{
}

void UCNV_FROM_U_CALLBACK_STOP(const void *context UNUSED, UConverterFromUnicodeArgs *args UNUSED,
			       const UChar *units UNUSED, int32_t length UNUSED,
			       UChar32 point UNUSED, UConverterCallbackReason reason UNUSED,
			       UErrorCode *status UNUSED)
{
}
