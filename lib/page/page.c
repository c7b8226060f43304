/* page.c: page_run(): the stages of a request in their order, and the helpers
 * of handlers. */
#include "page/contract.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "db/row.h"
#include "page/last-breath.h"
#include "page/layout.h"

#define REQUEST_NUMBER_LEN 12
#define UNIQUE_ID_MAX 64
#define ASK_S 8 /* within which a program says whether it wants a body */

/* No core file and no debugger: both would show personal data. */
static bool limit_process(struct page *p UNUSED)
{
	static const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		die("process limits refused");
	umask(077);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		die("signal refused");
	return true;
}

static bool is_sane_number(const char *text)
{
	size_t n = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ@_-");

	return n > 0 && n <= UNIQUE_ID_MAX && text[n] == '\0';
}

/* The server's number where it gives one (mod_unique_id), so that its log and
 * ours can be laid side by side. */
static bool identify(struct page *p)
{
	const char *number = getenv("UNIQUE_ID");
	char random[PUBLIC_ID_SIZE];

	if (!number || !is_sane_number(number)) {
		random_public_id(random);
		number = xmemdup0(random, REQUEST_NUMBER_LEN);
	}
	log_identify(p->spec->name, number);
	die_set_handler(page_say_fault);
	return true;
}

static bool open_config(struct page *p)
{
	p->config = config_open();
	return true;
}

static bool read_head(struct page *p)
{
	enum request_result result = request_read_head(p->request);

	if (p->request->https)
		reply_header(&p->reply, "Strict-Transport-Security", "max-age=31536000");
	if (result == REQUEST_OK)
		return true;
	page_say_request(p, result);
	return false;
}

static bool check_method(struct page *p)
{
	enum request_method method = p->request->method;
	bool readable = p->spec->show || p->spec->form;

	if (method == METHOD_POST ? p->spec->body_max > 0 : method != METHOD_OTHER && readable)
		return true;
	reply_header(&p->reply, "Allow",
		     !p->spec->body_max ? "GET, HEAD" :
		     readable           ? "GET, HEAD, POST" :
					  "POST");
	page_say(p, 405, "这个地址不能这样打开", "请返回上一页，点页面上的按钮操作。", NULL, NULL);
	return false;
}

static bool expect_body(struct page *p)
{
	enum request_result result = REQUEST_OK;

	if (p->request->method == METHOD_POST)
		result = request_expect_body(p->request, p->spec->body_max, p->spec->raw_body);
	if (result == REQUEST_OK)
		return true;
	page_say_request(p, result);
	return false;
}

/* Memory for photographs is for a session with an application that may be changed:
 * of anybody else's large body only what was typed is kept, so that it can be sent
 * again. The connection is not held while the body comes in. */
static bool vet_files(struct page *p)
{
	if (p->request->method != METHOD_POST || !page_part(p)->cookie || p->spec->raw_body ||
	    !request_has_large_body())
		return true;
	p->db = db_open(p->config, page_part(p)->db);
	page_load_session(p);
	p->request->drop_files = !p->session.present || !page_is_open(p);
	p->session = (struct session){ .present = false };
	p->application = (struct application){ .id = 0 };
	db_close(p->db);
	p->db = NULL;
	return true;
}

static bool read_body(struct page *p)
{
	const struct page_spec *spec = p->spec;
	const char *key;
	enum request_result result;

	random_public_id(p->key);
	if (p->request->method != METHOD_POST)
		return true;
	p->request->drop_files |= p->request->cut;
	if (spec->file_max)
		p->request->file_max = spec->file_max;
	result = request_read_body(p->request, STDIN_FILENO, spec->body_max, spec->raw_body);
	if (result != REQUEST_OK) {
		page_say_request(p, result);
		return false;
	}
	key = request_field(p->request, "key");
	if (key && is_public_id(key))
		snprintf(p->key, sizeof(p->key), "%s", key);
	return true;
}

static bool open_db(struct page *p)
{
	if (page_part(p)->has_db)
		p->db = db_open(p->config, page_part(p)->db);
	return true;
}

/* A body that was not wanted is not done, though all would be well by now. */
static bool check_whole(struct page *p)
{
	if (p->request->cut)
		page_say_request(p, REQUEST_CUT_OFF);
	return !p->request->cut;
}

bool page_load_values(struct page *p)
{
	struct form_owner owner;

	if (!p->spec->form)
		return true;
	owner = page_form_owner(p);
	form_values_free(p->values);
	p->values = form_values_new(p->spec->form);
	form_load(&owner, page_is_correcting(p), p->values);
	return true;
}

static bool handle(struct page *p)
{
	if (p->request->method == METHOD_POST)
		(p->spec->submit ? p->spec->submit : page_submit_form)(p);
	else
		(p->spec->show ? p->spec->show : page_show_form)(p);
	return true;
}

static page_stage *const stages[] = {
	identify,          limit_process,
	open_config,       read_head,
	check_method,      expect_body,
	vet_files,         read_body,
	page_check_origin, open_db,
	page_load_session, page_check_role,
	page_check_token,  page_check_application,
	page_check_state,  check_whole,
	page_load_values,  handle,
};

/* What can be told of a POST before its body is there. */
static page_stage *const ask_stages[] = {
	identify,
	limit_process,
	open_config,
	read_head,
	check_method,
	expect_body,
	page_check_origin,
	open_db,
	page_load_session,
	page_check_role,
	page_check_application,
	page_check_state,
};

/* A row that cannot work is a mistake in the program, found by its first run. */
static void check_spec(const struct page_spec *spec)
{
	if (page_application(spec) != PAGE_NO_APPLICATION && spec->roles == PAGE_ANYONE)
		die("%s: application without a role", spec->name);
	if (!spec->form && !spec->show && !spec->submit)
		die("%s: neither form nor handlers", spec->name);
	if (!spec->form && spec->body_max && !spec->submit)
		die("%s: takes a POST that nothing handles", spec->name);
}

/* For t/page/walk.t. A web server always sets REQUEST_METHOD. */
static void describe(const struct page_spec *spec)
{
	struct buffer out = BUFFER_INIT;

	buffer_printf(&out, "name=%s\napplication=%d\nevent=%s\nform=%s\n", spec->name,
		      (int)page_application(spec), spec->event ? spec->event : "",
		      spec->form ? spec->form->name : "");
	buffer_printf(&out,
		      "body_max=%zu\nraw_body=%d\nread_only=%d\nshow=%d\nroles=", spec->body_max,
		      spec->raw_body, spec->read_only, spec->show || spec->form);
	for (int role = 0; role < FLOW_ROLE_COUNT; role++)
		if (spec->roles & PAGE_ROLE(role))
			buffer_printf(&out, "%s ", flow_role_names[role]);
	buffer_putc(&out, '\n');
	fputs(buffer_text(&out), stdout);
	exit(fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS);
}

static bool run_stages(struct page *p, page_stage *const *stage, size_t count)
{
	size_t i = 0;

	while (i < count && stage[i](p))
		i++;
	return i == count;
}

/* For etc/httpd/mod_ask_first.c: whether the answer needs the body. */
static void NORETURN ask(struct page *p)
{
	bool wanted;

	alarm(ASK_S);
	wanted = run_stages(p, ask_stages, ARRAY_SIZE(ask_stages));
	db_close(p->db);
	_exit(wanted ? EXIT_SUCCESS : EXIT_FAILURE);
}

int page_run(const struct page_spec *spec)
{
	struct page p = { .spec = spec };

	check_spec(spec);
	if (getenv("YJ_DESCRIBE") && !getenv("REQUEST_METHOD") && !getenv("GATEWAY_INTERFACE"))
		describe(spec);
	p.request = request_new();
	reply_init(&p.reply);
	if (getenv("YJ_ASK"))
		ask(&p);
	run_stages(&p, stages, ARRAY_SIZE(stages));
	db_close(p.db);
	vault_close(p.vault);
	die_set_handler(NULL); /* from here on a second answer would follow the first */
	reply_send(&p.reply, p.request->method == METHOD_HEAD);
	if (p.config && config_flag(p.config, "last_breath"))
		last_breath();
	/* Nothing is freed and stdout not closed first: the server starts to
	 * wait for the end of the process when stdout closes. */
	_exit(0);
}

bool page_is_correcting(const struct page *p)
{
	return !strcmp(p->application.state, "awaiting_correction");
}

struct vault *page_vault(struct page *p)
{
	if (!p->vault)
		p->vault = vault_open(p->config);
	return p->vault;
}

struct form_owner page_form_owner(struct page *p)
{
	return (struct form_owner){
		.db = p->db,
		.vault = page_vault(p),
		.application = p->application.id,
		.applicant = p->application.applicant,
		.project = p->application.project,
		.application_public_id = p->application.public_id,
	};
}

void page_go(struct page *p, const char *path, const char *flash)
{
	struct buffer address = BUFFER_INIT;

	layout_path(p, path, &address);
	if (flash)
		buffer_printf(&address, "%sflash=%s", p->application.id ? "&" : "?", flash);
	reply_redirect(&p->reply, buffer_text(&address));
	buffer_release(&address);
}

/* The key under which page_advance() records a move. */
#define EVENT_KEY_SIZE 65 /* event.idempotency_key */

static void event_key(const struct page *p, const char *event, char out[EVENT_KEY_SIZE])
{
	if (snprintf(out, EVENT_KEY_SIZE, "%s.%s", p->key, event) >= EVENT_KEY_SIZE)
		die("%s: the name of an event is too long", event);
}

struct advance {
	struct flow_move move;
	enum flow_result result;
	bool (*work)(struct db *, void *);
	void *context;
	const struct buffer *told; /* the detail, when the work writes it */
};

bool page_move_known(struct db *db, int64_t application, const char *key)
{
	return db_exists(db, "SELECT 1 FROM event WHERE application = ? AND idempotency_key = ?",
			 DB_ARGS(db_int(application), db_text(key)));
}

bool page_is_done(struct page *p, const char *event)
{
	char key[EVENT_KEY_SIZE];

	event_key(p, event, key);
	return page_move_known(p->db, p->application.id, key);
}

/* The work comes first, so that the guard of the move sees what it wrote. */
static bool advance_work(struct db *db, void *context)
{
	struct advance *a = context;
	struct flow_outcome outcome;

	a->result = FLOW_REPEATED;
	if (page_move_known(db, a->move.application, a->move.key))
		return false;
	a->result = FLOW_GUARD_REFUSED;
	if (a->work && !a->work(db, a->context))
		return false;
	if (a->told)
		a->move.detail = buffer_text(a->told);
	a->result = flow_advance(db, &a->move, &outcome);
	return a->result == FLOW_MOVED;
}

static enum flow_result run(struct page *p, struct advance *a)
{
	a->move.application = p->application.id;
	a->move.role = p->session.role;
	a->move.token = p->session.token;
	if (db_transaction(p->db, advance_work, a) == DB_REFUSED) {
		log_line(LOG_REFUSED, "flow.signal", "event=%s refusal=%s", a->move.event,
			 db_refusal(p->db));
		return FLOW_NOT_ALLOWED;
	}
	return a->result;
}

enum flow_result page_advance_by(struct page *p, const char *key, const char *event,
				 const char *detail, bool (*work)(struct db *, void *),
				 void *context)
{
	struct advance a = {
		.move = { .event = event, .key = key, .detail = detail },
		.work = work,
		.context = context,
	};

	return run(p, &a);
}

enum flow_result page_advance(struct page *p, const char *event, const char *detail,
			      bool (*work)(struct db *, void *), void *context)
{
	char key[EVENT_KEY_SIZE];

	event_key(p, event, key);
	return page_advance_by(p, key, event, detail, work, context);
}

enum flow_result page_advance_told(struct page *p, const char *event,
				   bool (*work)(struct db *, void *), void *context,
				   const struct buffer *detail)
{
	char key[EVENT_KEY_SIZE];
	struct advance a = {
		.move = { .event = event, .key = key },
		.work = work,
		.context = context,
		.told = detail,
	};

	event_key(p, event, key);
	return run(p, &a);
}
