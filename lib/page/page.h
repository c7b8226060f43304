/* page.h: the contract of a page.
 *
 * A program is a row of data and, where the default does not serve, two short
 * functions:
 *
 *     static const struct page_spec spec = {
 *             .name = "apply/company",
 *             .roles = PAGE_ROLE(FLOW_APPLICANT),
 *             .form = &form_company,
 *             .body_max = SCANS_BODY_MAX,
 *     };
 *     int main(void) { return page_run(&spec); }
 *
 * page_run() does, in this order and for every program: process limits,
 * config, head, method, length, body, origin, session, role, CSRF token, the
 * application (owned by this session), its state, the form's values as stored,
 * then the handler, then one buffered reply. A handler repeats none of it and
 * cannot forget it.
 *
 * Pages of forms follow each other in the order of table flow_form.
 *
 * To add a page: cgi-bin/PART/NAME.c, its row in cgi-bin/local.mk, a test
 * t/PART/NAME.t. t/page/walk.t calls every built program as anonymous, wrong
 * role, without token, with a foreign application, wrong method and oversized
 * body, and fails when one of them gets through. */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/config.h"
#include "base/markup.h"
#include "db/db.h"
#include "flow/flow.h"
#include "form/form.h"
#include "page/reply.h"
#include "page/request.h"
#include "page/session.h"
#include "vault/vault.h"

struct page;

#define PAGE_ROLE(role) (1u << (role))
#define PAGE_ANYONE 0u /* no session needed; one is used when present */

enum page_application {
	PAGE_NO_APPLICATION,
	PAGE_OWN_APPLICATION, /* ?application=PUBLIC_ID, owned by this applicant */
	PAGE_ANY_APPLICATION, /* staff: any application */
};

struct page_spec {
	const char *name; /* "apply/company": URL path and program name */
	unsigned roles; /* set of PAGE_ROLE(); PAGE_ANYONE */
	enum page_application application; /* with `event` or `form`: OWN unless ANY is said */
	/* The flow event a POST of this page causes; of a form's page flow_form
	 * says it. The page opens only in states from which the flow table lets
	 * the role cause it; a form where it lets it "save", so that the tabs can
	 * be filled in any order. Otherwise a GET goes to where the application
	 * goes on, and a POST says that it is too late. */
	const char *event;
	const struct form *form; /* its values are loaded before the handler */
	const char *next; /* where a repeated POST goes; NULL: the part's home */
	size_t body_max; /* 0: the page takes no POST */
	size_t file_max; /* one file in it; 0: SCAN_FILE_MAX */
	bool raw_body; /* push: keep the bytes, no CSRF */
	bool read_only; /* POST changes nothing that a token must guard */
	void (*show)(struct page *); /* GET; default with a form: the form */
	void (*submit)(struct page *); /* POST; default with a form: save, advance */
};

struct application {
	int64_t id, applicant, project;
	char public_id[PUBLIC_ID_SIZE];
	char state[FLOW_STATE_MAX + 1];
	int flow_version, version;
	char project_code[33], project_name[401], help_phone[81]; /* bytes */
	struct flow_standing flow; /* as the request found it */
};

struct page {
	const struct page_spec *spec;
	const struct config *config;
	struct request *request;
	struct reply reply;
	struct db *db;
	struct vault *vault; /* page_vault() opens it at first use */
	struct session session;
	struct application application; /* id 0: none */
	struct form_values *values; /* of spec->form */
	struct markup *markup; /* of the page being written, see layout.h */
	char key[PUBLIC_ID_SIZE]; /* idempotency key: sent with the POST, or new */
	const char *message; /* above the form: why it is shown again, or NULL */
};

/* Runs the program for one request; never comes back. Outside a web server and
 * with YJ_DESCRIBE=1 in the environment it prints the row instead, for the test
 * that walks all programs. */
int page_run(const struct page_spec *) NORETURN;

/* Helpers for handlers. */
struct vault *page_vault(struct page *);
struct form_owner page_form_owner(struct page *);
/* Whether the application is in awaiting_correction: then only what a reason
 * names may be changed. */
bool page_is_correcting(const struct page *);
/* 303 to PATH?application=…(of this page, if any). `flash` is a word that the
 * next page turns into a sentence (layout.h), or NULL. */
void page_go(struct page *, const char *path, const char *flash);
/* The same to the page of a form of the application, counted from 0 in their
 * order; past the last, to what comes after them. */
void page_go_form(struct page *, size_t index, const char *flash);
/* An answer that is no page: what happened and what to do next, in Chinese;
 * link (an address of ours) and link_text may be NULL. Our script gets the two
 * sentences as a fragment: <p class="yj-field__error" role="alert">. */
void page_say(struct page *, int status, const char *heading, const char *what_to_do,
	      const char *link, const char *link_text);
/* The answer of a POST that the flow refused; explains by `result`. */
void page_say_refused(struct page *, enum flow_result);
/* One flow move by this session on this application with the page's key, in
 * its own transaction after `work` (may be NULL), so that the guard sees what it
 * wrote. Unless the result is FLOW_MOVED nothing is changed: a repeated move
 * leaves `work` out, `work` returning false is FLOW_GUARD_REFUSED, a refusal by
 * a trigger is FLOW_NOT_ALLOWED. */
enum flow_result page_advance(struct page *, const char *event, const char *detail,
			      bool (*work)(struct db *, void *), void *context);
/* The same with a detail that `work` writes, as it comes to know it. */
enum flow_result page_advance_told(struct page *, const char *event,
				   bool (*work)(struct db *, void *), void *context,
				   const struct buffer *detail);
/* Whether page_advance() made this move before, with this page's key. A page
 * with several buttons has one key: the same key with another event is another
 * move. */
bool page_is_done(struct page *, const char *event);
enum page_try { PAGE_TRY_SCAN, PAGE_TRY_RECORDING };
/* Counts one more upload of the application's applicant, before anything looks
 * into it; false when it is one too many for a day. */
bool page_count_try(struct page *, enum page_try) MUST_USE;
/* For the job: deletes at most so many counts of days that have gone; gives how many
 * there were. Account: DB_CRON. */
long page_purge_tries(struct db *, int most);
/* Stores the file parts of the request whose names are scan fields of the
 * page's form (no-script path), and takes out the scan named by remove_scan,
 * each in its own transaction under event "save". p->values is loaded anew;
 * what went wrong is set as the field's error. More files than a field has pages
 * are refused unseen, and so is the rest of a body whose pictures were refused
 * or took long (SCANS_REFUSED_MAX, SCANS_DECODE_MS). */
void page_take_scans(struct page *);
/* Counts and normalises one uploaded file (NULL: none came) for a scan field. Of a form
 * that we print, the code is read: a wrong sheet is refused, a right one finds
 * its place, one without a code is marked. NULL when all is well, else what to
 * say at the field; the picture is the caller's to release in any case. */
const char *page_read_scan(struct page *, const struct form_field *, const struct request_file *,
			   struct scan_picture *, struct scan_place *);
/* The values the client typed, for form_read(): a form_source. The context is
 * the struct request. */
const char *page_typed(void *request, const char *name);
/* The default handlers, for a page that adds something before or after. The
 * form is saved when valid fields are there, and shown again with 422 when
 * others are in error. */
void page_show_form(struct page *);
void page_submit_form(struct page *);

#endif
