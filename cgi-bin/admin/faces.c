/* faces.c: admin/faces: how many people's faces are stored, day by day, and what
 * the law asks for from how many on. */
#include "identity/face-count.h"
#include "page/layout.h"

#define DAYS 60

static void write_warning(struct page *p, int64_t persons)
{
	const char *warning = face_count_warning(p->config, persons);

	markup_element(p->markup, "p", warning ? warning : "数量正常。", "class",
		       warning ? "yj-warning" : "yj-lead", "role", warning ? "alert" : NULL, NULL);
}

static void write_row(struct markup *m, const struct face_count_day *c)
{
	markup_open(m, "tr", NULL);
	markup_element(m, "td", c->counted, NULL);
	markup_open(m, "td", NULL);
	markup_printf(m, "%lld", (long long)c->persons);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	markup_printf(m, "%lld", (long long)c->materials);
	markup_close(m, "td");
	markup_close(m, "tr");
}

static void begin_table(struct markup *m)
{
	static const char *const heads[] = { "统计时间", "人数", "材料份数" };

	markup_open(m, "section", "class", "yj-card", NULL);
	layout_table(m, "逐日数量", heads, ARRAY_SIZE(heads));
}

static void show(struct page *p)
{
	struct markup *m = layout_begin(p, "存储的人脸信息", 0);
	struct db_result *rows = face_count_days(p->db, DAYS);
	struct face_count_day c;

	if (face_count_days_next(rows, &c)) {
		write_warning(p, c.persons);
		begin_table(m);
		do
			write_row(m, &c);
		while (face_count_days_next(rows, &c));
		layout_table_end(m);
		markup_close(m, "section");
	} else {
		markup_element(m, "p", "还没有统计过，定时任务每小时统计一次。", "class", "yj-lead",
			       NULL);
	}
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_printf(
		m, "人像材料在鉴别有了结果以后按项目规定的天数删除。达到 %d 人须向网信部门备案。",
		FACE_COUNT_FILING);
	markup_close(m, "p");
	layout_end(p);
	db_result_free(rows);
}

static const struct page_spec spec = {
	.name = "admin/faces",
	.roles = PAGE_ROLE(FLOW_ADMIN) | PAGE_ROLE(FLOW_AUDITOR),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
