/* case-history.c: what happened to an application so far, in words. */
#include "case-history.h"

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
	struct db_result *row = db_select(p->db,
					  "SELECT version, DATE_FORMAT(given_at" LAYOUT_MINUTE_SQL
					  ", DATE_FORMAT(withdrawn_at" LAYOUT_MINUTE_SQL
					  " FROM face_consent WHERE application = ?"
					  " ORDER BY id DESC LIMIT 1",
					  DB_ARGS(db_int(p->application.id)));
	struct buffer text = BUFFER_INIT;

	if (!db_next(row)) {
		buffer_puts(&text, "没有");
	} else {
		buffer_printf(&text, "版本 %s，%s 同意", db_text_at(row, 0), db_text_at(row, 1));
		if (!db_is_null(row, 2))
			buffer_printf(&text, "，%s 撤回", db_text_at(row, 2));
	}
	pair(p->markup, "人脸信息的单独同意", buffer_text(&text));
	buffer_release(&text);
	db_result_free(row);
}

void case_write_agreement(struct page *p)
{
	static const char *const consents[] = { "同意处理身份证件信息", "同意向外部核验",
						"签协议时同意采集人脸信息" };
	struct db_result *row = db_select(
		p->db,
		"SELECT t.title, t.version, DATE_FORMAT(a.accepted_at" LAYOUT_MINUTE_SQL
		", a.consent_identity,"
		" a.consent_third_party, a.consent_face FROM agreement a"
		" JOIN agreement_text t ON t.id = a.agreement_text WHERE a.application = ?",
		DB_ARGS(db_int(p->application.id)));
	struct markup *m = p->markup;

	if (db_next(row)) {
		struct buffer text = BUFFER_INIT;

		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "协议与授权", "class", "yj-card__title", NULL);
		markup_open(m, "dl", "class", "yj-view", NULL);
		buffer_printf(&text, "%s，版本 %s，%s 同意", db_text_at(row, 0), db_text_at(row, 1),
			      db_text_at(row, 2));
		pair(m, "用户协议", buffer_text(&text));
		for (unsigned i = 0; i < ARRAY_SIZE(consents); i++)
			pair(m, consents[i], db_int_at(row, 3 + i) ? "是" : "否");
		write_face_consent(p);
		markup_close(m, "dl");
		markup_close(m, "section");
		buffer_release(&text);
	}
	db_result_free(row);
}

static void write_reason(struct markup *m, const struct db_result *row)
{
	struct buffer text = BUFFER_INIT;
	bool mended = !db_is_null(row, 7), closed = !db_is_null(row, 8);

	markup_open(m, "tr", NULL);
	case_field_text(db_text_at(row, 0), db_text_at(row, 1), (int)db_int_at(row, 2), &text);
	markup_element(m, "td", buffer_text(&text), NULL);
	buffer_reset(&text);
	buffer_puts(&text, db_text_at(row, 3));
	if (*db_text_at(row, 4))
		buffer_printf(&text, "（%s）", db_text_at(row, 4));
	markup_element(m, "td", buffer_text(&text), NULL);
	markup_element(m, "td", db_text_at(row, 5), NULL);
	markup_element(m, "td", db_text_at(row, 6), NULL);
	markup_element(m, "td", mended ? "已修改" : closed ? "未修改" : "待修改", NULL);
	markup_close(m, "tr");
	buffer_release(&text);
}

void case_write_reasons(struct page *p)
{
	static const char *const heads[] = { "项目", "原因", "审核员", "时间", "状态" };
	struct db_result *rows =
		db_select(p->db,
			  "SELECT r.form, r.field, s.page, t.text, r.note, f.name,"
			  " DATE_FORMAT(r.created_at" LAYOUT_MINUTE_SQL
			  ", r.mended_at, r.closed_at FROM reason r"
			  " LEFT JOIN reason_text t ON t.code = r.code"
			  " LEFT JOIN staff f ON f.id = r.staff LEFT JOIN scan s ON s.id = r.scan"
			  " WHERE r.application = ? ORDER BY r.id DESC",
			  DB_ARGS(db_int(p->application.id)));
	struct markup *m = p->markup;

	if (db_next(rows)) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "审核意见", "class", "yj-card__title", NULL);
		layout_table(m, "审核意见", heads, ARRAY_SIZE(heads));
		do
			write_reason(m, rows);
		while (db_next(rows));
		layout_table_end(m);
		markup_close(m, "section");
	}
	db_result_free(rows);
}

static const char *actor_text(const struct db_result *row)
{
	const char *role = db_text_at(row, 2);

	if (strcmp(role, "applicant") == 0)
		return "申请人";
	if (strcmp(role, "push") == 0)
		return "外部系统";
	if (strcmp(role, "cron") == 0)
		return "定时任务";
	return db_text_at(row, 3);
}

static void write_event(struct markup *m, const struct db_result *row)
{
	struct buffer text = BUFFER_INIT;

	buffer_printf(&text, "%s %s %s", db_text_at(row, 0), actor_text(row),
		      case_event_text(db_text_at(row, 1)));
	if (strcmp(db_text_at(row, 1), "reveal") == 0) {
		buffer_puts(&text, db_is_null(row, 6) ? "：" : "：人像材料");
		case_field_text(db_text_at(row, 4), db_text_at(row, 5), 0, &text);
	}
	if (!db_is_null(row, 7))
		buffer_printf(&text, "：%s", db_text_at(row, 7));
	markup_element(m, "li", buffer_text(&text), "class",
		       "yj-timeline__item yj-timeline__item_done", NULL);
	buffer_release(&text);
}

/* What the applicant did within one state (saves, uploads) is left out. */
void case_write_history(struct page *p)
{
	struct db_result *rows = db_select(
		p->db,
		"SELECT DATE_FORMAT(e.at" LAYOUT_MINUTE_SQL ", e.event, e.role, f.name,"
		" JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.form')),"
		" JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.field')),"
		" JSON_EXTRACT(e.detail, '$.face'), t.text FROM event e"
		" LEFT JOIN reason_text t ON CONVERT(t.code USING utf8mb4)"
		"  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
		" LEFT JOIN staff f ON f.id = e.actor AND e.role IN ('clerk', 'producer', 'admin')"
		" WHERE e.application = ? AND (e.role <> 'applicant' OR e.from_state <> e.to_state"
		"  OR e.event IN ('start_identity', 'hand_in_identity', 'withdraw_face'))"
		" ORDER BY e.id DESC LIMIT ?",
		DB_ARGS(db_int(p->application.id), db_int(EVENTS_SHOWN)));
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "办理记录", "class", "yj-card__title", NULL);
	markup_open(m, "ol", "class", "yj-timeline", NULL);
	while (db_next(rows))
		write_event(m, rows);
	markup_close(m, "ol");
	markup_close(m, "section");
	db_result_free(rows);
}
