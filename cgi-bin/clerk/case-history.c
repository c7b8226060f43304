/* case-history.c: what happened to an application so far, in words. */
#include "case-history.h"

#include "db/row.h"
#include "page/layout.h"

#define EVENTS_SHOWN 200

static const struct {
	const char *event, *text;
} events[] = {
	{ "start", "开始申请" },
	{ "accept_agreement", "同意用户协议" },
	{ "submit_company", "填完企业信息" },
	{ "submit_legal_rep", "填完法人代表信息" },
	{ "submit_agent", "填完经办人信息" },
	{ "submit_order", "选好套餐" },
	{ "confirm_order", "确认订单并提交" },
	{ "resubmit", "修改后重新提交" },
	{ "cancel", "取消申请" },
	{ "acknowledge_receipt", "确认收货" },
	{ "approve", "审核通过" },
	{ "refuse", "退回修改" },
	{ "confirm_approval", "复核通过" },
	{ "return_to_review", "退回审核" },
	{ "accept_identity", "身份核验通过" },
	{ "refuse_identity", "身份核验未通过" },
	{ "repeat_identity", "请申请人重录" },
	{ "confirm_at_counter", "窗口核验通过" },
	{ "reject", "不予通过，结束申请" },
	{ "start_identity", "开始身份鉴别" },
	{ "hand_in_identity", "提交身份鉴别材料" },
	{ "withdraw_face", "撤回人脸信息的同意" },
	{ "identity_failed", "身份鉴别未通过" },
	{ "pay", "发起付款" },
	{ "reveal", "查看完整信息" },
	{ "produce", "制证完成" },
	{ "ship", "寄出" },
	{ "identity_passed", "身份鉴别通过" },
	{ "identity_unsure", "身份鉴别转人工" },
	{ "paid", "已付款" },
	{ "refunded", "已退款" },
	{ "delivered", "快递已签收" },
	{ "parcel_returned", "快递退回" },
	{ "expire", "过期结束" },
	{ "escalate", "超时提醒" },
	{ "assume_received", "视为已收货" },
};

const char *case_event_text(const char *event)
{
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		if (strcmp(events[i].event, event) == 0)
			return events[i].text;
	return event;
}

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
	const char *at, *event, *role, *staff, *form, *field, *reason;
	bool face, has_reason;
};

static bool next_event(struct db_result *r, struct event *e)
{
	return db_next_row(
		r, DB_OUT(DB_VIEW("at", &e->at), DB_VIEW("event", &e->event),
			  DB_VIEW("role", &e->role), DB_OR_NULL(DB_VIEW("staff", &e->staff)),
			  DB_OR_NULL(DB_VIEW("form", &e->form)),
			  DB_OR_NULL(DB_VIEW("field", &e->field)),
			  DB_OR_NULL(DB_VIEW("reason", &e->reason)), DB_FLAG("face", &e->face),
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

	buffer_printf(&text, "%s %s %s", e->at, actor_text(e), case_event_text(e->event));
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
		" t.text IS NOT NULL AS has_reason FROM event e"
		" LEFT JOIN reason_text t ON CONVERT(t.code USING utf8mb4)"
		"  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
		" LEFT JOIN staff f ON f.id = e.actor AND e.role IN ('clerk', 'producer', 'admin')"
		" WHERE e.application = ? AND (e.role <> 'applicant' OR e.from_state <> e.to_state"
		"  OR e.event IN ('start_identity', 'hand_in_identity', 'withdraw_face'))"
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
