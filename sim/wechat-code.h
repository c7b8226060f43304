/* wechat-code.h: the codes that the sim's WeChat gives out.
 *
 * A CGI program remembers nothing, so a code carries its openid and its time
 * under a seal of the app secret. That it was spent is remembered by an empty
 * file in the folder "sim" beside the config file; the product's tables
 * are not touched. */
#ifndef SIM_WECHAT_CODE_H
#define SIM_WECHAT_CODE_H

#include <time.h>

#include "base/config.h"

#define CODE_SECONDS 300
#define CODE_OPENID_MAX 64
#define SIM_COOKIE "sim-user" /* the user of the phone */

enum code_result {
	CODE_GOOD,
	CODE_INVALID, /* not one of ours */
	CODE_EXPIRED,
};

/* Appends a new code for this openid. */
void code_make(const struct config *, const char *openid, time_t now, struct buffer *out);
/* Reads a code back; fills openid with CODE_GOOD and CODE_EXPIRED. */
enum code_result code_read(const struct config *, const char *code, time_t now,
			   char openid[CODE_OPENID_MAX + 1]);
/* Marks a code that was read; false when it bore this mark before. */
bool code_mark(const char *code, const char *mark);
/* Whether it bears the mark. */
bool code_is_marked(const char *code, const char *mark);
/* Takes the mark off again. */
void code_unmark(const char *code, const char *mark);
/* Under which code the mark CODE_ACCEPTED says that a person agreed to a
 * template; the caller's to free. */
#define CODE_ACCEPTED "accepted"
char *code_consent(const char *openid, const char *template_id);
/* The path of a file or folder in the sim's folder; the caller's to free. */
char *sim_path(const char *name);

#endif
