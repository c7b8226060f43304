/* wechatpay-test.c: WeChat Pay's signatures, seals and notifications: vectors and traps. */
#include "service/wechatpay-notification.h"

#include <setjmp.h>
#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/digest.h"
#include "service/wechatpay-vectors.h"

#define SERIAL "PUB_KEY_ID_0117672256060000000000"
#define TIME 1767225600
#define NONCE "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
#define ORDER                                                                                             \
	"{\"appid\":\"wx8888888888888888\",\"mchid\":\"1900000001\",\"description\":\"证书申请费\"," \
	"\"out_trade_no\":\"CA20260101000001\",\"notify_url\":"                                           \
	"\"https://ca.example.cn/cgi-bin/pay_notify\",\"amount\":{\"total\":20000,"                       \
	"\"currency\":\"CNY\"},\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}}"

#define APIV3 ((const uint8_t *)VECTOR_APIV3_KEY)

static void check_hash(const struct buffer *text, size_t len, const char *wanted)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	assert_int_equal(text->len, len);
	digest_sha256(text->data, text->len, hash);
	hex_encode(hash, sizeof(hash), hex);
	assert_string_equal(hex, wanted);
}

static void test_canonical(void **state)
{
	struct buffer text = BUFFER_INIT;

	(void)state;
	wechatpay_request_text(&text, "POST", "/v3/pay/transactions/jsapi", TIME, NONCE, ORDER,
			       strlen(ORDER));
	check_hash(&text, 342, "88bf05d1f6623f97055d9aadd548a48e4c42cdd8c0724121baaf6f39fbc0f1a3");
	buffer_reset(&text);
	wechatpay_request_text(
		&text, "GET", "/v3/pay/transactions/out-trade-no/CA20260101000001?mchid=1900000001",
		TIME, NONCE, "", 0);
	check_hash(&text, text.len,
		   "dae88fdb9d43cf76124cf6a80080a296a0b77cc6a4d5772e69c0b622cf51f9a9");
	assert_string_equal(text.data + text.len - 2, "\n\n");
	buffer_reset(&text);
	wechatpay_page_text(&text, "wx8888888888888888", TIME, NONCE, "wx2014");
	assert_string_equal(text.data,
			    "wx8888888888888888\n1767225600\n" NONCE "\nprepay_id=wx2014\n");
	buffer_release(&text);
}

/* -- verification -- */

static struct wechatpay_keys *keys_with_vector(void)
{
	struct wechatpay_keys *keys = wechatpay_keys_new();

	assert_int_equal(wechatpay_keys_add_public(keys, SERIAL, VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_OK);
	return keys;
}

static const struct wechatpay_signed vector = {
	VECTOR_TIME, VECTOR_NONCE, VECTOR_SIGNATURE, SERIAL, VECTOR_BODY, sizeof(VECTOR_BODY) - 1
};

#define PROBE WECHATPAY_PROBE_PREFIX "abc+/=="
#define OF_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What differs from the vector, and the verdict; seconds after its time. */
static const struct {
	const char *timestamp, *nonce, *signature, *serial;
	int64_t later;
	enum wechatpay_verdict verdict;
} verdicts[] = {
	{ .verdict = WECHATPAY_VERIFIED },
	{ .later = 300, .verdict = WECHATPAY_VERIFIED },
	{ .later = -300, .verdict = WECHATPAY_VERIFIED },
	{ .later = 301, .verdict = WECHATPAY_STALE },
	{ .later = -301, .verdict = WECHATPAY_STALE },
	{ .timestamp = "1767225607", .verdict = WECHATPAY_FORGED },
	{ .timestamp = "0", .verdict = WECHATPAY_STALE },
	{ .timestamp = "999999999999", .verdict = WECHATPAY_STALE },
	{ .timestamp = "9999999999999", .verdict = WECHATPAY_UNSIGNED },
	{ .timestamp = "+1767225606", .verdict = WECHATPAY_UNSIGNED },
	{ .timestamp = " 1767225606", .verdict = WECHATPAY_UNSIGNED },
	{ .timestamp = "01767225606", .verdict = WECHATPAY_FORGED },
	{ .timestamp = "1767225606.0", .verdict = WECHATPAY_UNSIGNED },
	{ .timestamp = "", .verdict = WECHATPAY_UNSIGNED },
	{ .nonce = "c5ac7061fccab6bf3e254dcf98995b8d", .verdict = WECHATPAY_FORGED },
	{ .nonce = "", .verdict = WECHATPAY_UNSIGNED },
	{ .nonce = "a\nb", .verdict = WECHATPAY_UNSIGNED },
	{ .serial = "PUB_KEY_ID_0117672256060000000001", .verdict = WECHATPAY_UNKNOWN_SERIAL },
	{ .serial = "", .verdict = WECHATPAY_UNSIGNED },
	{ .serial = OF_64 "x", .verdict = WECHATPAY_UNSIGNED },
	{ .serial = VECTOR_SERIAL, .verdict = WECHATPAY_KEY_EXPIRED },
	{ .signature = PROBE, .verdict = WECHATPAY_PROBE },
	{ .signature = PROBE, .serial = "x", .later = 999, .verdict = WECHATPAY_PROBE },
	{ .signature = WECHATPAY_PROBE_PREFIX, .verdict = WECHATPAY_PROBE },
	{ .signature = "WECHATPAY/SIGNTEST", .verdict = WECHATPAY_FORGED },
	{ .signature = "", .verdict = WECHATPAY_UNSIGNED },
	{ .signature = "AAAA", .verdict = WECHATPAY_FORGED },
	{ .signature = "not base64!", .verdict = WECHATPAY_UNSIGNED },
};

#define OR(other, own) ((other) ? (other) : (own))

static void test_verdicts(void **state)
{
	struct wechatpay_keys *keys = keys_with_vector();
	struct wechatpay_signed none = vector;

	(void)state;
	assert_int_equal(wechatpay_keys_add_certificate(keys, VECTOR_CERTIFICATE, NULL),
			 WECHATPAY_KEY_OK);
	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		struct wechatpay_signed s = vector;
		enum wechatpay_verdict verdict;

		s.timestamp = OR(verdicts[i].timestamp, s.timestamp);
		s.nonce = OR(verdicts[i].nonce, s.nonce);
		s.signature = OR(verdicts[i].signature, s.signature);
		s.serial = OR(verdicts[i].serial, s.serial);
		verdict = wechatpay_verify(keys, &s, VECTOR_NOW + verdicts[i].later);
		if (verdict != verdicts[i].verdict)
			fail_msg("case %zu: %s, not %s", i, wechatpay_verdict_names[verdict],
				 wechatpay_verdict_names[verdicts[i].verdict]);
	}
	none.signature = NULL;
	assert_int_equal(wechatpay_verify(keys, &none, VECTOR_NOW), WECHATPAY_UNSIGNED);
	none = (struct wechatpay_signed){ 0 };
	assert_int_equal(wechatpay_verify(keys, &none, VECTOR_NOW), WECHATPAY_UNSIGNED);
	assert_int_equal(ERR_peek_error(), 0);
	wechatpay_keys_free(keys);
}

/* Every bit of the body, and every character of the signature. */
static void test_bit_flips(void **state)
{
	struct wechatpay_keys *keys = keys_with_vector();
	struct wechatpay_signed s = vector;
	char *body = xstrdup(VECTOR_BODY), *signature = xstrdup(VECTOR_SIGNATURE);

	(void)state;
	s.body = body;
	for (size_t i = 0; i < s.body_len; i += 7) {
		body[i] = (char)(body[i] ^ 1 << i % 8);
		assert_int_equal(wechatpay_verify(keys, &s, VECTOR_NOW), WECHATPAY_FORGED);
		body[i] = (char)(body[i] ^ 1 << i % 8);
	}
	s.body_len--;
	assert_int_equal(wechatpay_verify(keys, &s, VECTOR_NOW), WECHATPAY_FORGED);
	s = vector;
	s.signature = signature;
	for (size_t i = 0; i < strlen(signature) - 2; i++) {
		char kept = signature[i];

		signature[i] = kept == 'A' ? 'B' : 'A';
		assert_int_equal(wechatpay_verify(keys, &s, VECTOR_NOW), WECHATPAY_FORGED);
		signature[i] = kept;
	}
	assert_int_equal(wechatpay_verify(keys, &s, VECTOR_NOW), WECHATPAY_VERIFIED);
	assert_int_equal(ERR_peek_error(), 0);
	free(body);
	free(signature);
	wechatpay_keys_free(keys);
}

static void test_keys(void **state)
{
	struct wechatpay_keys *keys = keys_with_vector();
	struct wechatpay_validity found;
	char name[8], pem[] = VECTOR_CERTIFICATE;

	(void)state;
	assert_int_equal(wechatpay_keys_add_certificate(keys, VECTOR_CERTIFICATE, &found),
			 WECHATPAY_KEY_OK);
	assert_string_equal(found.serial, VECTOR_SERIAL);
	assert_int_equal(found.not_before, VECTOR_NOT_BEFORE);
	assert_int_equal(found.not_after, VECTOR_NOT_AFTER);
	assert_int_equal(wechatpay_keys_count(keys), 2);
	assert_int_equal(wechatpay_keys_add_public(keys, SERIAL, VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_OK);
	assert_int_equal(wechatpay_keys_count(keys), 2);
	assert_int_equal(wechatpay_keys_add_public(keys, VECTOR_SERIAL, VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_TWICE);
	assert_int_equal(wechatpay_keys_add_public(keys, "", VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_BAD_NAME);
	assert_int_equal(wechatpay_keys_add_public(keys, OF_64 "x", VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_BAD_NAME);
	assert_int_equal(wechatpay_keys_add_public(keys, "a\"b", VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_BAD_NAME);
	assert_int_equal(wechatpay_keys_add_public(keys, "x", VECTOR_CERTIFICATE),
			 WECHATPAY_KEY_NO_PEM);
	assert_int_equal(wechatpay_keys_add_certificate(keys, VECTOR_PUBLIC_KEY, NULL),
			 WECHATPAY_KEY_NO_PEM);
	assert_int_equal(
		wechatpay_keys_add_public(
			keys, "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
		WECHATPAY_KEY_NO_RSA);
	pem[100] = '!';
	assert_int_equal(wechatpay_keys_add_certificate(keys, pem, NULL), WECHATPAY_KEY_NO_PEM);
	for (int i = 2; i < WECHATPAY_KEYS_MAX; i++) {
		snprintf(name, sizeof(name), "k%d", i);
		assert_int_equal(wechatpay_keys_add_public(keys, name, VECTOR_PUBLIC_KEY),
				 WECHATPAY_KEY_OK);
	}
	assert_int_equal(wechatpay_keys_add_public(keys, "more", VECTOR_PUBLIC_KEY),
			 WECHATPAY_KEY_TOO_MANY);
	wechatpay_keys_free(keys);
}

/* A truncated certificate is refused at every length. */
static void test_cut_certificates(void **state)
{
	struct buffer der = BUFFER_INIT;
	struct wechatpay_keys *keys = wechatpay_keys_new();
	const char *begin = strchr(VECTOR_CERTIFICATE, '\n') + 1;
	const char *end = strstr(VECTOR_CERTIFICATE, "-----END");
	struct buffer base64 = BUFFER_INIT;

	(void)state;
	for (const char *c = begin; c < end; c++)
		if (*c != '\n')
			buffer_putc(&base64, *c);
	assert_true(base64_decode(&der, base64.data, base64.len));
	for (size_t n = 0; n < der.len; n++) {
		struct buffer pem = BUFFER_INIT;

		buffer_puts(&pem, "-----BEGIN CERTIFICATE-----\n");
		base64_encode(&pem, der.data, n);
		buffer_puts(&pem, "\n-----END CERTIFICATE-----\n");
		assert_int_not_equal(wechatpay_keys_add_certificate(keys, pem.data, NULL),
				     WECHATPAY_KEY_OK);
		buffer_release(&pem);
	}
	buffer_release(&der);
	buffer_release(&base64);
	wechatpay_keys_free(keys);
}

/* -- our own signature -- */

static EVP_PKEY *write_key(const char *path, unsigned bits, mode_t mode)
{
	EVP_PKEY *key = EVP_RSA_gen(bits);
	FILE *file = fopen(path, "w");

	assert_non_null(key);
	assert_non_null(file);
	assert_true(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	assert_false(fclose(file));
	assert_false(chmod(path, mode));
	return key;
}

static void test_signer(void **state)
{
	char path[] = "/tmp/wechatpay-test-XXXXXX";
	struct buffer why = BUFFER_INIT, out = BUFFER_INIT;
	struct wechatpay_keys *keys = wechatpay_keys_new();
	struct wechatpay_signer *signer;
	EVP_PKEY *key;
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem;

	(void)state;
	close(mkstemp(path));
	key = write_key(path, 2048, 0600);
	signer = wechatpay_signer_open(path, &why);
	assert_non_null(signer);
	assert_true(PEM_write_bio_PUBKEY(bio, key));
	BIO_write(bio, "", 1);
	BIO_get_mem_data(bio, &pem);
	assert_int_equal(wechatpay_keys_add_public(keys, "own", pem), WECHATPAY_KEY_OK);
	wechatpay_sign(signer, VECTOR_TIME "\nn\nbody\n", strlen(VECTOR_TIME "\nn\nbody\n"), &out);
	struct wechatpay_signed s = { VECTOR_TIME, "n", out.data, "own", "body", 4 };
	assert_int_equal(wechatpay_verify(keys, &s, VECTOR_NOW), WECHATPAY_VERIFIED);
	s.body = "bodY";
	assert_int_equal(wechatpay_verify(keys, &s, VECTOR_NOW), WECHATPAY_FORGED);
	buffer_reset(&out);
	wechatpay_authorization(signer, "1900000001", "ABC", TIME, NONCE, "GET", "/v3/x", "", 0,
				&out);
	assert_int_equal(strncmp(out.data,
				 "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\",nonce_str=\"" NONCE
				 "\",timestamp=\"1767225600\",serial_no=\"ABC\",signature=\"",
				 strlen("WECHATPAY2-SHA256-RSA2048 mchid=\"1900000001\",nonce_str="
					"\"" NONCE "\",timestamp=\"1767225600\",serial_no=\"ABC\","
					"signature=\"")),
			 0);
	assert_int_equal(out.data[out.len - 1], '"');
	chmod(path, 0640);
	assert_null(wechatpay_signer_open(path, &why));
	assert_non_null(strstr(why.data, "mode 0600"));
	EVP_PKEY_free(key);
	key = write_key(path, 1024, 0600);
	assert_null(wechatpay_signer_open(path, &why));
	unlink(path);
	assert_null(wechatpay_signer_open(path, &why));
	assert_int_equal(ERR_peek_error(), 0);
	EVP_PKEY_free(key);
	BIO_free(bio);
	wechatpay_signer_free(signer);
	wechatpay_keys_free(keys);
	buffer_release(&why);
	buffer_release(&out);
}

/* -- the sealed resource -- */

static const struct {
	const char *nonce, *aad, *base64;
	enum wechatpay_seal result;
} seals[] = {
	{ "0123456789ab", "world", "8cyLViyNtc/bBmbxDwyAVLDTpT+o", WECHATPAY_SEAL_OK },
	{ "0123456789ab", "", "8cyLVix5TZ7idWK7Rq01yb/HOhBd", WECHATPAY_SEAL_OK },
	{ "0123456789ab", "World", "8cyLViyNtc/bBmbxDwyAVLDTpT+o", WECHATPAY_SEAL_BROKEN },
	{ "0123456789ab", "", "8cyLViyNtc/bBmbxDwyAVLDTpT+o", WECHATPAY_SEAL_BROKEN },
	{ "0123456789ac", "world", "8cyLViyNtc/bBmbxDwyAVLDTpT+o", WECHATPAY_SEAL_BROKEN },
	{ "0123456789a", "world", "8cyLViyNtc/bBmbxDwyAVLDTpT+o", WECHATPAY_SEAL_BAD_NONCE },
	{ "", "world", "8cyLViyNtc/bBmbxDwyAVLDTpT+o", WECHATPAY_SEAL_BAD_NONCE },
	{ "0123456789ab", "world", "8cyLViyNtc/bBmbxDwyAVLDTpT+", WECHATPAY_SEAL_NO_BASE64 },
	{ "0123456789ab", "world", "8cyLViyNtc/bBmbxDwyAVLDTpT+o\n", WECHATPAY_SEAL_NO_BASE64 },
	{ "0123456789ab", "world", "AAAAAAAAAAAAAAAAAAAA", WECHATPAY_SEAL_TOO_SHORT }, /* 15 */
	{ "0123456789ab", "world", "AAAAAAAAAAAAAAAAAAAAAA==", WECHATPAY_SEAL_BROKEN }, /* 16 */
	{ "0123456789ab", "world", "", WECHATPAY_SEAL_TOO_SHORT },
};

static void test_seals(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(seals); i++) {
		struct buffer plain = BUFFER_INIT;
		enum wechatpay_seal result = wechatpay_open_seal(APIV3, seals[i].nonce,
								 seals[i].aad, seals[i].base64,
								 strlen(seals[i].base64), &plain);

		if (result != seals[i].result)
			fail_msg("case %zu: %s", i, wechatpay_seal_names[result]);
		assert_string_equal(buffer_text(&plain),
				    result == WECHATPAY_SEAL_OK ? "hello" : "");
		buffer_release(&plain);
	}
}

static void test_sealed_bit_flips(void **state)
{
	struct buffer sealed = BUFFER_INIT, plain = BUFFER_INIT, bytes = BUFFER_INIT;

	(void)state;
	wechatpay_make_seal(APIV3, "0123456789ab", "world", "hello", 5, &sealed);
	assert_string_equal(sealed.data, "8cyLViyNtc/bBmbxDwyAVLDTpT+o");
	assert_true(base64_decode(&bytes, sealed.data, sealed.len));
	assert_int_equal(bytes.len, 21);
	for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
		bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
		buffer_reset(&sealed);
		base64_encode(&sealed, bytes.data, bytes.len);
		assert_int_equal(wechatpay_open_seal(APIV3, "0123456789ab", "world", sealed.data,
						     sealed.len, &plain),
				 WECHATPAY_SEAL_BROKEN);
		bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
	}
	assert_int_equal(plain.len, 0);
	buffer_release(&sealed);
	buffer_release(&plain);
	buffer_release(&bytes);
}

/* -- notifications -- */

static void test_vector_notification(void **state)
{
	struct wechatpay_notification notification;

	(void)state;
	assert_int_equal(
		wechatpay_notification_read(VECTOR_BODY, strlen(VECTOR_BODY), APIV3, &notification),
		WECHATPAY_READ_OK);
	assert_string_equal(notification.id, "EV-2026010100000000001");
	assert_int_equal(notification.event, WECHATPAY_EVENT_PAID);
	assert_string_equal(notification.trade.appid, "wx8888888888888888");
	assert_string_equal(notification.trade.mchid, "1900000001");
	assert_string_equal(notification.trade.out_trade_no, "CA20260101000001");
	assert_string_equal(notification.trade.transaction_id, "4200000000202601010000000001");
	assert_string_equal(notification.trade.trade_type, "JSAPI");
	assert_int_equal(notification.trade.state, WECHATPAY_TRADE_SUCCESS);
	assert_string_equal(notification.trade.success_time, "2026-01-01T08:00:05+08:00");
	assert_int_equal(notification.trade.success_at, 1767225605);
	assert_string_equal(notification.trade.openid, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
	assert_string_equal(notification.trade.currency, "CNY");
	assert_int_equal(notification.trade.total_fen, 20000);
	assert_int_equal(notification.trade.payer_total_fen, 20000);
	assert_int_equal(
		wechatpay_notification_read(VECTOR_BODY, strlen(VECTOR_BODY),
					    (const uint8_t *)"0123456789abcdef0123456789abcdeF",
					    &notification),
		WECHATPAY_READ_BAD_SEAL);
	assert_string_equal(notification.id, "EV-2026010100000000001");
	assert_string_equal(notification.trade.appid, "");
}

/* A piece of a good JSON, what stands there instead, and the result. */
struct change {
	const char *from, *to;
	enum wechatpay_read result;
};

static char *changed(const char *text, const struct change *c)
{
	const char *at = strstr(text, c->from);

	if (!at)
		fail_msg("nothing to change: %s", c->from);
	return xprintf("%.*s%s%s", (int)(at - text), text, c->to, at + strlen(c->from));
}

#define ID_36 "0123456789abcdef0123456789abcdef0123"

static const struct change trade_changes[] = {
	{ "20000", "20000", WECHATPAY_READ_OK },
	{ "\"total\":20000", "\"total\":0", WECHATPAY_READ_OK },
	{ "\"total\":20000", "\"total\":100000000000", WECHATPAY_READ_OK },
	{ "\"total\":20000", "\"total\":100000000001", WECHATPAY_READ_TOO_LONG },
	{ "\"total\":20000", "\"total\":-1", WECHATPAY_READ_TOO_LONG },
	{ "\"total\":20000", "\"total\":20000.0", WECHATPAY_READ_BAD_TYPE },
	{ "\"total\":20000", "\"total\":2e4", WECHATPAY_READ_BAD_TYPE },
	{ "\"total\":20000", "\"total\":\"20000\"", WECHATPAY_READ_BAD_TYPE },
	{ "\"total\":20000", "\"total\":true", WECHATPAY_READ_BAD_TYPE },
	{ "\"total\":20000", "\"total\":null", WECHATPAY_READ_MISSING },
	{ "\"total\":20000", "\"total\":99999999999999999999", WECHATPAY_READ_NO_JSON },
	{ "\"total\":20000", "\"total\":20000,\"total\":20000", WECHATPAY_READ_NO_JSON },
	{ "\"total\":20000,", "", WECHATPAY_READ_MISSING },
	{ "\"payer_total\":20000,", "", WECHATPAY_READ_OK },
	{ "\"payer_total\":20000,", "\"payer_total\":\"1\",", WECHATPAY_READ_BAD_TYPE },
	{ "\"currency\":\"CNY\",", "", WECHATPAY_READ_MISSING },
	{ "\"currency\":\"CNY\"", "\"currency\":\"\"", WECHATPAY_READ_MISSING },
	{ "\"currency\":\"CNY\"", "\"currency\":7", WECHATPAY_READ_BAD_TYPE },
	{ "\"amount\":{", "\"amount\":[],\"else\":{", WECHATPAY_READ_BAD_TYPE },
	{ "\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},", "", WECHATPAY_READ_OK },
	{ "\"payer\":{\"openid\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},", "\"payer\":{},",
	  WECHATPAY_READ_OK },
	{ "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "o\\u0000x", WECHATPAY_READ_NO_JSON },
	{ "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "张三", WECHATPAY_READ_BAD_TEXT },
	{ "CA20260101000001", "CA2026", WECHATPAY_READ_OK },
	{ "CA20260101000001", "CA202", WECHATPAY_READ_BAD_TEXT },
	{ "CA20260101000001", "_-|*AZaz09_-|*AZaz09_-|*AZaz0901", WECHATPAY_READ_OK },
	{ "CA20260101000001", "_-|*AZaz09_-|*AZaz09_-|*AZaz09012", WECHATPAY_READ_TOO_LONG },
	{ "CA20260101000001", "CA2026@1", WECHATPAY_READ_BAD_TEXT },
	{ "4200000000202601010000000001", "", WECHATPAY_READ_MISSING },
	{ "4200000000202601010000000001", ID_36, WECHATPAY_READ_TOO_LONG },
	{ "4200000000202601010000000001", "a b", WECHATPAY_READ_BAD_TEXT },
	{ "\"trade_state\":\"SUCCESS\"", "\"trade_state\":\"REFUND\"", WECHATPAY_READ_OK },
	{ "\"trade_state\":\"SUCCESS\"", "\"trade_state\":\"success\"", WECHATPAY_READ_BAD_VALUE },
	{ "\"trade_state\":\"SUCCESS\"", "\"trade_state\":1", WECHATPAY_READ_BAD_TYPE },
	{ "\"trade_state\":\"SUCCESS\",", "", WECHATPAY_READ_MISSING },
	{ "2026-01-01T08:00:05+08:00", "2026-02-29T08:00:05+08:00", WECHATPAY_READ_BAD_TEXT },
	{ "2026-01-01T08:00:05+08:00", "2026-01-01T08:00:05Z", WECHATPAY_READ_BAD_TEXT },
	{ "2026-01-01T08:00:05+08:00", "2026-01-01T24:00:05+08:00", WECHATPAY_READ_BAD_TEXT },
	{ "\"success_time\":\"2026-01-01T08:00:05+08:00\",", "", WECHATPAY_READ_MISSING },
	{ "\"appid\":\"wx8888888888888888\",", "", WECHATPAY_READ_MISSING },
	{ "wx8888888888888888", "x" ID_36, WECHATPAY_READ_TOO_LONG },
	{ "{\"mchid\"", "[\"mchid\"", WECHATPAY_READ_NO_JSON },
	{ "\"CNY\"}}", "\"CNY\"}} ", WECHATPAY_READ_OK },
	{ "\"CNY\"}}", "\"CNY\"}}x", WECHATPAY_READ_NO_JSON },
	{ "\"CNY\"}}", "\"CNY\"}", WECHATPAY_READ_NO_JSON },
};

static void test_trades(void **state)
{
	static const struct wechatpay_trade nothing;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(trade_changes); i++) {
		struct wechatpay_trade trade;
		char *json = changed(VECTOR_PLAIN, &trade_changes[i]);
		enum wechatpay_read result = wechatpay_trade_read(json, strlen(json), &trade);

		if (result != trade_changes[i].result)
			fail_msg("%s -> %s: %s", trade_changes[i].from, trade_changes[i].to,
				 wechatpay_read_names[result]);
		if (result != WECHATPAY_READ_OK)
			assert_memory_equal(&trade, &nothing, sizeof(trade));
		free(json);
	}
}

static void test_open_order(void **state)
{
	static const char json[] = "{\"appid\":\"wx1\",\"mchid\":\"1900000001\",\"out_trade_no\":"
				   "\"CA2026\",\"trade_state\":\"NOTPAY\",\"payer\":{},"
				   "\"amount\":{\"total\":7,\"payer_currency\":\"CNY\"}}";
	struct wechatpay_trade trade;

	(void)state;
	assert_int_equal(wechatpay_trade_read(json, strlen(json), &trade), WECHATPAY_READ_OK);
	assert_int_equal(trade.state, WECHATPAY_TRADE_NOTPAY);
	assert_int_equal(trade.total_fen, 7);
	assert_string_equal(trade.transaction_id, "");
	assert_int_equal(wechatpay_trade_read("", 0, &trade), WECHATPAY_READ_NO_JSON);
	assert_int_equal(wechatpay_trade_read("7", 1, &trade), WECHATPAY_READ_NO_JSON);
}

#define REFUND                                                                                \
	"{\"mchid\":\"1900000001\",\"out_trade_no\":\"CA20260101000001\",\"transaction_id\":" \
	"\"42\",\"out_refund_no\":\"R1\",\"refund_id\":\"50\",\"refund_status\":\"SUCCESS\"," \
	"\"success_time\":\"2026-01-02T08:00:00+08:00\",\"user_received_account\":"           \
	"\"招商银行信用卡0403\",\"amount\":{\"total\":20000,\"refund\":500,"           \
	"\"payer_total\":20000,\"payer_refund\":499}}"

static enum wechatpay_read read_event(const char *event, const char *plain,
				      struct wechatpay_notification *notification)
{
	struct buffer sealed = BUFFER_INIT;
	enum wechatpay_read result;
	char *body;

	wechatpay_make_seal(APIV3, "0123456789ab", "refund", plain, strlen(plain), &sealed);
	body = xprintf("{\"id\":\"e1\",\"event_type\":\"%s\",\"resource\":{\"algorithm\":"
		       "\"AEAD_AES_256_GCM\",\"ciphertext\":\"%s\",\"associated_data\":\"refund\","
		       "\"nonce\":\"0123456789ab\"}}",
		       event, sealed.data);
	result = wechatpay_notification_read(body, strlen(body), APIV3, notification);
	buffer_release(&sealed);
	free(body);
	return result;
}

static const struct change refund_changes[] = {
	{ "500", "500", WECHATPAY_READ_OK },
	{ "\"refund\":500,", "", WECHATPAY_READ_MISSING },
	{ "\"refund\":500", "\"refund\":5.5", WECHATPAY_READ_BAD_TYPE },
	{ "\"R1\"", "\"a@b|c*\"", WECHATPAY_READ_OK },
	{ "\"R1\"", "\"" OF_64 "\"", WECHATPAY_READ_OK },
	{ "\"R1\"", "\"" OF_64 "x\"", WECHATPAY_READ_TOO_LONG },
	{ "\"R1\"", "\"a/b\"", WECHATPAY_READ_BAD_TEXT },
	{ "\"refund_status\":\"SUCCESS\"", "\"refund_status\":\"CLOSED\"",
	  WECHATPAY_READ_BAD_VALUE },
	{ "\"refund_status\":\"SUCCESS\"", "\"status\":\"SUCCESS\"", WECHATPAY_READ_MISSING },
	{ "\"success_time\":\"2026-01-02T08:00:00+08:00\",", "", WECHATPAY_READ_MISSING },
};

static void test_refunds(void **state)
{
	struct wechatpay_notification notification;
	struct wechatpay_refund refund;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refund_changes); i++) {
		char *json = changed(REFUND, &refund_changes[i]);
		enum wechatpay_read result = read_event("REFUND.SUCCESS", json, &notification);

		if (result != refund_changes[i].result)
			fail_msg("%s: %s", refund_changes[i].to, wechatpay_read_names[result]);
		free(json);
	}
	assert_int_equal(read_event("REFUND.SUCCESS", REFUND, &notification), WECHATPAY_READ_OK);
	assert_int_equal(notification.event, WECHATPAY_EVENT_REFUND_SUCCESS);
	assert_int_equal(notification.refund.refund_fen, 500);
	assert_int_equal(notification.refund.total_fen, 20000);
	assert_int_equal(notification.refund.payer_refund_fen, 499);
	assert_string_equal(notification.refund.out_refund_no, "R1");
	assert_int_equal(read_event("REFUND.ABNORMAL", REFUND, &notification),
			 WECHATPAY_READ_BAD_VALUE);
	assert_int_equal(read_event("REFUND.OTHER", REFUND, &notification),
			 WECHATPAY_READ_BAD_VALUE);
	assert_string_equal(notification.id, "e1");
	assert_int_equal(read_event("TRANSACTION.SUCCESS", REFUND, &notification),
			 WECHATPAY_READ_MISSING);
	assert_int_equal(read_event("REFUND.SUCCESS", "no JSON", &notification),
			 WECHATPAY_READ_NO_JSON);
	assert_int_equal(wechatpay_refund_read(REFUND, strlen(REFUND), &refund),
			 WECHATPAY_READ_MISSING);
}

static const struct change notification_changes[] = {
	{ "\"id\":\"EV-2026010100000000001\",", "", WECHATPAY_READ_MISSING },
	{ "EV-2026010100000000001", ID_36, WECHATPAY_READ_OK },
	{ "EV-2026010100000000001", ID_36 "4", WECHATPAY_READ_TOO_LONG },
	{ "\"id\"", "\"id\":\"x\",\"id\"", WECHATPAY_READ_NO_JSON },
	{ "TRANSACTION.SUCCESS", "TRANSACTION.PAYSCORE", WECHATPAY_READ_BAD_VALUE },
	{ "AEAD_AES_256_GCM", "AEAD_SM4_GCM", WECHATPAY_READ_BAD_VALUE },
	{ "\"nonce\":\"fdasflkja484\"", "\"nonce\":7", WECHATPAY_READ_MISSING },
	{ "fdasflkja484", "fdasflkja48", WECHATPAY_READ_BAD_SEAL },
	{ "\"transaction\",\"nonce\"", "\"\",\"nonce\"", WECHATPAY_READ_BAD_SEAL },
	{ "\"transaction\",\"nonce\"", "7,\"nonce\"", WECHATPAY_READ_BAD_TYPE },
	{ "\"resource\":{", "\"resource\":[],\"x\":{", WECHATPAY_READ_BAD_TYPE },
	{ "\"resource\":{", "\"x\":{", WECHATPAY_READ_MISSING },
	{ "DUceg", "DUcef", WECHATPAY_READ_BAD_SEAL },
};

static void test_notifications(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(notification_changes); i++) {
		struct wechatpay_notification notification;
		char *json = changed(VECTOR_BODY, &notification_changes[i]);
		enum wechatpay_read result = wechatpay_notification_read(json, strlen(json), APIV3,
									 &notification);

		if (result != notification_changes[i].result)
			fail_msg("%s: %s", notification_changes[i].to,
				 wechatpay_read_names[result]);
		free(json);
	}
}

static void test_times(void **state)
{
	char text[WECHATPAY_TIME_LEN + 1];
	int64_t at;

	(void)state;
	wechatpay_time_write(1767225605, text);
	assert_string_equal(text, "2026-01-01T08:00:05+08:00");
	assert_true(wechatpay_time_read("2028-02-29T23:59:59+08:00", &at));
	wechatpay_time_write(at, text);
	assert_string_equal(text, "2028-02-29T23:59:59+08:00");
	assert_false(wechatpay_time_read("2026-01-01 08:00:05+08:00", &at));
	assert_false(wechatpay_time_read("2026-01-01T08:00:05+08:0", &at));
	assert_false(wechatpay_time_read("", &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_cut_certificates),
		cmocka_unit_test(test_signer),
		cmocka_unit_test(test_seals),
		cmocka_unit_test(test_sealed_bit_flips),
		cmocka_unit_test(test_vector_notification),
		cmocka_unit_test(test_trades),
		cmocka_unit_test(test_open_order),
		cmocka_unit_test(test_refunds),
		cmocka_unit_test(test_notifications),
		cmocka_unit_test(test_times),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
