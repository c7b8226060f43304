/* faceid-check.c: the sim's DetectAuth and GetDetectInfoEnhanced. */
#include "faceid.h"

#include <time.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "faceid-frame.h"

#define FETCH_SECONDS (3 * 24 * 3600)
#define OTHER_NUMBER "110101199003070134"

/* The parameters of a call: name, whether required, greatest length in characters. */
static const struct {
	const char *name;
	bool required;
	size_t max;
} parameters[] = {
	{ "RuleId", true, 32 },        { "Name", true, 32 },     { "IdCard", true, 18 },
	{ "RedirectUrl", true, 1024 }, { "Extra", false, 1024 },
};

/* How each choice on the page looks in the answer. The codes of failures are
 * examples: the service has many, and only 0 is a pass. */
static const struct {
	const char *choice;
	int code, live, compare; /* -1: null */
	const char *message, *live_message, *compare_message, *similarity;
} outcomes[] = {
	{ "pass", 0, 0, 0, "成功", "成功", "成功", "97.31" },
	{ "fail", 1301, 1301, -1, "活体检测没通过，请重试", "活体检测没通过，请重试", NULL, NULL },
	{ "low", 2012, 0, 2012, "比对相似度未达到通过标准", "成功", "比对相似度未达到通过标准",
	  "62.40" },
};

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool is_known(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (!strcmp(parameters[i].name, key))
			return true;
	return false;
}

static bool is_number(const char *text)
{
	return strlen(text) == 18 && strspn(text, "0123456789") >= 17 &&
	       strchr("0123456789X", text[17]);
}

static const char *parameter_error(const struct core *s, const json_t *asked)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)asked, key,
			    value) if (!is_known(key)) return "UnknownParameter";
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
		const json_t *given = json_object_get(asked, parameters[i].name);

		if (!given && parameters[i].required)
			return "MissingParameter";
		if (given && (!json_is_string(given) ||
			      utf8_length(json_string_value(given)) > parameters[i].max))
			return "InvalidParameterValue";
	}
	if (strcmp(text_at(asked, "RuleId"), config_text(s->config, "faceid_rule_id")) != 0)
		return "InvalidParameterValue.RuleIdNotExist";
	if (!*text_at(asked, "Name") || !is_number(text_at(asked, "IdCard")) ||
	    strncmp(text_at(asked, "RedirectUrl"), "http", 4) != 0)
		return "InvalidParameterValue";
	return NULL;
}

static void make_token(char token[40])
{
	uint8_t random[16];

	random_bytes(random, sizeof(random));
	for (size_t i = 0, n = 0; i < sizeof(random); i++)
		n += (size_t)snprintf(token + n, 40 - n, "%s%02X",
				      i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", random[i]);
}

/* The page is known by a ticket of its own, so its address holds no data. */
void faceid_detect(struct core *s, const json_t *asked)
{
	const char *error = parameter_error(s, asked);
	char token[40], ticket[PUBLIC_ID_SIZE];
	struct buffer url = BUFFER_INIT;
	json_t *check, *link;
	int lock;

	if (error) {
		faceid_error(s, error, "参数错误。");
		return;
	}
	make_token(token);
	random_public_id(ticket);
	check = json_deep_copy(asked);
	json_object_set_new(check, "made", json_integer(time(NULL)));
	link = json_pack("{s:s}", "ticket", ticket);
	lock = core_lock(s);
	core_save(s, "check", ticket, check);
	core_save(s, "token", token, link);
	core_unlock(lock);
	buffer_printf(&url, "%s" FACEID_PATH "/h5?ticket=%s", config_text(s->config, "public_url"),
		      ticket);
	faceid_answer(s, json_pack("{s:s, s:s}", "BizToken", token, "Url", url.data));
	buffer_release(&url);
	json_decref(check);
	json_decref(link);
}

static json_t *code_or_null(int code)
{
	return code < 0 ? json_null() : json_integer(code);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* The many fields that are empty until the end and null where not asked for. */
static json_t *empty_text(void)
{
	static const char *const nulls[] = { "ErrCode",      "ErrMsg",        "OcrNation",
					     "OcrAddress",   "OcrBirth",      "OcrAuthority",
					     "OcrValidDate", "OcrGender",     "LiveStatus",
					     "LiveMsg",      "Comparestatus", "Comparemsg",
					     "Sim",          "Location" };
	static const char *const blanks[] = { "IdCard", "Name",           "OcrName", "OcrIdCard",
					      "Mobile", "CompareLibType", "Extra" };
	json_t *text = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(nulls); i++)
		json_object_set_new(text, nulls[i], json_null());
	for (size_t i = 0; i < ARRAY_SIZE(blanks); i++)
		json_object_set_new(text, blanks[i], json_string(""));
	json_object_set_new(text, "LivenessMode", json_integer(4));
	json_object_set_new(text, "UseIDType", json_integer(0));
	json_object_set_new(text, "LivenessDetail", json_array());
	return text;
}

static json_t *attempt(const json_t *check, const json_t *text)
{
	static const char *const same[][2] = {
		{ "ErrCode", "Errcode" },
		{ "ErrMsg", "Errmsg" },
		{ "LiveStatus", "Livestatus" },
		{ "LiveMsg", "Livemsg" },
		{ "Comparestatus", "Comparestatus" },
		{ "Comparemsg", "Comparemsg" },
		{ "Sim", "Sim" },
		{ "IdCard", "Idcard" },
		{ "Name", "Name" },
		{ "CompareLibType", "CompareLibType" },
	};
	json_int_t made = json_integer_value(json_object_get(check, "ended"));
	char time_text[32];
	json_t *detail;

	snprintf(time_text, sizeof(time_text), "%" JSON_INTEGER_FORMAT, made * 1000);
	detail = json_pack("{s:s, s:s, s:b}", "ReqTime", time_text, "Seq",
			   "092ff8ca-4d1c-4c21-b513-ec8ced564c9a", "IsNeedCharge", 1);
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		json_object_set(detail, same[i][1], json_object_get(text, same[i][0]));
	return detail;
}

static void fill_text(json_t *text, const json_t *check, size_t outcome, const char *fault)
{
	bool other = !strcmp(fault, "other");

	json_object_set_new(text, "ErrCode", json_integer(outcomes[outcome].code));
	json_object_set_new(text, "ErrMsg", json_string(outcomes[outcome].message));
	json_object_set_new(text, "LiveStatus", json_integer(outcomes[outcome].live));
	json_object_set_new(text, "LiveMsg", json_string(outcomes[outcome].live_message));
	json_object_set_new(text, "Comparestatus", code_or_null(outcomes[outcome].compare));
	json_object_set_new(text, "Comparemsg", text_or_null(outcomes[outcome].compare_message));
	json_object_set_new(text, "Sim", text_or_null(outcomes[outcome].similarity));
	json_object_set_new(text, "CompareLibType",
			    json_string(outcomes[outcome].similarity ? "权威库" : ""));
	json_object_set_new(text, "IdCard",
			    json_string(other ? OTHER_NUMBER : text_at(check, "IdCard")));
	json_object_set_new(text, "Name", json_string(text_at(check, "Name")));
	json_object_set_new(text, "Extra", json_string(text_at(check, "Extra")));
	json_array_append_new(json_object_get(text, "LivenessDetail"), attempt(check, text));
}

static bool asks_for(const char *type, char digit)
{
	return strchr(type, '0') || strchr(type, digit);
}

static void answer_info(struct core *s, const json_t *check, const char *type, const char *fault)
{
	const char *choice = text_at(check, "choice");
	json_t *text = empty_text(), *frame = json_null(), *response;

	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++)
		if (!strcmp(outcomes[i].choice, choice)) {
			fill_text(text, check, i, fault);
			if (outcomes[i].similarity)
				frame = json_string(FACEID_FRAME);
		}
	response = json_pack(
		"{s:o, s:{s:n, s:n, s:n, s:n, s:n}, s:{s:o, s:n}, s:{s:n}, s:{s:s, s:[], s:s}}",
		"Text", text, "IdCardData", "OcrFront", "OcrBack", "ProcessedFrontImage",
		"ProcessedBackImage", "Avatar", "BestFrame", "BestFrame", frame, "BestFrames",
		"VideoData", "LivenessVideo", "Encryption", "CiphertextBlob", "", "EncryptList",
		"Iv", "");
	if (!response)
		die("no JSON for an outcome");
	if (!asks_for(type, '1'))
		json_object_set_new(response, "Text", json_null());
	if (!asks_for(type, '3'))
		json_object_set_new(response, "BestFrame", json_null());
	faceid_answer(s, response);
}

void faceid_info(struct core *s, const json_t *asked, const char *fault)
{
	const char *type = text_at(asked, "InfoType");
	const json_t *frames = json_object_get(asked, "BestFramesCount");
	int lock = core_lock(s);
	json_t *link = core_load(s, "token", text_at(asked, "BizToken"));
	json_t *check = core_load(s, "check", text_at(link, "ticket"));

	core_unlock(lock);
	if (strcmp(text_at(asked, "RuleId"), config_text(s->config, "faceid_rule_id")) != 0)
		faceid_error(s, "InvalidParameterValue.RuleIdNotExist", "RuleId不存在。");
	else if (!*type || strspn(type, "0123") != strlen(type) ||
		 (frames && (!json_is_integer(frames) || json_integer_value(frames) < 0 ||
			     json_integer_value(frames) > 10)))
		faceid_error(s, "InvalidParameterValue", "参数错误。");
	else if (!check)
		faceid_error(s, "InvalidParameterValue.BizTokenIllegal", "BizToken不合法。");
	else if (time(NULL) > json_integer_value(json_object_get(check, "made")) + FETCH_SECONDS)
		faceid_error(s, "InvalidParameterValue.BizTokenExpired", "BizToken过期。");
	else
		answer_info(s, check, type, fault);
	json_decref(link);
	json_decref(check);
}
