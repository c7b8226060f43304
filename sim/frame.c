/* frame.c: a page of the stand-ins, in the look of the house. */
#include "frame.h"

struct markup *frame_begin(const char *title)
{
	struct markup *m = markup_new(true);

	markup_open(m, "html", "lang", "zh-CN", NULL);
	markup_open(m, "head", NULL);
	markup_void(m, "meta", "charset", "utf-8", NULL);
	markup_element(m, "title", title, NULL);
	markup_void(m, "meta", "name", "viewport", "content",
		    "width=device-width, initial-scale=1, viewport-fit=cover", NULL);
	markup_void(m, "meta", "name", "color-scheme", "content", "light dark", NULL);
	markup_void(m, "link", "rel", "icon", "type", "image/svg+xml", "href", "/static/mark.svg",
		    NULL);
	markup_void(m, "link", "rel", "stylesheet", "href", "/static/vendor/weui.css", NULL);
	markup_void(m, "link", "rel", "stylesheet", "href", "/static/css/yuanjian.css", NULL);
	markup_close(m, "head");
	markup_open(m, "body", "class", "yj-phone", "data-weui-mode", "care", NULL);
	markup_open(m, "main", "class", "yj-main", NULL);
	markup_element(m, "h1", title, "class", "yj-title", NULL);
	return m;
}

void frame_end(struct markup *m, struct buffer *body)
{
	size_t n;
	const char *bytes = markup_finish(m, &n);

	buffer_add(body, bytes, n);
	markup_free(m);
}
