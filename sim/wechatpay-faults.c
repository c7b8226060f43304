/* wechatpay-faults.c: the sim's WeChat Pay on a bad day, when a test asks. */
#include "wechatpay.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"

#define SLOW_SECONDS 12
#define FOREVER (-1)
#define WORD_MAX 31

/* GET /faults?on=INTERFACE&what=WORD&times=N: the next N (else all) calls of
 * the interface (prepay, query, close, refund, refund-query, bill, bill-file,
 * certificates) go wrong; what=none ends it. Some take other words:
 *     on=notification   never, late, twice, wrong-amount, currency, and the flaws below
 *     on=query    behind too: says NOTPAY whatever came
 *     on=refund-outcome   abnormal, closed, processing (for 20 s)
 *     on=bill-file        wrong-hash too
 * With CODE any of WeChat's codes comes as a signed error. */
static const struct {
	const char *word;
	enum flaw flaw;
} flaws[] = {
	{ "unsigned", FLAW_UNSIGNED }, { "forged", FLAW_FORGED },     { "probe", FLAW_PROBE },
	{ "stale", FLAW_STALE },       { "stranger", FLAW_STRANGER }, { "lost", FLAW_LOST },
};

static const char *const codes[] = {
	"FREQUENCY_LIMITED", "SYSTEM_ERROR", "STATEMENT_CREATING",
	"NOT_ENOUGH",        "SIGN_ERROR",   "INVALID_REQUEST",
};

static bool is_word(const char *text)
{
	size_t n = text ? strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") :
			  0;

	return n > 0 && n <= WORD_MAX && !text[n];
}

void pay_faults(struct pay *p)
{
	const char *on = request_query(p->request, "on");
	const char *what = request_query(p->request, "what");
	const char *times = request_query(p->request, "times");
	char *path, *text;

	p->reply.type = "text/plain; charset=utf-8";
	if (!is_word(on) || !is_word(what)) {
		p->reply.status = 400;
		buffer_puts(&p->reply.body, "on=INTERFACE&what=WORD&times=N\n");
		return;
	}
	path = pay_file("faults", on);
	text = xprintf("%s %ld\n", what, times ? strtol(times, NULL, 10) : FOREVER);
	pay_lock(p);
	if (!strcmp(what, "none"))
		unlink(path);
	else
		file_replace(path, text, strlen(text));
	pay_unlock(p);
	free(text);
	free(path);
	buffer_puts(&p->reply.body, "ok\n");
}

bool faults_take(const char *on, char word[32])
{
	char *path = pay_file("faults", on), text[64] = "", *left;
	int fd = open(path, O_RDWR | O_CLOEXEC), n;
	long times = 0;

	free(path);
	if (fd < 0)
		return false;
	if (flock(fd, LOCK_EX) || read(fd, text, sizeof(text) - 1) < 0)
		die("cannot read the faults: %m");
	left = strchr(text, ' ');
	if (left) {
		*left = '\0';
		times = strtol(left + 1, NULL, 10);
	}
	snprintf(word, WORD_MAX + 1, "%.31s", text);
	if (times > 0) {
		n = snprintf(text, sizeof(text), "%s %ld\n", word, times - 1);
		if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
			die("cannot write the faults: %m");
	}
	close(fd);
	return times != 0;
}

/* An answer that WeChat's programs never gave. */
static void play_garbage(struct pay *p, int status)
{
	p->reply.status = status;
	p->reply.type = "text/html";
	buffer_puts(&p->reply.body, "502 Bad Gateway\n");
}

bool faults_first(struct pay *p, const char *on)
{
	char word[WORD_MAX + 1];

	if (!faults_take(on, word))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(flaws); i++)
		if (!strcmp(flaws[i].word, word))
			p->flaw = flaws[i].flaw;
	p->is_behind = !strcmp(word, "behind");
	if (!strcmp(word, "slow"))
		sleep(SLOW_SECONDS);
	else if (!strcmp(word, "down"))
		play_garbage(p, 503);
	else if (!strcmp(word, "garbage"))
		play_garbage(p, 200);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (!strcmp(codes[i], word)) {
			struct pay_signature s;

			pay_error(p, word);
			pay_sign(p, FLAW_NONE, p->reply.body.data, p->reply.body.len, &s);
			reply_header(&p->reply, "Wechatpay-Timestamp", s.timestamp);
			reply_header(&p->reply, "Wechatpay-Nonce", s.nonce);
			reply_header(&p->reply, "Wechatpay-Serial", s.serial);
			reply_header(&p->reply, "Wechatpay-Signature", s.signature.data);
			reply_header(&p->reply, "Request-ID", "sim-faults");
			buffer_release(&s.signature);
		}
	if (!strcmp(word, "wrong-hash"))
		buffer_puts(&p->reply.body, "!");
	return p->reply.body.len && strcmp(word, "wrong-hash") != 0;
}
