/* code.c: the text in the QR code of a printed page. */
#include "print/code.h"

#include <ctype.h>
#include <strings.h>

#define FORM "YJ1"
#define BLANK "-"

static const struct {
	const char *name, *title, *sign;
} documents[PRINT_DOCUMENT_COUNT] = {
	[PRINT_APPLICATION_FORM] = { "application-form", "数字证书业务申请表", "AF" },
	[PRINT_USER_AGREEMENT] = { "user-agreement", "数字证书用户协议书", "UA" },
};

const char *print_name(enum print_document d)
{
	return documents[d].name;
}

const char *print_title(enum print_document d)
{
	return documents[d].title;
}

enum print_document print_by_name(const char *name)
{
	enum print_document d = 0;

	while (d < PRINT_DOCUMENT_COUNT && (!name || strcmp(documents[d].name, name) != 0))
		d++;
	return d;
}

/* CRC-16/CCITT-FALSE: polynomial 0x1021, begins with 0xffff. */
static unsigned crc16(const char *data, size_t n)
{
	unsigned crc = 0xffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned)(unsigned char)data[i] << 8;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? (crc << 1 ^ 0x1021) & 0xffff : crc << 1;
	}
	return crc;
}

/* A character as it stands in a code. */
static char plain(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.')
		return c;
	return '-';
}

static void put(struct buffer *out, const char *text)
{
	buffer_putc(out, ':');
	for (; *text; text++)
		buffer_putc(out, plain(*text));
}

void print_code_add_sum(struct buffer *out, size_t start)
{
	unsigned sum = crc16(buffer_text(out) + start, out->len - start);

	buffer_printf(out, ":%04X", sum);
}

void print_code_write(const struct print_code *c, struct buffer *out)
{
	size_t start = out->len;

	buffer_puts(out, FORM);
	put(out, c->project);
	put(out, documents[c->document].sign);
	put(out, *c->application ? c->application : BLANK);
	put(out, c->version);
	buffer_printf(out, ":%d/%d", c->sheet, c->sheets);
	print_code_add_sum(out, start);
}

/* Takes what stands before the next colon and moves behind it; false when it
 * is empty, too long or has a character that no code has. */
static bool take(const char **at, char *out, size_t size)
{
	size_t n = strcspn(*at, ":");

	if (!n || n >= size || !(*at)[n])
		return false;
	for (size_t i = 0; i < n; i++) {
		if (plain((*at)[i]) != (*at)[i])
			return false;
		out[i] = (*at)[i];
	}
	out[n] = '\0';
	*at += n + 1;
	return true;
}

/* 1 to PRINT_SHEETS_MAX without a leading zero; 0 for anything else. */
static int number(const char **at)
{
	int n = 0;

	if (**at == '0')
		return 0;
	for (; isdigit((unsigned char)**at); (*at)++) {
		n = 10 * n + (**at - '0');
		if (n > PRINT_SHEETS_MAX)
			return 0;
	}
	return n;
}

static bool take_sheet(const char **at, struct print_code *c)
{
	c->sheet = number(at);
	if (*(*at)++ != '/')
		return false;
	c->sheets = number(at);
	return *(*at)++ == ':' && c->sheet && c->sheet <= c->sheets;
}

static bool take_application(const char **at, struct print_code *c)
{
	if (!take(at, c->application, sizeof(c->application)))
		return false;
	for (char *l = c->application; *l; l++)
		*l = (char)tolower((unsigned char)*l);
	if (!strcmp(c->application, BLANK)) {
		*c->application = '\0';
		return true;
	}
	return is_public_id(c->application);
}

static bool take_document(const char **at, struct print_code *c)
{
	char sign[3];

	if (!take(at, sign, sizeof(sign)))
		return false;
	for (c->document = 0; c->document < PRINT_DOCUMENT_COUNT; c->document++)
		if (!strcmp(documents[c->document].sign, sign))
			return true;
	return false;
}

bool print_code_read(const char *text, struct print_code *c)
{
	const char *at = text, *sum = strrchr(text, ':');
	char form[sizeof(FORM)], wanted[5];

	*c = (struct print_code){ .document = PRINT_DOCUMENT_COUNT };
	if (strlen(text) > PRINT_CODE_MAX || !sum)
		return false;
	snprintf(wanted, sizeof(wanted), "%04X", crc16(text, (size_t)(sum - text)));
	return !strcmp(sum + 1, wanted) && take(&at, form, sizeof(form)) && !strcmp(form, FORM) &&
	       take(&at, c->project, sizeof(c->project)) && take_document(&at, c) &&
	       take_application(&at, c) && take(&at, c->version, sizeof(c->version)) &&
	       take_sheet(&at, c) && at == sum + 1;
}

/* Whether a word of ours is this word of a code. */
static bool same(const char *ours, const char *read)
{
	while (*ours && plain(*ours) == *read) {
		ours++;
		read++;
	}
	return !*ours && !*read;
}

enum print_verdict print_judge(const struct print_wanted *w, const char *text,
			       struct print_code *found)
{
	if (!text || !print_code_read(text, found))
		return PRINT_UNREADABLE;
	if (!same(w->project, found->project))
		return PRINT_OTHER_PROJECT;
	if (found->document != w->document)
		return PRINT_OTHER_DOCUMENT;
	if (*found->application && strcmp(found->application, w->application) != 0)
		return PRINT_OTHER_APPLICATION;
	return same(w->version, found->version) ? PRINT_FITS : PRINT_OTHER_VERSION;
}

const char *print_verdict_text(enum print_verdict verdict, enum print_document wanted)
{
	static const char *const other_document[PRINT_DOCUMENT_COUNT] = {
		[PRINT_APPLICATION_FORM] =
			("这张是《数字证书用户协议书》，请上传到“用户协议书”一项；"
			 "这里请上传《数字证书业务申请表》"),
		[PRINT_USER_AGREEMENT] = ("这张是《数字证书业务申请表》，请上传到“业务申请表”一项；"
					  "这里请上传《数字证书用户协议书》"),
	};
	static const char *const texts[PRINT_VERDICT_COUNT] = {
		[PRINT_FITS] = "已识别",
		[PRINT_UNREADABLE] = "未识别到二维码",
		[PRINT_OTHER_PROJECT] =
			"这张表是别的项目的。请在本页重新下载打印，签名盖章后再上传",
		[PRINT_OTHER_APPLICATION] =
			"这张表是另一笔申请的。请在本页重新下载打印，签名盖章后再上传",
		[PRINT_OTHER_VERSION] =
			"这张表的协议版本不是您同意的版本。请在本页重新下载打印，签名盖章后再上传",
	};

	if (verdict == PRINT_OTHER_DOCUMENT)
		return other_document[wanted];
	return texts[verdict];
}
