/* reply.c: one buffered answer with the security headers. */
#include "page/reply.h"

#include <errno.h>
#include <unistd.h>

#include "base/die.h"
#include "base/log.h"

/* Sent with every answer, behind the policy of its scripts. The referrer policy
 * is same-origin, not no-referrer: with the latter a browser sends "Origin: null"
 * with our own forms, and the origin check would refuse them (Fetch Standard,
 * "append a request Origin header"). COOP and CORP keep other sites' windows and
 * tags out. */
static const char *const always[][2] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
};

/* The features of the phone that a script may use: camera and microphone, on a page
 * that records. */
static const char policy[] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
static const char camera_policy[] =
	"camera=(self), geolocation=(), microphone=(self), payment=(), usb=()";

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 303, "See Other" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
};

void reply_init(struct reply *r)
{
	*r = (struct reply){ .status = 200, .type = "text/html; charset=utf-8" };
}

static void check_header(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			die("control character in a reply header");
}

static void header_line(struct buffer *out, const char *name, const char *value)
{
	check_header(name);
	check_header(value);
	buffer_printf(out, "%s: %s\r\n", name, value);
}

void reply_header(struct reply *r, const char *name, const char *value)
{
	header_line(&r->header, name, value);
}

void reply_cookie_name(const char *name, bool https, char *out, size_t out_size)
{
	if (snprintf(out, out_size, "%s%s", https ? "__Host-" : "", name) >= (int)out_size)
		die("cookie name too long");
}

/* RFC 6265 4.1.1: cookie-octet, without the quotes. */
static bool is_cookie_value(const char *value)
{
	for (; *value; value++)
		if (*value <= ' ' || *value >= 0x7f || strchr("\",;\\", *value))
			return false;
	return true;
}

void reply_cookie(struct reply *r, const char *name, const char *value, long max_age_s, bool https)
{
	struct buffer line = BUFFER_INIT;
	char full[64];

	if (!is_cookie_value(value))
		die("value cannot stand in a cookie");
	reply_cookie_name(name, https, full, sizeof(full));
	buffer_printf(&line, "%s=%s; Path=/; HttpOnly; SameSite=Lax", full, value);
	if (https)
		buffer_puts(&line, "; Secure");
	if (max_age_s)
		buffer_printf(&line, "; Max-Age=%ld", max_age_s < 0 ? 0 : max_age_s);
	reply_header(r, "Set-Cookie", buffer_text(&line));
	buffer_wipe(&line);
}

void reply_allow_wechat(struct reply *r, const char *script_url)
{
	r->wechat_script = script_url;
}

/* WeChat's document on open tags names the sources of their frames. */
static void policy_line(struct buffer *out, const char *script)
{
	struct buffer sources = BUFFER_INIT;

	buffer_puts(&sources, "default-src 'none'; script-src 'self'");
	if (script)
		buffer_printf(&sources, " %s; frame-src https://*.qq.com webcompt:", script);
	buffer_puts(&sources, "; style-src 'self'; img-src 'self' data: blob:; "
			      "media-src 'self' blob:; connect-src 'self'; "
			      "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	header_line(out, "Content-Security-Policy", sources.data);
	buffer_release(&sources);
}

void reply_redirect(struct reply *r, const char *path)
{
	/* "//host" and "/\host" would leave our site. */
	if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
		die("redirect to what is no path of ours");
	r->status = 303;
	buffer_reset(&r->body);
	reply_header(r, "Location", path);
}

static const char *reason_of(int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	die("no reason phrase for status %d", status);
}

static void write_all(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return; /* the client went away; what was done stays done */
		bytes += written;
		n -= (size_t)written;
	}
}

void reply_send(struct reply *r, bool head_only)
{
	struct buffer out = BUFFER_INIT;

	buffer_printf(&out, "Status: %d %s\r\n", r->status, reason_of(r->status));
	if (r->body.len)
		header_line(&out, "Content-Type", r->type);
	if (r->status != 204) /* RFC 9110 8.6 */
		buffer_printf(&out, "Content-Length: %zu\r\n", r->body.len);
	header_line(&out, "Cache-Control", r->cacheable ? "private, max-age=3600" : "no-store");
	header_line(&out, "X-Request-Number", log_request_number());
	policy_line(&out, r->wechat_script);
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		header_line(&out, always[i][0], always[i][1]);
	header_line(&out, "Permissions-Policy", r->camera ? camera_policy : policy);
	buffer_add(&out, buffer_text(&r->header), r->header.len);
	buffer_puts(&out, "\r\n");
	if (!head_only)
		buffer_add(&out, buffer_text(&r->body), r->body.len);
	write_all(buffer_text(&out), out.len);
	buffer_wipe(&out);
}
