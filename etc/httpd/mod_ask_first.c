/* mod_ask_first.c: asks a program before its request's body is read.
 *
 * httpd reads a body to its end before it passes on what a CGI program says, also
 * when the program has answered without it. A client that sends slowly thus holds
 * a worker for as long as it likes, logged in or not. With
 *
 *     AskFirst 65536
 *
 * a body of at most so many bytes is awaited for a moment; then, and for a larger
 * one at once, the program is run by itself with YJ_ASK=1 in its environment. It
 * goes through its checks without a body and ends with status 0 when it wants
 * one: all goes on as ever. Any other end means that the answer needs no body:
 * what has come of it by then, at most so many bytes, is all that the program is
 * given, with the length that was announced in YJ_CUT, and the connection is
 * closed behind the answer. It is closed soon: the long wait for clients that go
 * on sending would hold the worker again. */
#include <httpd.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>
#include <util_script.h>

#include <apr_poll.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>

#define AWAIT_MS 1500 /* for the rest of a small body */
#define AWAIT_CUT_MS 300 /* for what was typed in front of the files */

module AP_MODULE_DECLARE_DATA ask_first_module;

struct settings {
	apr_off_t small; /* bytes of a small body; -1: not said, 0: never ask */
};

/* The part of the body that was read; the rest follows unless it is cut off. */
struct begun {
	apr_bucket_brigade *bytes;
	apr_off_t length;
	int ended, failed, cut;
};

static void *make_settings(apr_pool_t *pool, char *place)
{
	struct settings *s = apr_palloc(pool, sizeof(*s));

	(void)place;
	s->small = -1;
	return s;
}

static void *merge_settings(apr_pool_t *pool, void *outer, void *inner)
{
	(void)pool;
	return ((struct settings *)inner)->small < 0 ? outer : inner;
}

static const char *set_small(cmd_parms *cmd, void *settings, const char *text)
{
	char *end;

	(void)cmd;
	if (apr_strtoff(&((struct settings *)settings)->small, text, &end, 10) || *end ||
	    ((struct settings *)settings)->small < 0)
		return "AskFirst takes a number of bytes, 0 for never";
	return NULL;
}

static const command_rec commands[] = {
	AP_INIT_TAKE1("AskFirst", set_small, NULL, OR_LIMIT,
		      "bytes of a body up to which it is awaited before the program is asked"),
	{ NULL }
};

/* Hands on what was read before, then the rest. */
static apr_status_t give_begun(ap_filter_t *f, apr_bucket_brigade *out, ap_input_mode_t mode,
			       apr_read_type_e block, apr_off_t length)
{
	struct begun *b = f->ctx;
	apr_bucket *end;

	if (mode != AP_MODE_READBYTES)
		return b->cut ? APR_EOF : ap_get_brigade(f->next, out, mode, block, length);
	if (APR_BRIGADE_EMPTY(b->bytes)) {
		if (!b->cut && !b->ended)
			return ap_get_brigade(f->next, out, mode, block, length);
		APR_BRIGADE_INSERT_TAIL(out, apr_bucket_eos_create(f->c->bucket_alloc));
		return APR_SUCCESS;
	}
	if (apr_brigade_partition(b->bytes, length, &end) == APR_INCOMPLETE)
		end = APR_BRIGADE_SENTINEL(b->bytes);
	while (APR_BRIGADE_FIRST(b->bytes) != end) {
		apr_bucket *first = APR_BRIGADE_FIRST(b->bytes);

		APR_BUCKET_REMOVE(first);
		APR_BRIGADE_INSERT_TAIL(out, first);
	}
	return APR_SUCCESS;
}

/* Waits until the client has sent more; 0 when it has not in time. */
static int await(request_rec *r, apr_interval_time_t left)
{
	apr_pollfd_t p = { .p = r->pool, .desc_type = APR_POLL_SOCKET, .reqevents = APR_POLLIN };
	apr_int32_t n;

	p.desc.s = ap_get_conn_socket(r->connection);
	return left > 0 && apr_poll(&p, 1, &n, left) == APR_SUCCESS;
}

/* Moves what came in one reading to the rest; the end of the body is noted. */
static void keep(request_rec *r, struct begun *b, apr_bucket_brigade *came)
{
	while (!APR_BRIGADE_EMPTY(came)) {
		apr_bucket *first = APR_BRIGADE_FIRST(came);
		const char *data;
		apr_size_t n = 0;

		APR_BUCKET_REMOVE(first);
		if (APR_BUCKET_IS_EOS(first))
			b->ended = 1;
		if (APR_BUCKET_IS_METADATA(first) ||
		    apr_bucket_read(first, &data, &n, APR_BLOCK_READ) != APR_SUCCESS ||
		    apr_bucket_setaside(first, r->pool) != APR_SUCCESS) {
			apr_bucket_destroy(first);
			continue;
		}
		b->length += (apr_off_t)n;
		APR_BRIGADE_INSERT_TAIL(b->bytes, first);
	}
}

/* Reads until the body ends, `max` bytes are there, or the time is over. */
static void gather(request_rec *r, struct begun *b, apr_off_t max, int wait_ms)
{
	apr_time_t end = apr_time_now() + apr_time_from_msec(wait_ms);
	apr_bucket_brigade *came = apr_brigade_create(r->pool, r->connection->bucket_alloc);

	while (!b->ended && b->length < max) {
		apr_status_t status = ap_get_brigade(r->input_filters, came, AP_MODE_READBYTES,
						     APR_NONBLOCK_READ, max - b->length);
		int nothing = APR_STATUS_IS_EAGAIN(status) ||
			      (status == APR_SUCCESS && APR_BRIGADE_EMPTY(came));

		if (status != APR_SUCCESS && !nothing) {
			b->failed = 1;
			break;
		}
		keep(r, b, came);
		if (nothing && !await(r, end - apr_time_now()))
			break;
	}
	apr_brigade_cleanup(came);
}

/* The program's own environment, and that it is only asked. */
static const char *const *environment(request_rec *r)
{
	apr_table_t *names;

	ap_add_common_vars(r);
	ap_add_cgi_vars(r);
	names = apr_table_copy(r->pool, r->subprocess_env);
	apr_table_setn(names, "YJ_ASK", "1");
	return (const char *const *)ap_create_environment(r->pool, names);
}

/* Whether the program wants the body. In doubt it does not: it is run again
 * without the body, and answers with the error. */
static int ask(request_rec *r)
{
	const char *const argv[] = { r->filename, NULL };
	apr_procattr_t *attr;
	apr_exit_why_e why;
	apr_proc_t proc;
	int status = 1;

	if (apr_procattr_create(&attr, r->pool) != APR_SUCCESS ||
	    apr_procattr_io_set(attr, APR_NO_FILE, APR_NO_FILE, APR_NO_FILE) != APR_SUCCESS ||
	    apr_procattr_cmdtype_set(attr, APR_PROGRAM) != APR_SUCCESS ||
	    apr_proc_create(&proc, r->filename, argv, environment(r), attr, r->pool) !=
		    APR_SUCCESS) {
		ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "ask_first: %s cannot be run",
			      r->filename);
		return 0;
	}
	if (apr_proc_wait(&proc, &status, &why, APR_WAIT) != APR_CHILD_DONE)
		return 0;
	return APR_PROC_CHECK_EXIT(why) && status == 0;
}

/* The program gets what is there, the client its answer and no more patience. */
static void cut_off(request_rec *r, struct begun *b, const char *announced)
{
	b->cut = 1;
	apr_table_unset(r->headers_in, "Transfer-Encoding");
	apr_table_set(r->headers_in, "Content-Length", apr_off_t_toa(r->pool, b->length));
	apr_table_set(r->subprocess_env, "YJ_CUT", announced);
	apr_table_setn(r->subprocess_env, "nokeepalive", "1");
	apr_table_setn(r->connection->notes, "short-lingering-close", "1");
	r->connection->keepalive = AP_CONN_CLOSE;
	r->expecting_100 = 0;
}

static int ask_first(request_rec *r)
{
	const struct settings *s = ap_get_module_config(r->per_dir_config, &ask_first_module);
	const char *announced = apr_table_get(r->headers_in, "Content-Length");
	int chunked = apr_table_get(r->headers_in, "Transfer-Encoding") != NULL;
	struct begun *b;
	apr_off_t length = 0;

	if (s->small <= 0 || r->main || r->prev || r->method_number != M_POST ||
	    r->finfo.filetype != APR_REG || (!chunked && !announced))
		return DECLINED;
	if (announced && (apr_strtoff(&length, announced, NULL, 10) || length < 0))
		return DECLINED;
	b = apr_pcalloc(r->pool, sizeof(*b));
	b->bytes = apr_brigade_create(r->pool, r->connection->bucket_alloc);
	if (!chunked && length <= s->small && !r->expecting_100)
		gather(r, b, length + 1, AWAIT_MS);
	if (!b->ended && !b->failed && !ask(r)) {
		if (!chunked && length > s->small && !r->expecting_100)
			gather(r, b, s->small, AWAIT_CUT_MS);
		cut_off(r, b, chunked ? "chunked" : announced);
	}
	ap_add_input_filter("ASK_FIRST", b, r, r->connection);
	return DECLINED;
}

static void hooks(apr_pool_t *pool)
{
	(void)pool;
	ap_register_input_filter("ASK_FIRST", give_begun, NULL, AP_FTYPE_CONTENT_SET);
	ap_hook_fixups(ask_first, NULL, NULL, APR_HOOK_REALLY_LAST);
}

module AP_MODULE_DECLARE_DATA ask_first_module = {
	STANDARD20_MODULE_STUFF,
	.create_dir_config = make_settings,
	.merge_dir_config = merge_settings,
	.cmds = commands,
	.register_hooks = hooks,
};
