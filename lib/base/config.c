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

struct config {
	char **value; /* of each key; NULL: not given */
	int *line; /* where it was given */
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

/* The error of a URL, or NULL. */
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

/* The error of a value of that key, or NULL. */
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

/* Opens a plain file; a secret one only with mode 0600 or stricter. */
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

static struct config *new_config(void)
{
	struct config *config = xcalloc(1, sizeof(*config));

	config->value = xcalloc(config_key_count, sizeof(*config->value));
	config->line = xcalloc(config_key_count, sizeof(*config->line));
	return config;
}

struct config *config_load(const char *path, struct buffer *why)
{
	struct config *config = new_config();
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
	free(config->value);
	free(config->line);
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
