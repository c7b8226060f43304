/* wechat-account.c: the sim's QR codes and the account's menu. */
#include "wechat.h"

#include <errno.h>
#include <qrencode.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/markup.h"
#include "base/url.h"
#include "base/utf8.h"
#include "wechat-code.h"

#define SCENE_MAX 64
#define EXPIRE_MAX_S 2592000
#define BUTTONS_MAX 3
#define SUB_BUTTONS_MAX 5
#define NAME_MAX_BYTES 16
#define SUB_NAME_MAX_BYTES 60
#define KEY_MAX_BYTES 128
#define URL_MAX_BYTES 1024

/* The scene that the request names, as text; NULL when it is not as it must be. */
static const char *scene_of(const json_t *asked)
{
	const char *action = json_string_value(json_object_get(asked, "action_name"));
	const json_t *scene = json_object_get(json_object_get(asked, "action_info"), "scene");
	const char *text = json_string_value(json_object_get(scene, "scene_str"));
	json_int_t expire_s = json_integer_value(json_object_get(asked, "expire_seconds"));
	bool temporary = action && !strcmp(action, "QR_STR_SCENE");

	if (!temporary && (!action || strcmp(action, "QR_LIMIT_STR_SCENE") != 0))
		return NULL;
	if (temporary && (expire_s < 1 || expire_s > EXPIRE_MAX_S))
		return NULL;
	return text && *text && utf8_length(text) <= SCENE_MAX ? text : NULL;
}

/* Where a phone that scans would tell WeChat; here the page that plays it. */
static void address_of(const struct sim *s, const char *scene, struct buffer *out)
{
	buffer_printf(out, "%s/sim/wechat-user?scene=", config_text(s->config, "public_url"));
	url_encode(out, scene);
}

void wechat_create_code(struct sim *s)
{
	json_t *asked = asked_json(s);
	const char *scene = scene_of(asked);
	char ticket[2 * SCENE_MAX * 4 + 3] = "gQ";
	struct buffer url = BUFFER_INIT;

	if (asked && !scene)
		answer_error(s, 40053);
	if (scene) {
		hex_encode(scene, strlen(scene), ticket + 2);
		address_of(s, scene, &url);
		answer_json(s, json_pack("{s:s, s:s}", "ticket", ticket, "url", url.data));
	}
	buffer_release(&url);
	json_decref(asked);
}

static bool scene_of_ticket(const char *ticket, char scene[SCENE_MAX * 4 + 1])
{
	size_t n = ticket ? strlen(ticket) : 0;

	if (n < 4 || n % 2 || n / 2 - 1 > SCENE_MAX * 4 || strncmp(ticket, "gQ", 2) != 0 ||
	    !hex_decode(ticket + 2, scene, n / 2 - 1))
		return false;
	scene[n / 2 - 1] = '\0';
	return utf8_valid(scene, n / 2 - 1);
}

/* WeChat sends a JPEG; what counts is that it can be scanned. */
static void draw(struct sim *s, const char *address)
{
	QRcode *qr = QRcode_encodeString8bit(address, 0, QR_ECLEVEL_M);
	struct markup *m = markup_new(false);
	struct buffer path = BUFFER_INIT, box = BUFFER_INIT;
	const char *bytes;
	size_t n;

	if (!qr)
		die("no QR code: %m");
	for (int i = 0; i < qr->width * qr->width; i++)
		if (qr->data[i] & 1)
			buffer_printf(&path, "M%d %dh1v1h-1z", i % qr->width, i / qr->width);
	buffer_printf(&box, "-4 -4 %d %d", qr->width + 8, qr->width + 8);
	markup_open(m, "svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", box.data, "width",
		    "430", "height", "430", NULL);
	markup_element(m, "rect", NULL, "x", "-4", "y", "-4", "width", "100%", "height", "100%",
		       "fill", "#fff", NULL);
	markup_element(m, "path", NULL, "d", buffer_text(&path), NULL);
	markup_close(m, "svg");
	bytes = markup_finish(m, &n);
	s->reply.type = "image/svg+xml";
	buffer_add(&s->reply.body, bytes, n);
	markup_free(m);
	buffer_release(&path);
	buffer_release(&box);
	QRcode_free(qr);
}

void wechat_show_code(struct sim *s)
{
	char scene[SCENE_MAX * 4 + 1];
	struct buffer url = BUFFER_INIT;

	if (!scene_of_ticket(request_query(s->request, "ticket"), scene)) {
		s->reply.status = 404;
		return;
	}
	address_of(s, scene, &url);
	draw(s, url.data);
	buffer_release(&url);
}

static bool text_fits(const json_t *button, const char *key, size_t max)
{
	const char *text = json_string_value(json_object_get(button, key));

	return text && *text && strlen(text) <= max;
}

static int leaf_error(const json_t *button)
{
	const char *type = json_string_value(json_object_get(button, "type"));

	if (type && !strcmp(type, "click"))
		return text_fits(button, "key", KEY_MAX_BYTES) ? 0 : 40019;
	if (type && !strcmp(type, "view"))
		return text_fits(button, "url", URL_MAX_BYTES) ? 0 : 40020;
	return 40017;
}

static int button_error(const json_t *button)
{
	const json_t *subs = json_object_get(button, "sub_button");
	int wrong = text_fits(button, "name", NAME_MAX_BYTES) ? 0 : 40018;

	if (wrong || !subs)
		return wrong ? wrong : leaf_error(button);
	if (json_array_size(subs) < 1 || json_array_size(subs) > SUB_BUTTONS_MAX)
		return 40023;
	for (size_t i = 0; i < json_array_size(subs) && !wrong; i++) {
		const json_t *sub = json_array_get(subs, i);

		wrong = text_fits(sub, "name", SUB_NAME_MAX_BYTES) ? leaf_error(sub) : 40018;
	}
	return wrong;
}

void wechat_create_menu(struct sim *s)
{
	json_t *asked = asked_json(s);
	const json_t *buttons = json_object_get(asked, "button");
	size_t count = json_array_size(buttons);
	int wrong = count < 1 || count > BUTTONS_MAX ? 40016 : 0;
	char *path = sim_path("menu.json");

	for (size_t i = 0; i < count && !wrong; i++)
		wrong = button_error(json_array_get(buttons, i));
	if (asked && wrong)
		answer_error(s, wrong);
	else if (asked && json_dump_file(asked, path, JSON_INDENT(1)))
		die("cannot write %s: %m", path);
	else if (asked)
		answer_json(s, json_pack("{s:i, s:s}", "errcode", 0, "errmsg", "ok"));
	json_decref(asked);
	free(path);
}

void wechat_get_menu(struct sim *s)
{
	char *path = sim_path("menu.json");
	json_t *menu = json_load_file(path, 0, NULL);

	if (menu)
		answer_json(s, json_pack("{s:o}", "menu", menu));
	else
		answer_error(s, 46003);
	free(path);
}
