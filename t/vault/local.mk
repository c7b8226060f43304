## Fragment of Makefile.am: tests of vault.
unit_tests += t/vault/vault-test
t_vault_vault_test_SOURCES = t/vault/vault-test.c
t_vault_vault_test_LDADD = $(CMOCKA_LDADD)
t_vault_vault_test_LDFLAGS = $(LINK_SHARED)
unit_tests += t/vault/password-test
t_vault_password_test_SOURCES = t/vault/password-test.c
t_vault_password_test_LDADD = $(CMOCKA_LDADD)
