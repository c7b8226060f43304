/* wechat-account.c: the account's QR codes and its menu. */
#include "service/wechat-call.h"

#include "base/die.h"
#include "base/digest.h"
#include "db/row.h"

#define LOWER_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"

static bool is_source(const char *text)
{
	size_t n = strspn(text, LOWER_DIGITS "-");

	return n > 0 && n <= WECHAT_SOURCE_MAX && !text[n];
}

static bool find_code(const struct wechat_account *a, int64_t project, const char *source,
		      struct buffer *url)
{
	return db_one(a->db, "SELECT url FROM wechat_qrcode WHERE project = ? AND source = ?",
		      DB_ARGS(db_int(project), db_text(source)), DB_OUT(DB_BUFFER("url", url)));
}

static json_t *ask_for_code(const char *scene)
{
	json_t *body = json_pack("{s:s, s:{s:{s:s}}}", "action_name", "QR_LIMIT_STR_SCENE",
				 "action_info", "scene", "scene_str", scene);

	if (!body)
		die("no JSON for a QR code");
	return body;
}

enum service_result wechat_qrcode(const struct wechat_account *a, int64_t project,
				  const char *source, struct buffer *url,
				  struct service_report *report)
{
	json_t *body, *answer = NULL;
	const char *ticket, *says;
	char scene[PUBLIC_ID_SIZE];
	enum service_result result;

	memset(report, 0, sizeof(*report));
	if (!is_source(source)) {
		snprintf(report->detail, sizeof(report->detail), "not a source");
		return SERVICE_PERMANENT;
	}
	if (find_code(a, project, source, url))
		return SERVICE_OK;
	random_public_id(scene);
	body = ask_for_code(scene);
	result = wechat_call(a, "/cgi-bin/qrcode/create", body, &answer, report);
	ticket = json_string_value(json_object_get(answer, "ticket"));
	says = json_string_value(json_object_get(answer, "url"));
	if (result == SERVICE_OK && (!ticket || !says)) {
		snprintf(report->detail, sizeof(report->detail), "no ticket in the answer");
		result = SERVICE_RETRY_LATER;
	}
	if (result == SERVICE_OK) {
		wechat_write(a->db,
			     "INSERT INTO wechat_qrcode (scene, project, source, ticket, url,"
			     " made_at) VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
			     DB_ARGS(db_text(scene), db_int(project), db_text(source),
				     db_text(ticket), db_text(says)));
		/* Another program may have made one meanwhile: the stored one counts. */
		if (!find_code(a, project, source, url))
			die("a QR code was not kept");
	}
	json_decref(answer);
	json_decref(body);
	return result;
}

enum service_result wechat_menu_put(const struct wechat_account *a, const char *json,
				    struct service_report *report)
{
	json_t *menu = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *answer = NULL;
	enum service_result result = SERVICE_PERMANENT;

	memset(report, 0, sizeof(*report));
	if (json_is_object(menu))
		result = wechat_call(a, "/cgi-bin/menu/create", menu, &answer, report);
	else
		snprintf(report->detail, sizeof(report->detail), "the menu is no JSON");
	json_decref(answer);
	json_decref(menu);
	return result;
}

enum service_result wechat_menu_get(const struct wechat_account *a, struct buffer *json,
				    struct service_report *report)
{
	json_t *answer = NULL;
	enum service_result result = wechat_call(a, "/cgi-bin/menu/get", NULL, &answer, report);
	char *text;

	if (result != SERVICE_OK)
		return result;
	text = json_dumps(answer, JSON_INDENT(2));
	if (!text)
		die("json_dumps failed");
	buffer_puts(json, text);
	free(text);
	json_decref(answer);
	return result;
}
