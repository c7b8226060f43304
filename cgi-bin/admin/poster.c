/* admin/poster: the sheet for the wall, for each place where it hangs, and how
 * many came in from there. */
#include "base/url.h"
#include "page/entry.h"
#include "page/layout.h"
#include "print/print.h"
#include "print/typeface.h"
#include "service/wechat-account.h"

static const char *query(const struct page *p, const char *name)
{
	const char *value = request_query(p->request, name);

	return value ? value : "";
}

/* What the code on a poster says: the account's own code when asked for. */
static bool find_address(struct page *p, int64_t project, const char *code, const char *source,
			 struct buffer *address)
{
	struct wechat_account account = { .config = p->config, .db = p->db };
	struct service_report report = { 0 };

	if (strcmp(query(p, "code"), "wechat") != 0) {
		buffer_printf(address,
			      "%s/apply/start?project=", config_text(p->config, "public_url"));
		url_encode(address, code);
		if (*source)
			buffer_printf(address, "&source=%s", source);
		return true;
	}
	account.vault = page_vault(p);
	return wechat_qrcode(&account, project, *source ? source : "poster", address, &report) ==
	       SERVICE_OK;
}

static void send_poster(struct page *p, struct print_poster *poster, int64_t project,
			const char *source)
{
	struct buffer address = BUFFER_INIT;

	if (!find_address(p, project, query(p, "project"), source, &address)) {
		page_say(p, 503, "公众号暂时没有给出二维码",
			 "请稍后再试，或者先下载使用网页二维码的海报。", "/admin/poster",
			 "返回海报");
		buffer_release(&address);
		return;
	}
	poster->address = address.data;
	typeface_open(config_text(p->config, "print_fonts"));
	print_poster(poster, &p->reply.body);
	p->reply.type = "application/pdf";
	reply_header(&p->reply, "Content-Disposition", "inline; filename=\"poster.pdf\"");
	buffer_release(&address);
}

static void show_poster(struct page *p)
{
	const char *source = query(p, "source");
	bool sane = (!*source || entry_is_source(source)) && entry_is_code(query(p, "project"));
	struct db_result *r = project_poster(p->db, sane ? query(p, "project") : "",
					     sane ? source : "");
	struct project_poster found;
	struct print_poster poster = { .address = NULL };

	if (project_poster_next(r, &found)) {
		poster.project_name = found.name;
		poster.help_phone = found.help_phone;
		send_poster(p, &poster, found.project, source);
	} else {
		page_say(p, 404, "没有这张海报", "请返回列表，选择项目和张贴地点。",
			 "/admin/poster", "返回海报");
	}
	db_result_free(r);
}

static void write_links(struct markup *m, const char *project, const char *source)
{
	static const struct {
		const char *label, *end;
	} kinds[] = { { "网页二维码", "" }, { "公众号二维码", "&code=wechat" } };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct buffer link = BUFFER_INIT;

		buffer_puts(&link, "/admin/poster?project=");
		url_encode(&link, project);
		if (*source)
			buffer_printf(&link, "&source=%s", source);
		buffer_puts(&link, kinds[i].end);
		if (i)
			markup_text(m, "，");
		markup_element(m, "a", kinds[i].label, "href", link.data, "target", "_blank", "rel",
			       "noopener", NULL);
		buffer_release(&link);
	}
}

static void write_row(struct markup *m, const struct project_source *r)
{
	markup_open(m, "tr", NULL);
	markup_element(m, "td", r->name, NULL);
	markup_element(m, "td", *r->source ? r->source : "（不分地点）", NULL);
	markup_open(m, "td", NULL);
	if (*r->source)
		markup_printf(m, "%lld", (long long)r->visits);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	markup_printf(m, "%lld", (long long)r->scans);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	write_links(m, r->code, r->source);
	markup_close(m, "td");
	markup_close(m, "tr");
}

/* Each project once without a place, then its places. */
static void write_list(struct page *p)
{
	static const char *const heads[] = { "项目", "张贴地点", "网页进入", "公众号扫码", "海报" };
	struct db_result *r = project_sources(p->db);
	struct markup *m = p->markup;
	struct project_source row;

	markup_open(m, "div", "class", "yj-card", NULL);
	layout_table(m, "海报和来源", heads, ARRAY_SIZE(heads));
	while (project_sources_next(r, &row))
		write_row(m, &row);
	layout_table_end(m);
	markup_close(m, "div");
	db_result_free(r);
}

static void write_projects(struct page *p, const char *chosen)
{
	struct db_result *r = project_names(p->db);
	struct project_name listed;
	struct markup *m = p->markup;

	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", "项目", "class", "yj-field__label", "for", "project", NULL);
	markup_open(m, "select", "class", "yj-input", "id", "project", "name", "project", NULL);
	while (project_names_next(r, &listed))
		markup_element(m, "option", listed.name, "value", listed.code, "selected",
			       !strcmp(listed.code, chosen) ? "" : NULL, NULL);
	markup_close(m, "select");
	markup_close(m, "div");
	db_result_free(r);
}

static void write_page(struct page *p, const char *project, const char *source, const char *error)
{
	struct markup *m = layout_begin(p, "海报和来源", 0);

	write_list(p);
	layout_form(p, false);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "增加张贴地点", "class", "yj-card__title", NULL);
	write_projects(p, project);
	markup_open(m, "div", "class", error ? "yj-field yj-field_bad" : "yj-field", NULL);
	markup_element(m, "label", "地点代号", "class", "yj-field__label", "for", "source", NULL);
	markup_element(m, "p", "小写字母、数字和连字符，最多 20 个，例如 hall-1", "class",
		       "yj-field__hint", "id", "source-hint", NULL);
	if (error)
		markup_element(m, "p", error, "class", "yj-field__error", "id", "source-error",
			       "role", "alert", NULL);
	markup_void(m, "input", "class", "yj-input", "id", "source", "name", "source", "value",
		    source, "maxlength", "20", "required", "", "autocomplete", "off",
		    "aria-invalid", error ? "true" : NULL, "aria-describedby",
		    error ? "source-hint source-error" : "source-hint", NULL);
	markup_close(m, "div");
	markup_close(m, "section");
	layout_buttons(p, NULL, "增加");
	markup_close(m, "form");
	layout_end(p);
}

static void show(struct page *p)
{
	if (*query(p, "project"))
		show_poster(p);
	else
		write_page(p, "", "", NULL);
}

/* What is wrong with the place, NULL when it was added. */
static const char *add_source(struct page *p, const char *project, const char *source)
{
	if (!entry_is_source(source))
		return "请用小写字母、数字和连字符，最多 20 个";
	if (!entry_is_code(project))
		return "请选择项目";
	switch (project_source_add(p->db, project, source)) {
	case PROJECT_SOURCE_ADDED:
		return NULL;
	case PROJECT_SOURCE_KNOWN:
		return "这个项目已有这个地点代号，请换一个";
	case PROJECT_SOURCE_NO_PROJECT:
	default:
		return "没有这个项目，请重新选择";
	}
}

static void submit(struct page *p)
{
	const char *project = request_field(p->request, "project");
	const char *source = request_field(p->request, "source");
	const char *error = add_source(p, project ? project : "", source ? source : "");

	if (!error) {
		reply_redirect(&p->reply, "/admin/poster");
		return;
	}
	p->reply.status = 422;
	write_page(p, project ? project : "", source ? source : "", error);
}

static const struct page_spec spec = {
	.name = "admin/poster",
	.roles = PAGE_ROLE(FLOW_ADMIN),
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
