/* wechat-crypto-test.c: the published vectors of WXBizMsgCrypt, and its traps. */
#include "service/wechat-crypto.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/digest.h"
#include "service/wechat-jssdk.h"
#include "service/wechat-message.h"

#define TOKEN "spamtest"
#define KEY "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#define APPID "wx2c2769f8efd9abc2"
#define PREFIX ((const uint8_t *)"0123456789abcdef")
/* the sample of WeChat's own documents */
#define SAMPLE                                                             \
	"hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+" \
	"LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn" \
	"896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVti" \
	"cbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSV" \
	"CZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdU" \
	"ue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCum" \
	"EPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="

static void read_key(uint8_t key[WECHAT_KEY_SIZE])
{
	assert_true(wechat_key_read(KEY, key));
}

static void test_key(void **state)
{
	uint8_t key[WECHAT_KEY_SIZE];
	char hex[2 * WECHAT_KEY_SIZE + 1];

	(void)state;
	read_key(key);
	hex_encode(key, sizeof(key), hex);
	assert_string_equal(hex,
			    "69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051");
	assert_false(wechat_key_read("", key));
	assert_false(wechat_key_read("abcdefghijklmnopqrstuvwxyz0123456789ABCDEF", key));
	assert_false(wechat_key_read(KEY "=", key));
	assert_false(wechat_key_read("abcdefghijklmnopqrstuvwxyz0123456789ABCDE-G", key));
	assert_false(wechat_key_read("abcdefghijklmnopqrstuvwxyz0123456789ABCDE=G", key));
}

static const struct {
	const char *part[4];
	size_t count;
	const char *signature;
} signatures[] = {
	{ { "789", "456", "123" }, 3, "f7c3bc1d808e04732adf679965ccc34ca7ae3441" },
	{ { TOKEN, "1409735669", "1320562132" }, 3, "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a" },
	{ { TOKEN, "1409735669", "1320562132", SAMPLE },
	  4,
	  "5d197aaffba7e9b25a30732f161a50dee96bd5fa" },
};

static void test_signatures(void **state)
{
	char out[WECHAT_SIGNATURE_LEN + 1], longer[WECHAT_SIGNATURE_LEN + 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signatures); i++) {
		const char *const *part = signatures[i].part;
		size_t count = signatures[i].count;

		wechat_sign(part, count, out);
		assert_string_equal(out, signatures[i].signature);
		assert_true(wechat_signed_by(out, part, count));
		snprintf(longer, sizeof(longer), "%s0", out);
		assert_false(wechat_signed_by(longer, part, count));
		out[39] = out[39] == '0' ? '1' : '0';
		assert_false(wechat_signed_by(out, part, count));
		assert_false(wechat_signed_by("", part, count));
		assert_false(wechat_signed_by(NULL, part, count));
	}
	/* three parts never pass for four */
	assert_false(wechat_signed_by(signatures[1].signature, signatures[2].part, 4));
}

static void test_sample(void **state)
{
	uint8_t key[WECHAT_KEY_SIZE];
	struct buffer xml = BUFFER_INIT;
	struct wechat_message m;

	(void)state;
	read_key(key);
	assert_int_equal(wechat_decrypt(key, APPID, SAMPLE, strlen(SAMPLE), &xml),
			 WECHAT_ENVELOPE_OK);
	assert_int_equal(xml.len, 280);
	assert_int_equal(wechat_read_message(xml.data, xml.len, &m), WECHAT_XML_OK);
	assert_string_equal(m.account, "gh_10f6c3c3ac5a");
	assert_string_equal(m.openid, "oyORnuP8q7ou2gfYjqLzSIWZf0rs");
	assert_string_equal(m.created, "1409735668");
	assert_string_equal(m.type, "text");
	assert_string_equal(m.content, "abcdteT");
	assert_string_equal(m.id, "6054768590064713728");
	wechat_message_release(&m);
	buffer_reset(&xml);
	assert_int_equal(wechat_decrypt(key, "wx2c2769f8efd9abc3", SAMPLE, strlen(SAMPLE), &xml),
			 WECHAT_ENVELOPE_OTHER_APPID);
	key[31] ^= 1; /* a wrong key shows in the padding */
	assert_int_equal(wechat_decrypt(key, APPID, SAMPLE, strlen(SAMPLE), &xml),
			 WECHAT_ENVELOPE_BAD_PADDING);
	assert_int_equal(xml.len, 0);
	buffer_release(&xml);
}

/* time 1600000000, nonce "nonce1", prefix 0123456789abcdef */
static const struct {
	const char *message, *encrypt, *signature;
} encryptions[] = {
	{ "hello",
	  "Q3stYC6hdFzMh9T8HCvyDH0IImU4dvhWGYnkotL3c3VdfVoMBb5IWK0IqbHbqhJn3xaaj2JH3IURqum2/3Lkdw==",
	  "a164717605eb9ce0c5a16cbeb8d6da0099cf5c57" },
	{ "<xml><Content><![CDATA[你好]]></Content></xml>",
	  "Q3stYC6hdFzMh9T8HCvyDMwQK6xyeRZ7UnuZsYfP7/6Yf0piNuk7kxZYuxJFeZQQ6WWSSAGv9ZFJIKURndrGs04"
	  "tT7bozPdeSeegbucsnMuTzpshAQs12PeOdtrm0+yH",
	  "43f2ec8db95bdc82855807ed3e8b35ccac325067" },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxx",
	  "Q3stYC6hdFzMh9T8HCvyDHKNXV2kFh0kNSkrOec3Ns3+ulSLy48GRnlU6niJtHkogFiAe3Uwk7nrkVdC5QVlCg==",
	  "8b8f24842700e4a9e200554c87fc059035e5e93a" },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxxx",
	  "Q3stYC6hdFzMh9T8HCvyDHDxbrF7f8TfmYxXSN1y2Vbjja9RgRLcXPjzJF67v90VqCI+oP5AvFesm/TURLI/Knn"
	  "ssYnLjpENg6/duBVJqNyjkC8Cg82uz8tPptv2yfPm",
	  "ab65e6875e6cd22d11968529311eeddfd7e95ac8" },
};

static void test_encrypt(void **state)
{
	uint8_t key[WECHAT_KEY_SIZE];

	(void)state;
	read_key(key);
	for (size_t i = 0; i < ARRAY_SIZE(encryptions); i++) {
		const char *message = encryptions[i].message;
		const char *part[4] = { TOKEN, "1600000000", "nonce1" };
		struct buffer out = BUFFER_INIT, back = BUFFER_INIT;

		wechat_encrypt(key, APPID, PREFIX, message, strlen(message), &out);
		assert_string_equal(out.data, encryptions[i].encrypt);
		part[3] = out.data;
		assert_true(wechat_signed_by(encryptions[i].signature, part, 4));
		assert_int_equal(wechat_decrypt(key, APPID, out.data, out.len, &back),
				 WECHAT_ENVELOPE_OK);
		assert_string_equal(back.data, message);
		buffer_release(&out);
		buffer_release(&back);
	}
}

/* Every pad value there is comes up, and comes back. */
static void test_every_length(void **state)
{
	uint8_t key[WECHAT_KEY_SIZE];
	char message[100];

	(void)state;
	read_key(key);
	memset(message, 'y', sizeof(message));
	for (size_t n = 0; n < sizeof(message); n++) {
		struct buffer out = BUFFER_INIT, back = BUFFER_INIT;

		wechat_encrypt(key, APPID, PREFIX, message, n, &out);
		assert_int_equal(out.len % 4, 0);
		assert_int_equal(wechat_decrypt(key, APPID, out.data, out.len, &back),
				 WECHAT_ENVELOPE_OK);
		assert_int_equal(back.len, n);
		assert_true(!n || !memcmp(back.data, message, n));
		buffer_release(&out);
		buffer_release(&back);
	}
}

static void test_not_base64(void **state)
{
	static const char *const texts[] = { "",
					     "A",
					     "AAA",
					     "AAAAA",
					     "A===",
					     "====",
					     "AA=A",
					     "AAAA AAA",
					     "AAAA\nAAA",
					     "AAAAAAAA",
					     "\xff\xff\xff\xff",
					     "AAAAAAAAAAAAAAAAAAAAAA==\n" };
	uint8_t key[WECHAT_KEY_SIZE];
	struct buffer out = BUFFER_INIT;

	(void)state;
	read_key(key);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(wechat_decrypt(key, APPID, texts[i], strlen(texts[i]), &out),
				 WECHAT_ENVELOPE_NO_BASE64);
	assert_int_equal(out.len, 0);
}

#define HEAD                                                                         \
	"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]>" \
	"</FromUserName><CreateTime>1</CreateTime>"
#define EVENT HEAD "<MsgType><![CDATA[event]]></MsgType>"

static const struct {
	const char *xml;
	enum wechat_xml result;
} documents[] = {
	{ HEAD "<MsgType>text</MsgType><MsgId>1</MsgId></xml>", WECHAT_XML_OK },
	{ HEAD "<MsgType>text</MsgType></xml>", WECHAT_XML_INCOMPLETE },
	{ EVENT "<Event>subscribe</Event></xml>", WECHAT_XML_OK },
	{ EVENT "</xml>", WECHAT_XML_INCOMPLETE },
	{ "<?xml version=\"1.0\"?><!-- x -->" EVENT "<Event>a</Event></xml>", WECHAT_XML_OK },
	{ "<xml/>", WECHAT_XML_INCOMPLETE },
	{ "", WECHAT_XML_NOT_TEXT },
	{ "\xff", WECHAT_XML_NOT_TEXT },
	{ "<html/>", WECHAT_XML_BROKEN },
	{ "<xml>", WECHAT_XML_BROKEN },
	{ "<xml>&undefined;</xml>", WECHAT_XML_BROKEN },
	{ "<xml></xml><xml></xml>", WECHAT_XML_BROKEN },
	{ "<!DOCTYPE xml><xml/>", WECHAT_XML_DOCTYPE },
	{ " \n<!-- > --><!DOCTYPE xml [<!ENTITY a 'b'>]><xml>&a;</xml>", WECHAT_XML_DOCTYPE },
	{ "\xef\xbb\xbf<!DOCTYPE xml><xml/>", WECHAT_XML_DOCTYPE },
	{ "<?xml version=\"1.0\"?><!DOCTYPE xml SYSTEM \"file:///etc/passwd\"><xml/>",
	  WECHAT_XML_DOCTYPE },
	/* typed by a person: no DOCTYPE at all */
	{ HEAD
	  "<MsgType>text</MsgType><MsgId>1</MsgId><Content><![CDATA[<!DOCTYPE x>]]></Content></xml>",
	  WECHAT_XML_OK },
	{ "<xml><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></xml>",
	  WECHAT_XML_TOO_LARGE },
	{ "<xml><FromUserName>o\n1</FromUserName></xml>", WECHAT_XML_INCOMPLETE },
	{ "<xml><FromUserName>企</FromUserName></xml>", WECHAT_XML_INCOMPLETE },
};

static void test_documents(void **state)
{
	struct wechat_message m;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		assert_int_equal(
			wechat_read_message(documents[i].xml, strlen(documents[i].xml), &m),
			documents[i].result);
		wechat_message_release(&m);
	}
}

static void test_size(void **state)
{
	static char xml[WECHAT_MESSAGE_MAX + 2];
	struct wechat_message m;
	int head = snprintf(xml, sizeof(xml), HEAD "<MsgType>text</MsgType><MsgId>1</MsgId>");

	(void)state;
	memset(xml + head, ' ', sizeof(xml) - (size_t)head - 1);
	memcpy(xml + WECHAT_MESSAGE_MAX - 6, "</xml>", 6);
	assert_int_equal(wechat_read_message(xml, WECHAT_MESSAGE_MAX, &m), WECHAT_XML_OK);
	wechat_message_release(&m);
	assert_int_equal(wechat_read_message(xml, WECHAT_MESSAGE_MAX + 1, &m),
			 WECHAT_XML_TOO_LARGE);
	wechat_message_release(&m);
}

static const struct {
	const char *xml, *scene;
} scenes[] = {
	{ EVENT "<Event>subscribe</Event><EventKey>qrscene_abc</EventKey></xml>", "abc" },
	{ EVENT "<Event>subscribe</Event><EventKey>qrscene_qrscene_a_b</EventKey></xml>",
	  "qrscene_a_b" },
	{ EVENT "<Event>subscribe</Event><EventKey></EventKey></xml>", NULL },
	{ EVENT "<Event>subscribe</Event><EventKey>abc</EventKey></xml>", NULL },
	{ EVENT "<Event>subscribe</Event></xml>", NULL },
	{ EVENT "<Event>SCAN</Event><EventKey>abc</EventKey></xml>", "abc" },
	{ EVENT "<Event>SCAN</Event><EventKey>qrscene_abc</EventKey></xml>", "qrscene_abc" },
	{ EVENT "<Event>CLICK</Event><EventKey>abc</EventKey></xml>", NULL },
};

static void test_scenes(void **state)
{
	struct wechat_message m;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
		assert_int_equal(wechat_read_message(scenes[i].xml, strlen(scenes[i].xml), &m),
				 WECHAT_XML_OK);
		if (scenes[i].scene)
			assert_string_equal(wechat_scene(&m), scenes[i].scene);
		else
			assert_null(wechat_scene(&m));
		wechat_message_release(&m);
	}
}

static void read_key_of(const char *xml, uint8_t key[SHA256_SIZE])
{
	struct wechat_message m;

	assert_int_equal(wechat_read_message(xml, strlen(xml), &m), WECHAT_XML_OK);
	wechat_message_key(&m, key);
	wechat_message_release(&m);
}

/* Two that differ in what makes them one have two keys; else one. */
static void test_message_keys(void **state)
{
	static const char *const all[] = {
		HEAD "<MsgType>text</MsgType><MsgId>1</MsgId></xml>",
		HEAD "<MsgType>text</MsgType><MsgId>2</MsgId></xml>",
		EVENT "<Event>subscribe</Event></xml>",
		EVENT "<Event>SCAN</Event><EventKey>a</EventKey></xml>",
		EVENT "<Event>SCAN</Event><EventKey>b</EventKey></xml>",
		EVENT "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>1</MsgID></xml>",
		EVENT "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>2</MsgID></xml>",
	};
	uint8_t key[ARRAY_SIZE(all)][SHA256_SIZE], again[SHA256_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		read_key_of(all[i], key[i]);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(key[i], key[j], SHA256_SIZE);
	}
	read_key_of(HEAD
		    "<New>x</New><MsgType>text</MsgType><Content>y</Content><MsgId>1</MsgId></xml>",
		    again);
	assert_memory_equal(again, key[0], SHA256_SIZE);
}

/* A reply read back has the text that was sent, for any text. */
static void test_replies(void **state)
{
	static const struct {
		const char *said, *heard;
	} cases[] = {
		{ "你好", "你好" },
		{ "a]]>b", "a]]>b" },
		{ "]]>]]>", "]]>]]>" },
		{ "]]]>", "]]]>" },
		{ "<a href=\"x\">&amp;</a>", "<a href=\"x\">&amp;</a>" },
		{ "\x01x\x1fy", "xy" },
	};
	struct wechat_message m = { .openid = "o]]>1", .account = "gh_1" }, back;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer xml = BUFFER_INIT;

		wechat_reply(&xml, &m, 1600000000, cases[i].said);
		assert_non_null(strstr(xml.data, "<CreateTime>1600000000</CreateTime>"));
		assert_int_equal(strncmp(xml.data, "<xml>", 5), 0);
		/* it has no MsgId, being a reply */
		assert_int_equal(wechat_read_message(xml.data, xml.len, &back),
				 WECHAT_XML_INCOMPLETE);
		assert_string_equal(back.content, cases[i].heard);
		assert_string_equal(back.account, "o]]>1");
		assert_string_equal(back.openid, "gh_1");
		wechat_message_release(&back);
		buffer_release(&xml);
	}
}

static void test_report(void **state)
{
	static const char template[] = EVENT
		"<Event>TEMPLATESENDJOBFINISH</Event><MsgID>77</MsgID><Status>failed:user block</Status></xml>";
	static const char subscription[] = EVENT
		"<Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent><List><TemplateId>x"
		"</TemplateId><MsgID>78</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus>"
		"</List></SubscribeMsgSentEvent></xml>";
	struct wechat_message m;

	(void)state;
	assert_int_equal(wechat_read_message(template, strlen(template), &m), WECHAT_XML_OK);
	assert_string_equal(m.id, "77");
	assert_string_equal(m.status, "failed:user block");
	wechat_message_release(&m);
	assert_int_equal(wechat_read_message(subscription, strlen(subscription), &m),
			 WECHAT_XML_OK);
	assert_string_equal(m.id, "78");
	assert_string_equal(m.status, "success");
	wechat_message_release(&m);
}

/* What people answered, in the two events that tell it. */
static void test_answers(void **state)
{
	static const char popup[] = EVENT
		"<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>"
		"<List><TemplateId>t1</TemplateId><SubscribeStatusString>accept"
		"</SubscribeStatusString><PopupScene>2</PopupScene></List>"
		"<List><TemplateId>t2</TemplateId><SubscribeStatusString>reject"
		"</SubscribeStatusString><PopupScene>2</PopupScene></List>"
		"<List><SubscribeStatusString>accept</SubscribeStatusString></List>"
		"<List><TemplateId>t3</TemplateId></List></SubscribeMsgPopupEvent></xml>";
	static const char change[] = EVENT
		"<Event>subscribe_msg_change_event</Event><SubscribeMsgChangeEvent><List>"
		"<TemplateId>t1</TemplateId><SubscribeStatusString>reject</SubscribeStatusString>"
		"</List></SubscribeMsgChangeEvent></xml>";
	struct wechat_message m, other;
	uint8_t key[SHA256_SIZE], other_key[SHA256_SIZE];

	(void)state;
	assert_int_equal(wechat_read_message(popup, strlen(popup), &m), WECHAT_XML_OK);
	assert_int_equal(m.answer_count, 3);
	assert_string_equal(m.answer[0].template_id, "t1");
	assert_true(m.answer[0].accepted);
	assert_string_equal(m.answer[1].template_id, "t2");
	assert_false(m.answer[1].accepted);
	assert_string_equal(m.answer[2].template_id, "t3");
	assert_false(m.answer[2].accepted);
	assert_int_equal(wechat_read_message(change, strlen(change), &other), WECHAT_XML_OK);
	assert_int_equal(other.answer_count, 1);
	assert_false(other.answer[0].accepted);
	/* One user may answer twice in one second. */
	wechat_message_key(&m, key);
	m.answer[0].accepted = false;
	wechat_message_key(&m, other_key);
	assert_memory_not_equal(key, other_key, sizeof(key));
	wechat_message_release(&m);
	wechat_message_release(&other);
}

static void test_many_answers(void **state)
{
	struct buffer xml = BUFFER_INIT;
	struct wechat_message m;

	(void)state;
	buffer_puts(&xml, EVENT "<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>");
	for (int i = 0; i < WECHAT_ANSWERS_MAX + 3; i++)
		buffer_printf(&xml, "<List><TemplateId>t%d</TemplateId></List>", i);
	buffer_puts(&xml, "</SubscribeMsgPopupEvent></xml>");
	assert_int_equal(wechat_read_message(xml.data, xml.len, &m), WECHAT_XML_OK);
	assert_int_equal(m.answer_count, WECHAT_ANSWERS_MAX);
	wechat_message_release(&m);
	buffer_release(&xml);
}

/* The example of WeChat's document, and each of the four counts. */
static void test_js_signature(void **state)
{
	static const char ticket[] =
		"sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-"
		"Sl-HhTdfl2fzFy1AOcHKP7qg";
	static const char *const parts[][4] = {
		{ ticket, "Wm3WZYTPz0wzccnW", "1414587457",
		  "http://mp.weixin.qq.com?params=value" },
		{ "t", "Wm3WZYTPz0wzccnW", "1414587457", "http://mp.weixin.qq.com?params=value" },
		{ ticket, "wm3WZYTPz0wzccnW", "1414587457",
		  "http://mp.weixin.qq.com?params=value" },
		{ ticket, "Wm3WZYTPz0wzccnW", "1414587458",
		  "http://mp.weixin.qq.com?params=value" },
		{ ticket, "Wm3WZYTPz0wzccnW", "1414587457",
		  "http://mp.weixin.qq.com?params=Value" },
	};
	static const char wanted[] = "0f9de62fce790f9a083d5c99e95740ceb90c27ed";
	char got[WECHAT_SIGNATURE_LEN + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		wechat_js_sign(parts[i][0], parts[i][1], parts[i][2], parts[i][3], got);
		assert_int_equal(strlen(got), WECHAT_SIGNATURE_LEN);
		assert_int_equal(!strcmp(got, wanted), i == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),          cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_sample),       cmocka_unit_test(test_encrypt),
		cmocka_unit_test(test_every_length), cmocka_unit_test(test_not_base64),
		cmocka_unit_test(test_documents),    cmocka_unit_test(test_size),
		cmocka_unit_test(test_scenes),       cmocka_unit_test(test_message_keys),
		cmocka_unit_test(test_replies),      cmocka_unit_test(test_report),
		cmocka_unit_test(test_answers),      cmocka_unit_test(test_many_answers),
		cmocka_unit_test(test_js_signature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
