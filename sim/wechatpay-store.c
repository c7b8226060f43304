/* wechatpay-store.c: the orders of the sim's WeChat Pay, a file each. */
#include "wechatpay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "wechat-code.h"

static void make_folder(const char *path)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		die("cannot make %s: %m", path);
}

char *pay_file(const char *kind, const char *name)
{
	char *top = sim_path("wechatpay"), *folder = xprintf("%s/%s", top, kind);
	char *path = xprintf("%s/%s", folder, name);

	make_folder(top);
	make_folder(folder);
	free(folder);
	free(top);
	return path;
}

void pay_lock(struct pay *p)
{
	char *path = pay_file("lock", "all");

	if (p->lock >= 0)
		die("the lock is held already");
	p->lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	while (p->lock >= 0 && flock(p->lock, LOCK_EX) && errno == EINTR)
		;
	if (p->lock < 0)
		die("cannot lock %s: %m", path);
	free(path);
}

void pay_unlock(struct pay *p)
{
	if (p->lock >= 0)
		close(p->lock);
	p->lock = -1;
}

void file_replace(const char *path, const void *bytes, size_t n)
{
	char *fresh = xprintf("%s.new", path);
	int fd = open(fresh, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	const char *at = bytes;

	if (fd < 0)
		die("cannot write %s: %m", fresh);
	while (n) {
		ssize_t written = write(fd, at, n);

		if (written < 0 && errno != EINTR)
			die("cannot write %s: %m", fresh);
		at += written > 0 ? written : 0;
		n -= written > 0 ? (size_t)written : 0;
	}
	if (close(fd) || rename(fresh, path))
		die("cannot replace %s: %m", path);
	free(fresh);
}

json_t *order_load(const char *out_trade_no)
{
	char *name = xprintf("%s.json", out_trade_no), *path = pay_file("order", name);
	json_t *order = json_load_file(path, 0, NULL);

	free(name);
	free(path);
	return order;
}

void order_save(const json_t *order)
{
	char *name = xprintf("%s.json", pay_text(order, "out_trade_no"));
	char *path = pay_file("order", name), *text = json_dumps(order, JSON_INDENT(1));

	if (!text)
		die("json_dumps failed");
	file_replace(path, text, strlen(text));
	free(text);
	free(path);
	free(name);
}

void pointer_save(const char *kind, const char *name, const char *out_trade_no)
{
	char *path = pay_file(kind, name);

	file_replace(path, out_trade_no, strlen(out_trade_no));
	free(path);
}

static bool is_name(const char *name)
{
	size_t n = strspn(name, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				"_-|*@");

	return n && n <= 64 && !name[n];
}

json_t *order_by(const char *kind, const char *name)
{
	char number[33] = "", *path;
	FILE *file;

	if (!name || !is_name(name))
		return NULL;
	path = pay_file(kind, name);
	file = fopen(path, "re");
	free(path);
	if (!file)
		return NULL;
	if (!fgets(number, sizeof(number), file))
		number[0] = '\0';
	fclose(file);
	return *number ? order_load(number) : NULL;
}

void orders_each(void (*each)(json_t *order, void *context), void *context)
{
	char *folder = pay_file("order", ".");
	struct dirent **name;
	int count = scandir(folder, &name, NULL, alphasort);

	if (count < 0)
		die("cannot read %s: %m", folder);
	for (int i = 0; i < count; i++) {
		size_t n = strlen(name[i]->d_name);

		if (n > 5 && !strcmp(name[i]->d_name + n - 5, ".json")) {
			char *number = xmemdup0(name[i]->d_name, n - 5);
			json_t *order = order_load(number);

			if (order)
				each(order, context);
			json_decref(order);
			free(number);
		}
		free(name[i]);
	}
	free(name);
	free(folder);
}
