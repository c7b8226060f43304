/* reply.h: one buffered answer with the security headers.
 *
 * Nothing reaches the client before reply_send(), so a page that dies half way
 * leaves no half page. The one writer of headers refuses CR, LF and NUL. */
#ifndef PAGE_REPLY_H
#define PAGE_REPLY_H

#include "base/buffer.h"

struct reply {
	int status; /* 200 at the start */
	const char *type; /* "text/html; charset=utf-8" at the start */
	struct buffer header; /* further header lines */
	struct buffer body;
	bool camera; /* the page may use camera and microphone */
	bool cacheable; /* by this browser, for an hour; else no-store */
	const char *wechat_script; /* see reply_allow_wechat() */
};

void reply_init(struct reply *);
/* One more header line; die()s on a control character in name or value. */
void reply_header(struct reply *, const char *name, const char *value);
/* A cookie: HttpOnly, SameSite=Lax, Path=/; with https __Host- and Secure.
 * max_age_s < 0 removes it, 0 keeps it until the browser closes. Read it back
 * under reply_cookie_name(). */
void reply_cookie(struct reply *, const char *name, const char *value, long max_age_s, bool https);
/* The cookie's name on the wire, into out: with https "__Host-" in front. */
void reply_cookie_name(const char *name, bool https, char *out, size_t out_size);
/* 303 See Other to a path of ours ("/apply/mine"); anything else is a die(). */
void reply_redirect(struct reply *, const char *path);
/* Lets this page load WeChat's script from that URL, which must outlive the
 * reply, and the frames in which WeChat's open tags are drawn. */
void reply_allow_wechat(struct reply *, const char *script_url);
/* Writes status, headers and body in one go; loops over short writes. HEAD
 * leaves the body out. */
void reply_send(struct reply *, bool head_only);

#endif
