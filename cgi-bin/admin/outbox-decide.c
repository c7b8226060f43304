/* outbox-decide.c: admin/outbox-decide: a stuck row is tried again or given up. */
#include "page/page.h"

#include "base/log.h"
#include "base/utf8.h"
#include "outbox/outbox.h"

#define REASON_MAX 200 /* characters */
#define LIST "/admin/outbox"

static const char *field(struct page *p, const char *name)
{
	const char *value = request_field(p->request, name);

	return value ? value : "";
}

static enum outbox_act act_of(const char *name)
{
	int i = 0;

	while (i < OUTBOX_ACT_COUNT && strcmp(outbox_act_names[i], name) != 0)
		i++;
	return (enum outbox_act)i;
}

/* A row's number; 0, which no row has, for anything else. */
static int64_t number(const char *text)
{
	size_t n = strlen(text);

	return n && n < 19 && strspn(text, "0123456789") == n ? strtoll(text, NULL, 10) : 0;
}

static void decide(struct page *p, int64_t row, enum outbox_act act, const char *reason)
{
	char key[PUBLIC_ID_SIZE + 24];
	enum outbox_decision decided;

	/* one page has the forms of many rows, and one key */
	snprintf(key, sizeof(key), "%s-%lld", p->key, (long long)row);
	decided = outbox_decide(p->db, row, p->session.token, act, reason, key);
	if (decided == OUTBOX_DECIDED)
		log_line(LOG_INFO, "outbox.decided", "row=%lld act=%s staff=%lld", (long long)row,
			 outbox_act_names[act], (long long)p->session.subject);
	switch (decided) {
	case OUTBOX_DECIDED:
	case OUTBOX_REPEATED:
		page_go(p, "admin/outbox", act == OUTBOX_RETRY ? "retried" : "given-up");
		break;
	case OUTBOX_NOT_OPEN:
		page_say(p, 409, "这一条已经不用处理了",
			 "它刚刚发出、正在发送，或者已有人处理。请回到发件箱看最新情况。", LIST,
			 "回到发件箱");
		break;
	default:
		page_say(p, 403, "您不能处理这一条", "只有管理员可以重试或放弃。", LIST,
			 "回到发件箱");
	}
}

static void submit(struct page *p)
{
	const char *reason = field(p, "reason");
	enum outbox_act act = act_of(field(p, "act"));

	if (act == OUTBOX_ACT_COUNT)
		page_say(p, 422, "没有选择怎么处理", "请在那一条后面点“重试”或“放弃”。", LIST,
			 "回到发件箱");
	else if (act == OUTBOX_GIVE_UP && strspn(reason, " ") == strlen(reason))
		page_say(p, 422, "请写明放弃的原因",
			 "放弃以后不会再发送。请在那一条后面填写原因，再点“放弃”。", LIST,
			 "回到发件箱");
	else if (utf8_length(reason) > REASON_MAX || utf8_has_control(reason, false))
		page_say(p, 422, "原因太长", "请用一行写明原因，最多 200 个字。", LIST,
			 "回到发件箱");
	else
		decide(p, number(field(p, "row")), act, reason);
}

static const struct page_spec spec = {
	.name = "admin/outbox-decide",
	.roles = PAGE_ROLE(FLOW_ADMIN),
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
