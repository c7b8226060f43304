/* config.h: the settings of an installation, from one file.
 *
 * Grammar (etc/yuanjian.conf.example is a whole one), line by line:
 *     file    = *line
 *     line    = [ key "=" value ] [ "#" comment ] newline
 *     key     = one of the names in the table of config-keys.c
 *     value   = text up to the comment or the end of the line, trimmed; in
 *               double quotes where it holds a # or outer blanks
 * An unknown key, a key given twice, a value of the wrong type and a missing
 * required key are errors. Passwords stand in a second file of the same
 * grammar, named by secrets_file, which must be a plain file of mode 0600 or
 * stricter. Every address must be https unless it names a loopback host. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/buffer.h"

struct config;

enum config_type {
	CONFIG_TEXT,
	CONFIG_PATH, /* absolute */
	CONFIG_URL, /* http or https, no trailing slash, query or fragment */
	CONFIG_ORIGIN, /* a URL without a path: scheme, host and port */
	CONFIG_SMTP, /* a mail server: smtp or smtps, host and port */
	CONFIG_MAIL, /* a mail address */
	CONFIG_INT, /* decimal, within the row's bounds */
	CONFIG_FLAG, /* yes or no */
	CONFIG_TYPE_COUNT,
};

/* One row of the table of keys. To add a key: its row in config-keys.c and its
 * paragraph in etc/yuanjian.conf.example; t/base/config.t fails without. */
struct config_key {
	const char *name;
	enum config_type type;
	const char *fallback; /* NULL: "" */
	bool required;
	bool secret; /* stands in the secrets file */
	long min, max; /* CONFIG_INT */
	const char *help;
};
extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* Reads the file and its secrets file. NULL when something is wrong; then
 * `why` has one line per error: "FILE:LINE: reason". */
struct config *config_load(const char *path, struct buffer *why);
/* The file named by YJ_CONFIG in the environment, else the compiled-in
 * place; die()s with the first reason when it is wrong. */
struct config *config_open(void);
void config_free(struct config *);

/* Values by key; asking for a key that is not in the table is a die().
 * Text is "" when neither given nor defaulted. */
const char *config_text(const struct config *, const char *key);
long config_int(const struct config *, const char *key);
bool config_flag(const struct config *, const char *key);

#endif
