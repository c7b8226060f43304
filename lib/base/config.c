/* config.c: the settings of an installation, from one file. */
#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/utf8.h"

#define CONFIG_FILE_MAX (64 * 1024)
#define CONFIG_DEFAULT_PATH SYSCONFDIR "/yuanjian/yuanjian.conf"

const struct config_key config_keys[] = {
	{ "public_url", CONFIG_ORIGIN, .required = true,
	  .help = "address of the applicant's pages as the phone sees it" },
	{ "intranet_url", CONFIG_ORIGIN, .required = true, .help = "address of the staff's pages" },
	{ "demo", CONFIG_FLAG, "no",
	  .help = "any browser may enter, and sandbox/ stands in for WeChat; loopback only" },

	{ "db_socket", CONFIG_PATH, .help = "unix socket of the database; else db_host" },
	{ "db_host", CONFIG_TEXT, .help = "host of the database; else db_socket" },
	{ "db_port", CONFIG_INT, "3306", .min = 1, .max = 65535, .help = "port on db_host" },
	{ "db_tls", CONFIG_FLAG, "no",
	  .help = "encrypt and verify the connection; required unless db_host is loopback" },
	{ "db_name", CONFIG_TEXT, "yuanjian", .help = "schema of the house" },
	{ "db_user_apply", CONFIG_TEXT, "yj_apply", .help = "account of the applicant's pages" },
	{ "db_user_clerk", CONFIG_TEXT, "yj_clerk", .help = "account of the clerks' pages" },
	{ "db_user_admin", CONFIG_TEXT, "yj_admin", .help = "account of the admin's pages" },
	{ "db_user_push", CONFIG_TEXT, "yj_push", .help = "account of the push programs" },
	{ "db_user_cron", CONFIG_TEXT, "yj_cron", .help = "account of the scheduled jobs" },
	{ "db_user_owner", CONFIG_TEXT, "yj_owner", .help = "account that migrates the schema" },

	{ "secrets_file", CONFIG_PATH, .required = true,
	  .help = "file with the passwords, mode 0600 or stricter" },
	{ "keyring_file", CONFIG_PATH, .required = true,
	  .help = "file with the keys for personal data, mode 0600 or stricter" },
	{ "scan_normaliser", CONFIG_PATH, LIBEXECDIR "/yuanjian/scan-normalise",
	  .help = "the sandboxed program that turns an upload into a scan" },

	{ "wechat_appid", CONFIG_TEXT, .help = "app id of the official account" },
	{ "wechat_authorize_url", CONFIG_URL, "https://open.weixin.qq.com/connect/oauth2/authorize",
	  .help = "where the phone logs in" },
	{ "wechat_api_url", CONFIG_URL, "https://api.weixin.qq.com",
	  .help = "where the programs ask WeChat" },
	{ "wechat_notify", CONFIG_TEXT, "template",
	  .help = "what the account tells an applicant with: template, subscription or none" },

	{ "wechatpay_mchid", CONFIG_TEXT,
	  .help = "merchant number of WeChat Pay; none: nothing is paid there" },
	{ "wechatpay_serial", CONFIG_TEXT,
	  .help = "serial number of the merchant's certificate, 40 hex digits" },
	{ "wechatpay_key_file", CONFIG_PATH,
	  .help = "the merchant's private key, PEM, mode 0600 or stricter" },
	{ "wechatpay_public_key_file", CONFIG_PATH,
	  .help = "public key that WeChat Pay signs with, PEM" },
	{ "wechatpay_public_key_id", CONFIG_TEXT, .help = "its name, PUB_KEY_ID_ and digits" },
	{ "wechatpay_certificate_dir", CONFIG_PATH,
	  .help = "folder of platform certificates, *.pem, for merchants that have them" },
	{ "wechatpay_api_url", CONFIG_URL, "https://api.mch.weixin.qq.com",
	  .help = "where the programs ask WeChat Pay" },

	{ "faceid_secret_id", CONFIG_TEXT, .help = "SecretId of the face identity service" },
	{ "faceid_rule_id", CONFIG_TEXT, .help = "RuleId of its flow, approved in its console" },
	{ "faceid_api_url", CONFIG_URL, "https://faceid.tencentcloudapi.com",
	  .help = "where the programs ask it" },

	{ "invoice_provider", CONFIG_TEXT, "manual",
	  .help = "who issues e-invoices: nuonuo, or manual: the accountant, by hand" },
	{ "invoice_seller_name", CONFIG_TEXT, .help = "the seller's name on an invoice" },
	{ "invoice_seller_tax_number", CONFIG_TEXT, .help = "the seller's tax number" },
	{ "invoice_goods_name", CONFIG_TEXT, .help = "what is sold, in the words of the invoice" },
	{ "invoice_goods_code", CONFIG_TEXT,
	  .help = "its tax classification code, 19 digits, from the accountant" },
	{ "invoice_tax_percent", CONFIG_INT, "6", .min = 0, .max = 17,
	  .help = "its tax rate in percent, from the accountant" },
	{ "invoice_clerk", CONFIG_TEXT, .help = "who issues, in the words of the invoice" },
	{ "invoice_pdf_hosts", CONFIG_TEXT,
	  .help = "hosts that invoices are fetched from, with blanks between; *.x: all under x" },
	{ "nuonuo_app_key", CONFIG_TEXT, .help = "app key at the e-invoice provider nuonuo" },
	{ "nuonuo_api_url", CONFIG_URL, "https://sdk.nuonuo.com/open/v1/services",
	  .help = "where the programs ask nuonuo" },
	{ "nuonuo_token_url", CONFIG_URL, "https://open.nuonuo.com/accessToken",
	  .help = "where they fetch their token" },

	{ "smtp_url", CONFIG_SMTP,
	  .help = "mail server, smtp://host:port or smtps://host:port; none: no mail" },
	{ "smtp_tls", CONFIG_FLAG, "yes",
	  .help = "insist on STARTTLS with a good certificate; no is for loopback only" },
	{ "smtp_user", CONFIG_TEXT, .help = "account on the mail server, if it wants one" },
	{ "mail_from", CONFIG_MAIL, .help = "address that mail to applicants comes from" },
	{ "mail_from_name", CONFIG_TEXT, "数字证书远程办理", .help = "name shown with mail_from" },
	{ "mail_bounce", CONFIG_MAIL, .help = "mailbox for mail that comes back" },
	{ "desk_email", CONFIG_TEXT,
	  .help = "mailbox of the staff: told when an application waits too long" },

	{ "last_breath", CONFIG_FLAG, "no",
	  .help = "end each answer after its process, so that httpd does not pause; "
		  "needs an init that reaps orphans" },

	{ "session_applicant_idle_min", CONFIG_INT, "30", .min = 1, .max = 1440,
	  .help = "minutes without a request after which an applicant logs in again" },
	{ "session_applicant_hours", CONFIG_INT, "8", .min = 1, .max = 168,
	  .help = "hours after which an applicant logs in again in any case" },
	{ "session_staff_idle_min", CONFIG_INT, "15", .min = 1, .max = 480,
	  .help = "the same for staff, minutes" },
	{ "session_staff_hours", CONFIG_INT, "8", .min = 1, .max = 24,
	  .help = "the same for staff, hours" },

	{ "db_password_apply", CONFIG_TEXT, .secret = true, .help = "password of db_user_apply" },
	{ "db_password_clerk", CONFIG_TEXT, .secret = true, .help = "password of db_user_clerk" },
	{ "db_password_admin", CONFIG_TEXT, .secret = true, .help = "password of db_user_admin" },
	{ "db_password_push", CONFIG_TEXT, .secret = true, .help = "password of db_user_push" },
	{ "db_password_cron", CONFIG_TEXT, .secret = true, .help = "password of db_user_cron" },
	{ "db_password_owner", CONFIG_TEXT, .secret = true, .help = "password of db_user_owner" },
	{ "smtp_password", CONFIG_TEXT, .secret = true, .help = "password of smtp_user" },
	{ "faceid_secret_key", CONFIG_TEXT, .secret = true,
	  .help = "SecretKey of faceid_secret_id" },
	{ "nuonuo_app_secret", CONFIG_TEXT, .secret = true,
	  .help = "app secret of nuonuo_app_key" },
	{ "wechat_secret", CONFIG_TEXT, .secret = true, .help = "app secret of wechat_appid" },
	{ "wechat_token", CONFIG_TEXT, .secret = true,
	  .help = "token of the account's server settings, 3 to 32 letters and digits" },
	{ "wechat_aes_key", CONFIG_TEXT, .secret = true,
	  .help = "EncodingAESKey of the same settings, 43 characters" },
	{ "wechatpay_apiv3_key", CONFIG_TEXT, .secret = true,
	  .help = "APIv3 key of wechatpay_mchid, 32 letters and digits" },
};
const size_t config_key_count = ARRAY_SIZE(config_keys);

struct config {
	char *value[ARRAY_SIZE(config_keys)]; /* NULL: not given */
	int line[ARRAY_SIZE(config_keys)]; /* where it was given */
};

/* One file while it is read. */
struct source {
	struct config *config;
	struct buffer *why;
	const char *path;
	int line;
	bool secret; /* this is the secrets file */
	bool good;
};

static void wrong(struct source *, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void wrong(struct source *src, int line, const char *fmt, ...)
{
	va_list ap;

	buffer_printf(src->why, "%s:%d: ", src->path, line);
	va_start(ap, fmt);
	buffer_vprintf(src->why, fmt, ap);
	va_end(ap);
	buffer_putc(src->why, '\n');
	src->good = false;
}

static size_t find(const char *key)
{
	size_t i = 0;

	while (i < config_key_count && strcmp(config_keys[i].name, key) != 0)
		i++;
	return i;
}

static size_t find_sure(const char *key)
{
	size_t i = find(key);

	if (i == config_key_count)
		die("config: no key %s", key);
	return i;
}

static bool is_loopback(const char *host, size_t n)
{
	static const char *const names[] = { "localhost", "[::1]", "::1" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == n && strncasecmp(host, names[i], n) == 0)
			return true;
	return n >= 7 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") >= n;
}

/* The host of a URL that url_fault() found good. */
static const char *url_host(const char *url, size_t *n)
{
	const char *host = strstr(url, "://") + 3;

	*n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	return host;
}

static bool url_is_loopback(const char *url)
{
	size_t n;
	const char *host = url_host(url, &n);

	return is_loopback(host, n);
}

static const char *port_fault(const char *port)
{
	char *end;
	long n = strtol(port, &end, 10);

	if (!isdigit((unsigned char)*port) || (*end && *end != '/') || n < 1 || n > 65535)
		return "has a port that is not from 1 to 65535";
	return NULL;
}

/* What is wrong with a URL, or NULL. */
static const char *url_fault(const char *url, enum config_type type)
{
	static const char host_characters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:";
	bool smtp = type == CONFIG_SMTP, plain = strncmp(url, "http://", 7) == 0;
	const char *host, *fault;
	size_t n;

	if (smtp && strncmp(url, "smtp://", 7) != 0 && strncmp(url, "smtps://", 8) != 0)
		return "must begin with smtp:// or smtps://";
	if (!smtp && !plain && strncmp(url, "https://", 8) != 0)
		return "must begin with https://";
	host = url_host(url, &n);
	if (n == 0 || strspn(host, host_characters) < n || strchr(host, ']') > host + n)
		return "has no valid host name";
	if (host[n] && host[n] != ':' && host[n] != '/')
		return "has no valid host name";
	if (host[n] == ':' && (fault = port_fault(host + n + 1)))
		return fault;
	if (strpbrk(host, "@?# \""))
		return "must not hold user, query or fragment";
	if (url[strlen(url) - 1] == '/')
		return "must not end in /";
	if (type != CONFIG_URL && strchr(host, '/'))
		return "must not have a path";
	if (plain && !is_loopback(host, n))
		return "must be https: plain http is for loopback only";
	return NULL;
}

static const char *mail_fault(const char *address)
{
	const char *at = strchr(address, '@');

	if (!at || at == address || strchr(at + 1, '@') || !strchr(at + 1, '.') ||
	    strpbrk(address, " \t<>\"(),;:\\[]") || strlen(address) > 254)
		return "is not a mail address";
	for (const char *c = address; *c; c++)
		if ((unsigned char)*c >= 0x80)
			return "is not a mail address";
	return NULL;
}

/* What is wrong with a value of that key, or NULL. */
static const char *value_fault(const struct config_key *key, const char *value)
{
	char *end;
	long n;

	if (!*value)
		return "is empty";
	switch (key->type) {
	case CONFIG_PATH:
		return *value == '/' ? NULL : "must be an absolute path";
	case CONFIG_URL:
	case CONFIG_ORIGIN:
	case CONFIG_SMTP:
		return url_fault(value, key->type);
	case CONFIG_MAIL:
		return mail_fault(value);
	case CONFIG_INT:
		errno = 0;
		n = strtol(value, &end, 10);
		if (!isdigit((unsigned char)*value) || *end || errno)
			return "must be a whole number";
		return n < key->min || n > key->max ? "is out of bounds" : NULL;
	case CONFIG_FLAG:
		return strcmp(value, "yes") && strcmp(value, "no") ? "must be yes or no" : NULL;
	case CONFIG_TEXT:
	case CONFIG_TYPE_COUNT:
		break;
	}
	return NULL;
}

static void set(struct source *src, const char *name, const char *value)
{
	size_t i = find(name);
	const char *fault;

	if (i == config_key_count) {
		wrong(src, src->line, "unknown key %s", name);
	} else if (config_keys[i].secret != src->secret) {
		wrong(src, src->line, "%s belongs in %s", name,
		      src->secret ? "the main file" : "the secrets file");
	} else if (src->config->value[i]) {
		wrong(src, src->line, "%s is given twice, first in line %d", name,
		      src->config->line[i]);
	} else if ((fault = value_fault(&config_keys[i], value))) {
		if (config_keys[i].type == CONFIG_INT)
			wrong(src, src->line, "%s %s (%ld to %ld)", name, fault, config_keys[i].min,
			      config_keys[i].max);
		else
			wrong(src, src->line, "%s %s", name, fault);
	}
	if (i == config_key_count || src->config->value[i])
		return;
	/* kept even when wrong, so that "missing" is not said as well */
	src->config->value[i] = xstrdup(value);
	src->config->line[i] = src->line;
}

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	n = strlen(text);
	while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	text[n] = '\0';
	return text;
}

/* Cuts the value out of what stands behind the equals sign, in place; NULL
 * when the quotes are wrong. */
static char *cut_value(char *text)
{
	char *end;

	text += strspn(text, " \t");
	if (*text != '"') {
		text[strcspn(text, "#")] = '\0';
		return trim(text);
	}
	end = strchr(++text, '"');
	if (!end)
		return NULL;
	*end++ = '\0';
	end += strspn(end, " \t");
	return *end && *end != '#' ? NULL : text;
}

static void read_line(struct source *src, char *line)
{
	char *equals, *value;

	line = trim(line);
	if (!*line || *line == '#')
		return;
	equals = line + strcspn(line, "=#");
	if (*equals != '=') {
		wrong(src, src->line, "expected key = value");
		return;
	}
	*equals = '\0';
	value = cut_value(equals + 1);
	if (!value)
		wrong(src, src->line, "the quotes of the value are not closed well");
	else
		set(src, trim(line), value);
}

/* Opens a plain file; a secret one only when nobody else can read it. */
static int open_plain(struct source *src)
{
	int fd = open(src->path,
		      O_RDONLY | O_CLOEXEC | O_NONBLOCK | (src->secret ? O_NOFOLLOW : 0));
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		wrong(src, 1, "cannot open: %s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		wrong(src, 1, "is not a plain file");
	else if (src->secret && (st.st_mode & 0177))
		wrong(src, 1, "mode is %04o, must be 0600 or stricter",
		      (unsigned)st.st_mode & 07777);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The bytes of the file; false when it cannot be read or is too large. */
static bool slurp(struct source *src, struct buffer *text)
{
	int fd = open_plain(src);
	ssize_t n = 0;

	if (fd < 0)
		return false;
	while (text->len <= CONFIG_FILE_MAX) {
		n = read(fd, buffer_room(text, 4096), 4096);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		text->len += (size_t)n;
		text->data[text->len] = '\0';
	}
	if (n < 0)
		wrong(src, 1, "cannot read: %s", strerror(errno));
	else if (text->len > CONFIG_FILE_MAX)
		wrong(src, 1, "is larger than %d bytes", CONFIG_FILE_MAX);
	close(fd);
	return src->good;
}

static void read_file(struct source *src)
{
	struct buffer text = BUFFER_INIT;
	char *line, *end;

	if (!slurp(src, &text) || !text.len)
		goto out;
	for (line = text.data; line < text.data + text.len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text.data + text.len - line));
		if (!end)
			end = text.data + text.len;
		*end = '\0';
		src->line++;
		if (end > line && end[-1] == '\r')
			end[-1] = '\0';
		if (strlen(line) + 1 < (size_t)(end - line) || !utf8_valid(line, strlen(line)) ||
		    utf8_has_control(line, true))
			wrong(src, src->line, "is not plain UTF-8 text");
		else
			read_line(src, line);
	}
out:
	buffer_wipe(&text);
}

static const char *value_of(const struct config *config, size_t i)
{
	const char *fallback = config_keys[i].fallback ? config_keys[i].fallback : "";

	return config->value[i] ? config->value[i] : fallback;
}

static int line_of(const struct config *config, const char *key)
{
	return config->line[find_sure(key)];
}

/* Mail that leaves the machine is encrypted, and can come back. */
static void check_mail(struct source *src)
{
	const char *url = config_text(src->config, "smtp_url");

	if (!*url || !src->good)
		return;
	for (size_t i = 0; i < config_key_count; i++)
		if (config_keys[i].type == CONFIG_MAIL && !src->config->value[i])
			wrong(src, line_of(src->config, "smtp_url"), "smtp_url needs %s",
			      config_keys[i].name);
	if (!config_flag(src->config, "smtp_tls") && !url_is_loopback(url))
		wrong(src, line_of(src->config, "smtp_tls"),
		      "smtp_url is not loopback: smtp_tls must be yes");
}

/* What a merchant needs beside its number. */
static void check_pay(struct source *src)
{
	static const char *const needed[] = { "wechat_appid", "wechatpay_serial",
					      "wechatpay_key_file" };
	const struct config *config = src->config;
	int line = line_of(config, "wechatpay_mchid");
	bool has_file = *config_text(config, "wechatpay_public_key_file");

	if (!src->good || !*config_text(config, "wechatpay_mchid"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!*config_text(config, needed[i]))
			wrong(src, line, "wechatpay_mchid needs %s", needed[i]);
	if (has_file != (*config_text(config, "wechatpay_public_key_id") != '\0'))
		wrong(src, line,
		      "wechatpay_public_key_file and wechatpay_public_key_id go together");
	if (!has_file && !*config_text(config, "wechatpay_certificate_dir"))
		wrong(src, line,
		      "wechatpay_mchid needs wechatpay_public_key_file or wechatpay_certificate_dir");
}

/* What only shows when all keys are known. */
static void check_whole(struct source *src)
{
	const struct config *config = src->config;
	const char *socket = config_text(config, "db_socket");
	const char *host = config_text(config, "db_host");

	for (size_t i = 0; i < config_key_count; i++)
		if (config_keys[i].required && !config->value[i])
			wrong(src, src->line, "%s is missing", config_keys[i].name);
	if (!*socket && !*host)
		wrong(src, src->line, "db_socket or db_host is missing");
	if (*socket && *host)
		wrong(src, line_of(config, "db_host"), "db_host excludes db_socket");
	if (*host && !is_loopback(host, strlen(host)) && !config_flag(config, "db_tls"))
		wrong(src, line_of(config, "db_host"),
		      "db_host is not loopback: db_tls must be yes");
#ifndef YJ_DB_TLS
	if (config_flag(config, "db_tls"))
		wrong(src, line_of(config, "db_tls"),
		      "this build speaks no TLS to the database: configure with --enable-db-tls");
#endif
	if (src->good && config_flag(config, "demo") &&
	    !(url_is_loopback(config_text(config, "public_url")) &&
	      url_is_loopback(config_text(config, "intranet_url"))))
		wrong(src, line_of(config, "demo"),
		      "demo lets anybody in: both addresses must be loopback");
	check_mail(src);
	check_pay(src);
}

struct config *config_load(const char *path, struct buffer *why)
{
	struct config *config = xcalloc(1, sizeof(*config));
	struct source file = { config, why, path, .good = true };
	struct source secrets = { config, why, .secret = true, .good = true };

	read_file(&file);
	if (!file.line && !file.good)
		goto out; /* not even opened: nothing more to say */
	check_whole(&file);
	secrets.path = config_text(config, "secrets_file");
	if (*secrets.path == '/')
		read_file(&secrets);
out:
	if (file.good && secrets.good)
		return config;
	config_free(config);
	return NULL;
}

struct config *config_open(void)
{
	struct buffer why = BUFFER_INIT;
	const char *path = getenv("YJ_CONFIG");
	struct config *config = config_load(path && *path ? path : CONFIG_DEFAULT_PATH, &why);

	if (!config)
		die("config: %.*s", (int)strcspn(buffer_text(&why), "\n"), buffer_text(&why));
	buffer_release(&why);
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config_key_count; i++) {
		if (config->value[i] && config_keys[i].secret)
			explicit_bzero(config->value[i], strlen(config->value[i]));
		free(config->value[i]);
	}
	free(config);
}

const char *config_text(const struct config *config, const char *key)
{
	return value_of(config, find_sure(key));
}

long config_int(const struct config *config, const char *key)
{
	return strtol(config_text(config, key), NULL, 10);
}

bool config_flag(const struct config *config, const char *key)
{
	return strcmp(config_text(config, key), "yes") == 0;
}
