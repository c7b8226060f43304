/* case-history.c: what happened to an application so far, in words. */
#include "case-history.h"

#include "db/row.h"
#include "page/layout.h"

#define EVENTS_SHOWN 200

void case_field_text(const char *form, const char *field, int page, struct buffer *out)
{
	const struct form *f = form_by_name(form);
	const struct form_field *known = f ? form_field(f, field) : NULL;

	if (!known)
		return;
	buffer_printf(out, "%s · %s", f->title, known->label);
	if (page && known->pages > 1)
		buffer_printf(out, " 第 %d 页", page);
}

static void pair(struct markup *m, const char *label, const char *text)
{
	markup_open(m, "div", NULL);
	markup_element(m, "dt", label, NULL);
	markup_element(m, "dd", text, NULL);
	markup_close(m, "div");
}

/* The consent of its own, without which no face is kept: the agreement may have
 * said no, and this one yes. */
static void write_face_consent(struct page *p)
{
	char version[21], given[32], withdrawn[32];
	struct buffer text = BUFFER_INIT;

	if (!db_one(p->db,
		    "SELECT version, DATE_FORMAT(given_at" LAYOUT_MINUTE_SQL
		    " AS given, DATE_FORMAT(withdrawn_at" LAYOUT_MINUTE_SQL
		    " AS withdrawn FROM face_consent WHERE application = ?"
		    " ORDER BY id DESC LIMIT 1",
		    DB_ARGS(db_int(p->application.id)),
		    DB_OUT(DB_TEXT("version", version), DB_TEXT("given", given),
			   DB_OR_NULL(DB_TEXT("withdrawn", withdrawn))))) {
		buffer_puts(&text, "没有");
	} else {
		buffer_printf(&text, "版本 %s，%s 同意", version, given);
		if (*withdrawn)
			buffer_printf(&text, "，%s 撤回", withdrawn);
	}
	pair(p->markup, "人脸信息的单独同意", buffer_text(&text));
	buffer_release(&text);
}

void case_write_agreement(struct page *p)
{
	struct db_result *r =
		db_select(p->db,
			  "SELECT t.title, t.version, DATE_FORMAT(a.accepted_at" LAYOUT_MINUTE_SQL
			  " AS accepted, a.consent_identity, a.consent_third_party, a.consent_face"
			  " FROM agreement a JOIN agreement_text t ON t.id = a.agreement_text"
			  " WHERE a.application = ?",
			  DB_ARGS(db_int(p->application.id)));
	const char *title, *version, *accepted;
	bool identity, third_party, face;
	struct markup *m = p->markup;

	if (db_next_row(r, DB_OUT(DB_VIEW("title", &title), DB_VIEW("version", &version),
				  DB_VIEW("accepted", &accepted),
				  DB_FLAG("consent_identity", &identity),
				  DB_FLAG("consent_third_party", &third_party),
				  DB_FLAG("consent_face", &face)))) {
		struct buffer text = BUFFER_INIT;

		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "协议与授权", "class", "yj-card__title", NULL);
		markup_open(m, "dl", "class", "yj-view", NULL);
		buffer_printf(&text, "%s，版本 %s，%s 同意", title, version, accepted);
		pair(m, "用户协议", buffer_text(&text));
		pair(m, "同意处理身份证件信息", identity ? "是" : "否");
		pair(m, "同意向外部核验", third_party ? "是" : "否");
		pair(m, "签协议时同意采集人脸信息", face ? "是" : "否");
		write_face_consent(p);
		markup_close(m, "dl");
		markup_close(m, "section");
		buffer_release(&text);
	}
	db_result_free(r);
}

struct reason {
	const char *form, *field, *text, *note, *reviewer, *at;
	int page;
	bool mended, closed;
};

static bool next_reason(struct db_result *r, struct reason *reason)
{
	return db_next_row(r,
			   DB_OUT(DB_VIEW("form", &reason->form), DB_VIEW("field", &reason->field),
				  DB_OR_NULL(DB_INT("page", &reason->page)),
				  DB_OR_NULL(DB_VIEW("text", &reason->text)),
				  DB_VIEW("note", &reason->note),
				  DB_OR_NULL(DB_VIEW("reviewer", &reason->reviewer)),
				  DB_VIEW("at", &reason->at), DB_FLAG("mended", &reason->mended),
				  DB_FLAG("closed", &reason->closed)));
}

static void write_reason(struct markup *m, const struct reason *r)
{
	struct buffer text = BUFFER_INIT;

	markup_open(m, "tr", NULL);
	case_field_text(r->form, r->field, r->page, &text);
	markup_element(m, "td", buffer_text(&text), NULL);
	buffer_reset(&text);
	buffer_puts(&text, r->text);
	if (*r->note)
		buffer_printf(&text, "（%s）", r->note);
	markup_element(m, "td", buffer_text(&text), NULL);
	markup_element(m, "td", r->reviewer, NULL);
	markup_element(m, "td", r->at, NULL);
	markup_element(m, "td", r->mended ? "已修改" : r->closed ? "未修改" : "待修改", NULL);
	markup_close(m, "tr");
	buffer_release(&text);
}

void case_write_reasons(struct page *p)
{
	static const char *const heads[] = { "项目", "原因", "审核员", "时间", "状态" };
	struct db_result *rows =
		db_select(p->db,
			  "SELECT r.form, r.field, s.page, t.text, r.note, f.name AS reviewer,"
			  " DATE_FORMAT(r.created_at" LAYOUT_MINUTE_SQL
			  " AS at, r.mended_at IS NOT NULL AS mended,"
			  " r.closed_at IS NOT NULL AS closed FROM reason r"
			  " LEFT JOIN reason_text t ON t.code = r.code"
			  " LEFT JOIN staff f ON f.id = r.staff LEFT JOIN scan s ON s.id = r.scan"
			  " WHERE r.application = ? ORDER BY r.id DESC",
			  DB_ARGS(db_int(p->application.id)));
	struct markup *m = p->markup;
	struct reason reason;

	if (next_reason(rows, &reason)) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "审核意见", "class", "yj-card__title", NULL);
		layout_table(m, "审核意见", heads, ARRAY_SIZE(heads));
		do
			write_reason(m, &reason);
		while (next_reason(rows, &reason));
		layout_table_end(m);
		markup_close(m, "section");
	}
	db_result_free(rows);
}

struct event {
	const char *at, *event, *words, *role, *staff, *form, *field, *reason;
	bool face, has_reason;
};

static bool next_event(struct db_result *r, struct event *e)
{
	return db_next_row(r, DB_OUT(DB_VIEW("at", &e->at), DB_VIEW("event", &e->event),
				     DB_VIEW("words", &e->words), DB_VIEW("role", &e->role),
				     DB_OR_NULL(DB_VIEW("staff", &e->staff)),
				     DB_OR_NULL(DB_VIEW("form", &e->form)),
				     DB_OR_NULL(DB_VIEW("field", &e->field)),
				     DB_OR_NULL(DB_VIEW("reason", &e->reason)),
				     DB_FLAG("face", &e->face),
				     DB_FLAG("has_reason", &e->has_reason)));
}

static const char *actor_text(const struct event *e)
{
	if (strcmp(e->role, "applicant") == 0)
		return "申请人";
	if (strcmp(e->role, "push") == 0)
		return "外部系统";
	if (strcmp(e->role, "cron") == 0)
		return "定时任务";
	return e->staff;
}

static void write_event(struct markup *m, const struct event *e)
{
	struct buffer text = BUFFER_INIT;

	buffer_printf(&text, "%s %s %s", e->at, actor_text(e), e->words);
	if (strcmp(e->event, "reveal") == 0) {
		buffer_puts(&text, e->face ? "：人像材料" : "：");
		case_field_text(e->form, e->field, 0, &text);
	}
	if (e->has_reason)
		buffer_printf(&text, "：%s", e->reason);
	markup_element(m, "li", buffer_text(&text), "class",
		       "yj-timeline__item yj-timeline__item_done", NULL);
	buffer_release(&text);
}

/* What the applicant did within one state (saves, uploads) is left out. */
void case_write_history(struct page *p)
{
	struct db_result *rows = db_select(
		p->db,
		"SELECT DATE_FORMAT(e.at" LAYOUT_MINUTE_SQL
		" AS at, e.event, e.role, f.name AS staff,"
		" JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.form')) AS form,"
		" JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.field')) AS field,"
		" JSON_EXTRACT(e.detail, '$.face') IS NOT NULL AS face, t.text AS reason,"
		" t.text IS NOT NULL AS has_reason, COALESCE(w.staff, e.event) AS words"
		" FROM event e" FLOW_WORDS_JOIN
		" LEFT JOIN reason_text t ON CONVERT(t.code USING utf8mb4)"
		"  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
		" LEFT JOIN staff f ON f.id = e.actor AND e.role IN ('clerk', 'producer', 'admin')"
		" WHERE e.application = ? AND (e.role <> 'applicant' OR e.from_state <> e.to_state"
		"  OR w.staff_stays)"
		" ORDER BY e.id DESC LIMIT ?",
		DB_ARGS(db_int(p->application.id), db_int(EVENTS_SHOWN)));
	struct markup *m = p->markup;
	struct event event;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "办理记录", "class", "yj-card__title", NULL);
	markup_open(m, "ol", "class", "yj-timeline", NULL);
	while (next_event(rows, &event))
		write_event(m, &event);
	markup_close(m, "ol");
	markup_close(m, "section");
	db_result_free(rows);
}
