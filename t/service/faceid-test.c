/* faceid-test.c: what counts as a pass, from answers as the service gives them. */
#include "service/faceid.h"

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/base64.h"
#include "sim/faceid-frame.h"

#define NAME "韦小宝"
#define NUMBER "11010519491231002X"
#define REF "0123456789abcdefghjkmnpqrs"

static const struct faceid_subject expected = { NAME, NUMBER, REF };

#define PERSON "\"IdCard\":\"" NUMBER "\",\"Name\":\"" NAME "\",\"Extra\":\"" REF "\""
#define GOOD "\"ErrCode\":0,\"LiveStatus\":0,\"Comparestatus\":0,"
#define SIM "\"Sim\":\"97.31\","
#define FRAME "\"" FACEID_FRAME "\""

/* The fields of Text and the value of the frame, and what they make. */
static const struct {
	const char *text, *frame;
	enum faceid_outcome outcome;
	enum faceid_doubt doubt;
} cases[] = {
	{ GOOD SIM PERSON, FRAME, FACEID_PASSED, FACEID_NO_DOUBT },
	{ GOOD SIM PERSON, "null", FACEID_PASSED, FACEID_NO_DOUBT },
	{ GOOD SIM PERSON, "\"\"", FACEID_PASSED, FACEID_NO_DOUBT },
	/* a small x is the same number */
	{ GOOD SIM "\"IdCard\":\"11010519491231002x\",\"Name\":\"" NAME "\",\"Extra\":\"" REF "\"",
	  FRAME, FACEID_PASSED, FACEID_NO_DOUBT },
	/* not finished */
	{ "\"ErrCode\":null,\"LiveStatus\":null,\"Comparestatus\":null,\"Sim\":null", "null",
	  FACEID_PENDING, FACEID_NO_DOUBT },
	{ "\"IdCard\":\"\",\"Name\":\"\"", "null", FACEID_PENDING, FACEID_NO_DOUBT },
	{ "\"ErrCode\":null,\"LiveStatus\":0,\"Comparestatus\":0," SIM PERSON, FRAME,
	  FACEID_PENDING, FACEID_NO_DOUBT },
	/* no */
	{ "\"ErrCode\":1301,\"LiveStatus\":1301,\"Comparestatus\":null," PERSON, "null",
	  FACEID_FAILED, FACEID_NO_DOUBT },
	{ "\"ErrCode\":2012,\"LiveStatus\":0,\"Comparestatus\":2012,\"Sim\":\"41.20\"," PERSON,
	  FRAME, FACEID_FAILED, FACEID_NO_DOUBT },
	{ "\"ErrCode\":1,\"LiveStatus\":0,\"Comparestatus\":0," SIM PERSON, FRAME, FACEID_FAILED,
	  FACEID_NO_DOUBT },
	/* neither yes nor no */
	{ "\"ErrCode\":0,\"LiveStatus\":1301,\"Comparestatus\":0," SIM PERSON, FRAME, FACEID_REVIEW,
	  FACEID_DOUBT_STATUS },
	{ "\"ErrCode\":0,\"LiveStatus\":0,\"Comparestatus\":2012," SIM PERSON, FRAME, FACEID_REVIEW,
	  FACEID_DOUBT_STATUS },
	{ "\"ErrCode\":0,\"LiveStatus\":null,\"Comparestatus\":0," SIM PERSON, FRAME, FACEID_REVIEW,
	  FACEID_DOUBT_STATUS },
	{ "\"ErrCode\":0,\"LiveStatus\":0," SIM PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_STATUS },
	{ GOOD SIM "\"IdCard\":\"110105194912310039\",\"Name\":\"" NAME "\",\"Extra\":\"" REF "\"",
	  FRAME, FACEID_REVIEW, FACEID_DOUBT_PERSON },
	/* the service writes the same name in its own way */
	{ GOOD SIM "\"IdCard\":\"" NUMBER "\",\"Name\":\" " NAME "\u200b\",\"Extra\":\"" REF "\"",
	  FRAME, FACEID_PASSED, FACEID_NO_DOUBT },
	{ GOOD SIM "\"IdCard\":\"" NUMBER "\",\"Name\":\"韦小\",\"Extra\":\"" REF "\"", FRAME,
	  FACEID_REVIEW, FACEID_DOUBT_PERSON },
	{ GOOD SIM "\"IdCard\":\"" NUMBER "\",\"Name\":\"韦小宝宝\",\"Extra\":\"" REF "\"", FRAME,
	  FACEID_REVIEW, FACEID_DOUBT_PERSON },
	{ GOOD SIM "\"IdCard\":null,\"Name\":null,\"Extra\":\"" REF "\"", FRAME, FACEID_REVIEW,
	  FACEID_DOUBT_PERSON },
	{ GOOD SIM "\"Name\":\"" NAME "\",\"Extra\":\"" REF "\"", FRAME, FACEID_REVIEW,
	  FACEID_DOUBT_PERSON },
	{ GOOD SIM "\"IdCard\":\"" NUMBER "\",\"Name\":\"" NAME "\",\"Extra\":\"other\"", FRAME,
	  FACEID_REVIEW, FACEID_DOUBT_REF },
	{ GOOD SIM "\"IdCard\":\"" NUMBER "\",\"Name\":\"" NAME "\",\"Extra\":null", FRAME,
	  FACEID_REVIEW, FACEID_DOUBT_REF },
	{ GOOD PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_SIMILARITY },
	{ GOOD "\"Sim\":\"\"," PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_SIMILARITY },
	{ GOOD "\"Sim\":\"100.01\"," PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_SIMILARITY },
	{ GOOD "\"Sim\":\"-1\"," PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_SIMILARITY },
	{ GOOD "\"Sim\":\"9x\"," PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_SIMILARITY },
	{ GOOD "\"Sim\":\"97.\"," PERSON, FRAME, FACEID_REVIEW, FACEID_DOUBT_SIMILARITY },
	{ GOOD SIM PERSON, "\"Zg==\"", FACEID_REVIEW, FACEID_DOUBT_FRAME },
	{ GOOD SIM PERSON, "\"no Base64\"", FACEID_REVIEW, FACEID_DOUBT_FRAME },
	{ GOOD SIM PERSON, "7", FACEID_REVIEW, FACEID_DOUBT_FRAME },
	{ GOOD SIM PERSON, "\"/9j/2Q==\"", FACEID_REVIEW, FACEID_DOUBT_FRAME }, /* no scan */
	{ GOOD SIM PERSON, "\"/9j/2v///9k=\"", FACEID_REVIEW,
	  FACEID_DOUBT_FRAME }, /* too long a segment */
	{ GOOD SIM PERSON, "\"/9j/2Q\"", FACEID_REVIEW, FACEID_DOUBT_FRAME },
};

static enum service_result read_text(const char *json, struct faceid_finding *f,
				     struct service_report *report)
{
	faceid_finding_init(f);
	return faceid_read(json, strlen(json), &expected, f, report);
}

static enum service_result read_case(const char *text, const char *frame, struct faceid_finding *f)
{
	struct buffer json = BUFFER_INIT;
	struct service_report report;
	enum service_result result;

	buffer_printf(&json,
		      "{\"Response\":{\"Text\":{%s},\"BestFrame\":{\"BestFrame\":%s,"
		      "\"BestFrames\":null},\"IdCardData\":null,\"RequestId\":\"r-1\"}}",
		      text, frame);
	result = read_text(json.data, f, &report);
	buffer_release(&json);
	return result;
}

static void test_decisions(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct faceid_finding f;

		if (read_case(cases[i].text, cases[i].frame, &f) != SERVICE_OK)
			fail_msg("case %zu is not read", i);
		if (f.outcome != cases[i].outcome || f.doubt != cases[i].doubt)
			fail_msg("case %zu: %s/%s, not %s/%s", i, faceid_outcome_names[f.outcome],
				 faceid_doubt_names[f.doubt],
				 faceid_outcome_names[cases[i].outcome],
				 faceid_doubt_names[cases[i].doubt]);
		faceid_finding_release(&f);
	}
}

/* Of the 125 ways that three codes can be null, 0 and others, one is a pass. */
static void test_one_way_to_pass(void **state UNUSED)
{
	static const char *const codes[] = { "null", "0", "1", "1301", "9223372036854775807" };
	int passes = 0;

	for (size_t i = 0; i < 125; i++) {
		struct faceid_finding f;
		char text[400];

		snprintf(text, sizeof(text),
			 "\"ErrCode\":%s,\"LiveStatus\":%s,\"Comparestatus\":%s," SIM PERSON,
			 codes[i % 5], codes[i / 5 % 5], codes[i / 25]);
		assert_int_equal(read_case(text, FRAME, &f), SERVICE_OK);
		passes += f.outcome == FACEID_PASSED;
		assert_int_equal(f.outcome == FACEID_PENDING, i % 5 == 0);
		assert_int_equal(f.outcome == FACEID_FAILED, i % 5 > 1);
		faceid_finding_release(&f);
	}
	assert_int_equal(passes, 1);
}

static void test_evidence(void **state UNUSED)
{
	static const char text[] = GOOD SIM PERSON
		",\"CompareLibType\":\"权威库\",\"LivenessDetail\":["
		"{\"IsNeedCharge\":false},{\"IsNeedCharge\":true}]";
	struct buffer frame = BUFFER_INIT;
	struct faceid_finding f;
	json_t *kept;

	assert_int_equal(read_case(text, FRAME, &f), SERVICE_OK);
	assert_int_equal(f.similarity, 9731);
	assert_int_equal(f.code, 0);
	assert_int_equal(f.live_code, 0);
	assert_int_equal(f.compare_code, 0);
	assert_int_equal(f.attempts, 2);
	assert_true(f.charged);
	assert_string_equal(f.compared_with, "权威库");
	assert_true(base64_decode(&frame, FACEID_FRAME, strlen(FACEID_FRAME)));
	assert_int_equal(f.frame.len, frame.len);
	assert_memory_equal(f.frame.data, frame.data, frame.len);
	kept = json_loads(f.text.data, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(kept, "IdCard")), NUMBER);
	json_decref(kept);
	buffer_release(&frame);
	faceid_finding_release(&f);
}

/* No number at the limit and beyond it. */
static void test_similarity(void **state UNUSED)
{
	static const struct {
		const char *text;
		int value;
	} numbers[] = {
		{ "0", 0 },
		{ "0.00", 0 },
		{ "100", 10000 },
		{ "100.00", 10000 },
		{ "99.999", 9999 },
		{ "7.5", 750 },
		{ "100.01", FACEID_NULL },
		{ "101", FACEID_NULL },
		{ "1000", FACEID_NULL },
		{ "", FACEID_NULL },
		{ ".5", FACEID_NULL },
		{ "5.", FACEID_NULL },
		{ " 5", FACEID_NULL },
		{ "5 ", FACEID_NULL },
		{ "5.1.2", FACEID_NULL },
		{ "nan", FACEID_NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct faceid_finding f;
		char text[80];

		snprintf(text, sizeof(text), "\"ErrCode\":1,\"Sim\":\"%s\"", numbers[i].text);
		assert_int_equal(read_case(text, "null", &f), SERVICE_OK);
		if (f.similarity != numbers[i].value)
			fail_msg("%s is read as %d", numbers[i].text, f.similarity);
		faceid_finding_release(&f);
	}
}

/* A frame of the largest size, and of one byte more. */
static void test_frame_size(void **state UNUSED)
{
	for (size_t extra = 0; extra < 2; extra++) {
		size_t n = FACEID_FRAME_MAX + extra;
		struct buffer bytes = BUFFER_INIT, json = BUFFER_INIT;
		struct faceid_finding f;

		assert_true(base64_decode(&bytes, FACEID_FRAME, strlen(FACEID_FRAME)));
		/* comment segments fill it up, before the first other segment */
		while (bytes.len < n) {
			size_t more = n - bytes.len, segment = more < 65537 ? more : 65537;
			char *room;

			if (more - segment && more - segment < 4)
				segment -= 4;
			room = buffer_room(&bytes, segment);
			memmove(bytes.data + 2 + segment, bytes.data + 2, bytes.len - 2);
			(void)room;
			memset(bytes.data + 2, ' ', segment);
			memcpy(bytes.data + 2, "\xff\xfe", 2);
			bytes.data[4] = (char)((segment - 2) >> 8);
			bytes.data[5] = (char)((segment - 2) & 255);
			bytes.len += segment;
		}
		buffer_putc(&json, '"');
		base64_encode(&json, bytes.data, bytes.len);
		buffer_putc(&json, '"');
		assert_int_equal(read_case(GOOD SIM PERSON, json.data, &f), SERVICE_OK);
		assert_int_equal(f.outcome, extra ? FACEID_REVIEW : FACEID_PASSED);
		assert_int_equal(f.frame.len, extra ? 0 : n);
		faceid_finding_release(&f);
		buffer_release(&bytes);
		buffer_release(&json);
	}
}

static const struct {
	const char *json;
	enum service_result result;
	const char *detail;
} answers[] = {
	{ "{\"Response\":{\"Text\":null,\"RequestId\":\"r\"}}", SERVICE_OK, "" },
	{ "", SERVICE_UNKNOWN, "nonsense of 0 bytes" },
	{ "<html>", SERVICE_UNKNOWN, "nonsense of 6 bytes" },
	{ "[]", SERVICE_UNKNOWN, "nonsense of 2 bytes" },
	{ "{\"Response\":{}}", SERVICE_UNKNOWN, "nonsense of 15 bytes" },
	{ "{\"Response\":{\"Text\":[]}}", SERVICE_UNKNOWN, "nonsense of 24 bytes" },
	{ "{\"Response\":{\"Text\":{\"ErrCode\":\"0\"}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Text\":{\"ErrCode\":0.0}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Text\":{\"ErrCode\":false}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Text\":{\"ErrCode\":-1}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Text\":{\"ErrCode\":0,\"LiveStatus\":\"0\"}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Text\":{\"ErrCode\":1,\"ErrCode\":0}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Error\":{}}}", SERVICE_UNKNOWN, NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureExpire\",\"Message\":\"x\"},"
	  "\"RequestId\":\"r-1\"}}",
	  SERVICE_ALARM, "code=AuthFailure.SignatureExpire request=r-1" },
	{ "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureFailure\"}}}", SERVICE_ALARM,
	  "code=AuthFailure.SignatureFailure request=" },
	{ "{\"Response\":{\"Error\":{\"Code\":\"InvalidParameterValue.BizTokenExpired\"}}}",
	  SERVICE_PERMANENT, NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"InvalidParameterValue.RuleIdNotExist\"}}}",
	  SERVICE_ALARM, NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"InvalidParameterValue\"}}}", SERVICE_PERMANENT,
	  NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\"}}}", SERVICE_RETRY_LATER,
	  NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"InternalError.UnKnown\"}}}", SERVICE_RETRY_LATER,
	  NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"InternalErrorX\"}}}", SERVICE_ALARM, NULL },
	{ "{\"Response\":{\"Error\":{\"Code\":\"UnauthorizedOperation.Arrears\"}}}", SERVICE_ALARM,
	  NULL },
	/* an error beside a pass is an error; odd characters stay out of the report */
	{ "{\"Response\":{\"Text\":{" GOOD SIM PERSON "},\"Error\":{\"Code\":\"Odd\\n姓名\"}}}",
	  SERVICE_ALARM, "code=Odd request=" },
};

static void test_answers(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct faceid_finding f;
		struct service_report report;
		enum service_result result = read_text(answers[i].json, &f, &report);

		if (result != answers[i].result)
			fail_msg("answer %zu: %s", i, service_result_names[result]);
		if (answers[i].detail)
			assert_string_equal(report.detail, answers[i].detail);
		assert_int_equal(f.outcome, FACEID_PENDING);
		assert_int_equal(f.text.len + f.frame.len, 0);
		faceid_finding_release(&f);
	}
}

static void test_sessions(void **state UNUSED)
{
	static const struct {
		const char *token, *url;
		enum service_result result;
	} sessions[] = {
		{ "CE661F1A-0F1E-45BD", "https://open.faceid.qq.com/v1/web?x=1", SERVICE_OK },
		{ "t", "http://127.0.0.1:8080/x", SERVICE_OK },
		{ "t", "http://127.0.0.1.example.cn/x", SERVICE_UNKNOWN },
		{ "t", "http://open.faceid.qq.com/", SERVICE_UNKNOWN },
		{ "t", "javascript:alert(1)", SERVICE_UNKNOWN },
		{ "t", "https://a.cn/ x", SERVICE_UNKNOWN },
		{ "t", "https://a.cn/\\r\\nX: y", SERVICE_UNKNOWN },
		{ "t", "", SERVICE_UNKNOWN },
		{ "", "https://a.cn/", SERVICE_UNKNOWN },
		{ "t t", "https://a.cn/", SERVICE_UNKNOWN },
		{ "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
		  "https://a.cn/", SERVICE_UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sessions); i++) {
		struct faceid_session session;
		struct service_report report;
		char json[400];

		snprintf(json, sizeof(json),
			 "{\"Response\":{\"BizToken\":\"%s\",\"Url\":\"%s\",\"RequestId\":\"r\"}}",
			 sessions[i].token, sessions[i].url);
		if (faceid_read_session(json, strlen(json), &session, &report) !=
		    sessions[i].result)
			fail_msg("session %zu", i);
		assert_string_equal(session.url,
				    sessions[i].result == SERVICE_OK ? sessions[i].url : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decisions),  cmocka_unit_test(test_one_way_to_pass),
		cmocka_unit_test(test_evidence),   cmocka_unit_test(test_similarity),
		cmocka_unit_test(test_answers),    cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_frame_size),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
