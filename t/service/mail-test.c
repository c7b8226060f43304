/* mail-test.c: what stands in a mail's head, byte for byte, and what a mail
 * server's refusals mean. */
#include "service/mail.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <signal.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"

/* -- headers ---------------------------------------------------------------- */

static const struct {
	const char *name, *value, *line; /* NULL: refused */
} headers[] = {
	{ "Subject", "plain words", "Subject: plain words" },
	{ "Subject", "", "Subject: " },
	{ "Subject", "中文", "Subject: =?UTF-8?B?5Lit5paH?=" },
	{ "Subject", "A 中", "Subject: =?UTF-8?B?QSDkuK0=?=" },
	{ "Subject", "=?UTF-8?B?eA==?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=" },
	{ "Subject", " x", "Subject: =?UTF-8?B?IHg=?=" },
	{ "Subject", "x  y", "Subject: =?UTF-8?B?eCAgeQ==?=" },
	{ "Subject", "say \"x\"", "Subject: say \"x\"" },
	{ "Subject", "a\r\nBcc: b@c.cn", NULL },
	{ "Subject", "a\nb", NULL },
	{ "Subject", "a\rb", NULL },
	{ "Subject", "a\tb", NULL },
	{ "Subject", "a\x7f", NULL },
	{ "Subject", "a\xe2\x80\xa8", NULL }, /* U+2028 */
	{ "Subject", "a\xe2\x80\xae", NULL }, /* turns what follows around */
	{ "Subject", "\xff", NULL },
	{ "Subject", "\xe4\xb8", NULL }, /* half a character */
	{ "Sub ject", "x", NULL },
	{ "Subject:", "x", NULL },
	{ "Sub\r\nject", "x", NULL },
	{ "", "x", NULL },
};

static void test_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		struct buffer out = BUFFER_INIT;
		bool good = mail_header(&out, headers[i].name, headers[i].value);

		assert_int_equal(good, headers[i].line != NULL);
		assert_string_equal(buffer_text(&out), good ? headers[i].line : "");
		buffer_release(&out);
	}
}

/* Undoes encoded words (RFC 2047 6.2: blanks between two of them are none). */
static void decode(const char *line, struct buffer *out)
{
	static const char open[] = "=?UTF-8?B?";

	while ((line = strstr(line, open))) {
		size_t n = strcspn(line += sizeof(open) - 1, "?");
		unsigned char plain[64];
		int m = EVP_DecodeBlock(plain, (const unsigned char *)line, (int)n);

		assert_true(m > 0);
		m -= (line[n - 1] == '=') + (line[n - 2] == '=');
		assert_true(utf8_valid((char *)plain, (size_t)m)); /* whole characters */
		buffer_add(out, plain, (size_t)m);
		line += n;
	}
}

static void assert_folded(const char *text)
{
	for (size_t n; *text; text += n + (text[n] ? 2 : 0)) {
		n = strcspn(text, "\r\n");
		assert_true(n <= MAIL_LINE_MAX);
		if (text[n]) {
			assert_memory_equal(text + n, "\r\n", 2);
			assert_int_equal(text[n + 2], ' ');
		}
	}
}

/* Every length up to 300 characters, of one, two, three and four bytes. */
static void test_long_values(void **state)
{
	static const char *const units[] = { "x", "é", "证", "😀", "x证" };

	(void)state;
	for (size_t u = 0; u < ARRAY_SIZE(units); u++) {
		struct buffer value = BUFFER_INIT;

		for (int n = 1; n <= 300; n++) {
			struct buffer out = BUFFER_INIT, back = BUFFER_INIT;

			buffer_puts(&value, units[u]);
			assert_true(mail_header(&out, "Subject", value.data));
			assert_folded(out.data);
			decode(out.data, &back);
			if (back.len)
				assert_string_equal(back.data, value.data);
			else
				assert_string_equal(out.data + strlen("Subject: "), value.data);
			buffer_release(&out);
			buffer_release(&back);
		}
		buffer_release(&value);
	}
}

static void test_ceiling(void **state)
{
	struct buffer value = BUFFER_INIT, out = BUFFER_INIT;

	(void)state;
	while (value.len < MAIL_HEADER_MAX)
		buffer_putc(&value, 'x');
	assert_true(mail_header(&out, "Subject", value.data));
	buffer_reset(&out);
	buffer_putc(&value, 'x');
	assert_false(mail_header(&out, "Subject", value.data));
	assert_int_equal(out.len, 0);
	buffer_release(&value);
	buffer_release(&out);
}

#define X60 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
	const char *address;
	bool good;
} addresses[] = {
	{ "a@b.cn", true },
	{ "a.b+c-d_e@mail.example.com", true },
	{ "o'brien@example.com", true },
	{ X60 "abcd@example.com", true },
	{ X60 "abcde@example.com", false }, /* 65 before the @ */
	{ "a@" X60 "." X60 "." X60 "." X60 ".an.example", false }, /* over 254 */
	{ "", false },
	{ "@b.cn", false },
	{ "a", false },
	{ "a@b", false },
	{ "a@@b.cn", false },
	{ "a@b@c.cn", false },
	{ "a b@c.cn", false },
	{ "a@b.cn\r\nRCPT TO:<x@y.cn>", false },
	{ "a@b.cn\nBcc: x@y.cn", false },
	{ "\"a b\"@c.cn", false },
	{ "a\"@c.cn", false },
	{ "<a@b.cn>", false },
	{ "a@b.cn>", false },
	{ "a@b.cn,c@d.cn", false },
	{ "证书@b.cn", false },
	{ "a@证书.cn", false },
	{ ".a@b.cn", false },
	{ "a.@b.cn", false },
	{ "a..b@c.cn", false },
	{ "a@-b.cn", false },
	{ "a@b.cn.", false },
	{ "a@.cn", false },
	{ "a@b..cn", false },
};

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct buffer out = BUFFER_INIT;

		assert_int_equal(mail_is_address(addresses[i].address), addresses[i].good);
		assert_int_equal(mail_header_address(&out, "To", "", addresses[i].address),
				 addresses[i].good);
		buffer_release(&out);
	}
}

static const struct {
	const char *display, *line; /* NULL: refused */
} displays[] = {
	{ "", "From: a@b.cn" },
	{ "Zhang San", "From: \"Zhang San\" <a@b.cn>" },
	{ "a \"b\" \\c", "From: \"a \\\"b\\\" \\\\c\" <a@b.cn>" },
	{ "远鉴", "From: =?UTF-8?B?6L+c6Ym0?= <a@b.cn>" },
	{ "x\r\nBcc: y@z.cn", NULL },
};

static void test_displays(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(displays); i++) {
		struct buffer out = BUFFER_INIT;
		bool good = mail_header_address(&out, "From", displays[i].display, "a@b.cn");

		assert_int_equal(good, displays[i].line != NULL);
		if (good)
			assert_string_equal(out.data, displays[i].line);
		buffer_release(&out);
	}
}

static const struct {
	const char *name, *type, *disposition; /* NULL: refused */
} files[] = {
	{ "form.pdf", "Content-Type: application/pdf;\r\n name=\"form.pdf\"",
	  "Content-Disposition: attachment;\r\n filename=\"form.pdf\"" },
	{ "表.pdf", "Content-Type: application/pdf;\r\n name=\"=?UTF-8?B?6KGoLnBkZg==?=\"",
	  "Content-Disposition: attachment;\r\n filename*=UTF-8''%E8%A1%A8.pdf" },
	{ "a\"b.pdf", "Content-Type: application/pdf;\r\n name=\"=?UTF-8?B?YSJiLnBkZg==?=\"",
	  "Content-Disposition: attachment;\r\n filename*=UTF-8''a%22b.pdf" },
	{ "数字证书业务申请表.pdf",
	  "Content-Type: application/pdf;\r\n"
	  " name=\"=?UTF-8?B?5pWw5a2X6K+B5Lmm5Lia5Yqh55Sz6K+36KGoLnBkZg==?=\"",
	  "Content-Disposition: attachment;\r\n"
	  " filename*0*=UTF-8''%E6%95%B0%E5%AD%97%E8%AF%81%E4%B9%A6%E4%B8%9A"
	  "%E5%8A%A1;\r\n filename*1*=%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf" },
	{ "", NULL, NULL },
	{ "../x.pdf", NULL, NULL },
	{ "a\\b.pdf", NULL, NULL },
	{ "a\r\nb.pdf", NULL, NULL },
	{ "\xff.pdf", NULL, NULL },
};

static void test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct buffer type = BUFFER_INIT, disposition = BUFFER_INIT;
		bool good = mail_header_file(&type, &disposition, "application/pdf", files[i].name);

		assert_int_equal(good, files[i].type != NULL);
		if (good) {
			assert_string_equal(type.data, files[i].type);
			assert_string_equal(disposition.data, files[i].disposition);
			assert_folded(type.data);
			assert_folded(disposition.data);
		}
		buffer_release(&type);
		buffer_release(&disposition);
	}
}

static void test_types(void **state)
{
	static const char *const bad[] = { "pdf",   "a/b/c",   "a/",         "/b",
					   "a b/c", "a/b;c=d", "a/b\r\nX: y" };
	struct buffer type = BUFFER_INIT, disposition = BUFFER_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(mail_header_file(&type, &disposition, bad[i], "x.pdf"));
	assert_int_equal(type.len + disposition.len, 0);
}

static void test_date(void **state)
{
	struct buffer out = BUFFER_INIT;

	(void)state;
	mail_date(&out, 1767225600); /* midnight UTC, eight o'clock in China */
	assert_string_equal(out.data, "Thu, 1 Jan 2026 08:00:00 +0800");
	buffer_release(&out);
}

#define SILENCE_MS 300 /* until a server that has not greeted is given up */

/* -- a server that says what it is told to ----------------------------------- */

enum { GREETING, EHLO, MAIL, RCPT, DATA, TEXT, STEPS };

struct dialogue {
	const char *reply[STEPS]; /* NULL: as a good server; "": hangs up */
	enum service_result result;
	long code;
};

static const char *const good[STEPS] = { "220 x\r\n",  "250 x\r\n",  "250 ok\r\n",
					 "250 ok\r\n", "354 go\r\n", "250 taken\r\n" };

static const struct dialogue dialogues[] = {
	{ { NULL }, SERVICE_OK, 250 },
	{ { [GREETING] = "" }, SERVICE_RETRY_LATER, 0 },
	{ { [GREETING] = "421 busy\r\n" }, SERVICE_RETRY_LATER, 421 },
	{ { [GREETING] = "554 no\r\n" }, SERVICE_ALARM, 554 },
	{ { [GREETING] = "HTTP/1.1 200 OK\r\n" }, SERVICE_RETRY_LATER, 0 },
	{ { [EHLO] = "" }, SERVICE_RETRY_LATER, 220 },
	{ { [MAIL] = "550 not from you\r\n" }, SERVICE_ALARM, 550 },
	{ { [MAIL] = "530 log in\r\n" }, SERVICE_ALARM, 530 },
	{ { [MAIL] = "451 later\r\n" }, SERVICE_RETRY_LATER, 451 },
	{ { [MAIL] = "" }, SERVICE_RETRY_LATER, 250 },
	{ { [RCPT] = "550 no such user\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "553 bad name\r\n" }, SERVICE_UNREACHABLE, 553 },
	{ { [RCPT] = "450 grey\r\n" }, SERVICE_RETRY_LATER, 450 },
	{ { [RCPT] = "452 full\r\n" }, SERVICE_RETRY_LATER, 452 },
	{ { [DATA] = "554 no\r\n" }, SERVICE_PERMANENT, 554 },
	{ { [DATA] = "" }, SERVICE_RETRY_LATER, 250 },
	{ { [TEXT] = "552 too large\r\n" }, SERVICE_PERMANENT, 552 },
	{ { [TEXT] = "451 later\r\n" }, SERVICE_RETRY_LATER, 451 },
	/* QQ, to a sender that is too quick: each passes an hour later */
	{ { [GREETING] = "550 Connection frequency limited\r\n" }, SERVICE_RETRY_LATER, 550 },
	{ { [MAIL] = "550 Domain frequency limited.\r\n" }, SERVICE_RETRY_LATER, 550 },
	{ { [RCPT] = "550 Ip frequency limited. http://service.example.com/x\r\n" },
	  SERVICE_RETRY_LATER,
	  550 },
	{ { [RCPT] = "550-Ip frequency\r\n550 limited\r\n" }, SERVICE_RETRY_LATER, 550 },
	{ { [TEXT] = "550 Connection frequency limited\r\n" }, SERVICE_RETRY_LATER, 550 },
	{ { [RCPT] = "550 5.7.1 rate limited, try again later\r\n" }, SERVICE_RETRY_LATER, 550 },
	/* full today */
	{ { [RCPT] = "552 5.2.2 x\r\n" }, SERVICE_RETRY_LATER, 552 },
	{ { [RCPT] = "550 Mailbox is full\r\n" }, SERVICE_RETRY_LATER, 550 },
	{ { [RCPT] = "552 <full@example.com> over quota\r\n" }, SERVICE_RETRY_LATER, 552 },
	{ { [RCPT] = "452 4.2.2 over quota\r\n" }, SERVICE_RETRY_LATER, 452 },
	{ { [RCPT] = "554 5.3.2 system takes no mail now\r\n" }, SERVICE_RETRY_LATER, 554 },
	/* ours: lists, SPF, DKIM, DMARC, policy */
	{ { [RCPT] = "554 5.7.1 Service unavailable; client host blocked using an RBL\r\n" },
	  SERVICE_ALARM,
	  554 },
	{ { [RCPT] = "554 Your address is in DNSBL x\r\n" }, SERVICE_ALARM, 554 },
	{ { [TEXT] = "550 5.7.26 unauthenticated\r\n" }, SERVICE_ALARM, 550 },
	{ { [TEXT] = "550 SPF check failed\r\n" }, SERVICE_ALARM, 550 },
	{ { [TEXT] = "554 MI:SPF x\r\n" }, SERVICE_ALARM, 554 },
	{ { [TEXT] = "550 DMARC policy\r\n" }, SERVICE_ALARM, 550 },
	{ { [TEXT] = "554 DT:SPM looks like spam\r\n" }, SERVICE_ALARM, 554 },
	{ { [RCPT] = "550 5.7.1 x\r\n" }, SERVICE_ALARM, 550 },
	{ { [RCPT] = "550 5.1.8 sender's domain\r\n" }, SERVICE_ALARM, 550 },
	{ { [RCPT] = "450 4.7.1 grey\r\n" }, SERVICE_RETRY_LATER, 450 },
	{ { [RCPT] = "421 4.7.25 no PTR\r\n" }, SERVICE_ALARM, 421 },
	/* this recipient's: the address does not exist */
	{ { [RCPT] = "550 5.1.1 x\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "550 5.2.1 disabled\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "550 5.7.1 <spf@example.com>: user unknown\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "550 <spam.rbl@example.com> refused\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [TEXT] = "550 Mailbox not found\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [MAIL] = "550 5.1.1 user unknown\r\n" }, SERVICE_ALARM, 550 },
	/* words within words and numbers that are none */
	{ { [RCPT] = "550 antispfilter 5.7.1 x\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "550 5.7 x\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "550 2.2.2 x\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [RCPT] = "550\r\n" }, SERVICE_UNREACHABLE, 550 },
	{ { [TEXT] = "552 5.3.4 too large\r\n" }, SERVICE_PERMANENT, 552 },
	/* it may have taken the mail before it hung up */
	{ { [TEXT] = "" }, SERVICE_UNKNOWN, 354 },
};

static void read_until(FILE *in, const char *end)
{
	char line[2048];

	while (fgets(line, sizeof(line), in))
		if (!end || !strcmp(line, end))
			return;
	_exit(0);
}

static void NORETURN serve(int listener, const struct dialogue *d)
{
	int fd = accept(listener, NULL, NULL);
	FILE *in = fdopen(fd, "r");

	for (int i = 0; i < STEPS; i++) {
		const char *reply = d->reply[i] ? d->reply[i] : good[i];

		if (i != GREETING)
			read_until(in, i == TEXT ? ".\r\n" : NULL);
		if (!*reply || write(fd, reply, strlen(reply)) < 0)
			_exit(0);
		if (d->reply[i])
			break;
	}
	read_until(in, NULL); /* QUIT */
	if (write(fd, "221 bye\r\n", 9) < 0)
		_exit(1);
	_exit(0);
}

static int listen_anywhere(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	*port = ntohs(at.sin_port);
	return listener;
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static struct config *config_for(int port, bool tls)
{
	char folder[] = "/tmp/mail-test-XXXXXX";
	struct buffer main = BUFFER_INIT, secrets = BUFFER_INIT, text = BUFFER_INIT;
	struct buffer why = BUFFER_INIT;
	struct config *config;

	assert_non_null(mkdtemp(folder));
	buffer_printf(&main, "%s/main", folder);
	buffer_printf(&secrets, "%s/secrets", folder);
	buffer_printf(&text,
		      "public_url = http://127.0.0.1:1\nintranet_url = http://127.0.0.1:2\n"
		      "db_socket = /nowhere\nsecrets_file = %s\nkeyring_file = /nowhere\n"
		      "smtp_url = smtp://127.0.0.1:%d\nsmtp_tls = %s\n"
		      "mail_from = ca@example.cn\nmail_bounce = back@example.cn\n",
		      secrets.data, port, tls ? "yes" : "no");
	put(secrets.data, "");
	put(main.data, text.data);
	config = config_load(main.data, &why);
	assert_string_equal(buffer_text(&why), "");
	unlink(main.data);
	unlink(secrets.data);
	rmdir(folder);
	buffer_release(&main);
	buffer_release(&secrets);
	buffer_release(&text);
	return config;
}

static enum service_result send_to(int port, bool tls, const char *to,
				   struct service_report *report)
{
	struct config *config = config_for(port, tls);
	const struct mail_file file = { "表.pdf", "application/pdf", "%PDF", 4 };
	const struct mail mail = { .key = "k",
				   .to = to,
				   .subject = "中文",
				   .text = "正文",
				   .html = "<p>正文</p>",
				   .file = &file,
				   .file_count = 1,
				   .at = 1767225600,
				   .connect_ms = SILENCE_MS };
	enum service_result result = mail_send(config, &mail, report);

	config_free(config);
	return result;
}

static enum service_result talk(const struct dialogue *d, bool tls, struct service_report *report)
{
	enum service_result result;
	int port, listener = listen_anywhere(&port);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		serve(listener, d);
	close(listener);
	result = send_to(port, tls, "to@example.com", report);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return result;
}

static void test_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dialogues); i++) {
		struct service_report report;
		enum service_result result = talk(&dialogues[i], false, &report);

		if (result != dialogues[i].result || report.code != dialogues[i].code)
			print_message("dialogue %zu: %s %ld\n", i, service_result_names[result],
				      report.code);
		assert_int_equal(result, dialogues[i].result);
		assert_int_equal(report.code, dialogues[i].code);
	}
}

/* A server that offers no STARTTLS gets no mail when TLS is asked for. */
static void test_no_tls(void **state)
{
	struct service_report report;

	(void)state;
	assert_int_equal(talk(&dialogues[0], true, &report), SERVICE_ALARM);
}

static void test_no_server(void **state)
{
	struct service_report report;
	int port, listener = listen_anywhere(&port);

	(void)state;
	close(listener);
	assert_int_equal(send_to(port, false, "to@example.com", &report), SERVICE_RETRY_LATER);
	assert_string_equal(report.detail, "smtp=0 curl=7");
	/* refused before a connection is made */
	assert_int_equal(send_to(port, false, "to@example.com\r\nx", &report), SERVICE_PERMANENT);
}

static void test_message_id(void **state)
{
	struct config *config = config_for(1, false);
	struct mail mail = { .key = "e7-approved", .to = "a@b.cn", .subject = "x" };
	struct buffer one[MAIL_HEADERS] = { { 0 } }, two[MAIL_HEADERS] = { { 0 } };

	(void)state;
	assert_true(mail_headers(config, &mail, one));
	mail.at = 1;
	assert_true(mail_headers(config, &mail, two));
	assert_string_equal(one[4].data, two[4].data); /* the same mail once more */
	assert_non_null(strstr(one[4].data, "@example.cn>"));
	assert_null(strstr(one[4].data, "approved"));
	assert_string_equal(one[5].data, "Auto-Submitted: auto-generated");
	for (size_t i = 0; i < MAIL_HEADERS; i++) {
		buffer_release(&one[i]);
		buffer_release(&two[i]);
	}
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),   cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_ceiling),   cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_displays),  cmocka_unit_test(test_files),
		cmocka_unit_test(test_types),     cmocka_unit_test(test_date),
		cmocka_unit_test(test_replies),   cmocka_unit_test(test_no_tls),
		cmocka_unit_test(test_no_server), cmocka_unit_test(test_message_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
