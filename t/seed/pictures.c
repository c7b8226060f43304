/* pictures.c: the small pictures in t/seed/pictures, read once. */
#include "seed.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/die.h"

/* What a field shows, by the end of its name. */
static const struct {
	const char *field, *file;
	int width_px, height_px;
	uint64_t phash;
} kinds[] = {
	{ "licence", "licence", 96, 72, 0x8f3a1c0e7b55d2a4 },
	{ "id_front", "id-front", 96, 72, 0x2d9c4e61f08b7a13 },
	{ "id_back", "id-back", 96, 72, 0xc4b1937e5a2f6d08 },
	{ "application_form", "application-form", 54, 72, 0x61e8d07b3c94af52 },
	{ "user_agreement", "user-agreement", 54, 72, 0x17c5a94f82e36bd0 },
};

struct seed_pictures {
	struct scan_picture of[ARRAY_SIZE(kinds)];
	struct buffer recording;
};

static void slurp(const char *folder, const char *name, struct buffer *out)
{
	char *path = xprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	size_t n;

	if (!file)
		die("%s: %s", path, strerror(errno));
	do {
		n = fread(buffer_room(out, BUFSIZ), 1, BUFSIZ, file);
		out->len += n;
	} while (n);
	if (ferror(file) || !out->len)
		die("%s cannot be read", path);
	fclose(file);
	free(path);
}

struct seed_pictures *seed_pictures_load(const char *folder)
{
	struct seed_pictures *p = xcalloc(1, sizeof(*p));

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		char *full = xprintf("%s-full.jpg", kinds[i].file);
		char *thumb = xprintf("%s-thumb.jpg", kinds[i].file);

		slurp(folder, full, &p->of[i].full);
		slurp(folder, thumb, &p->of[i].thumb);
		p->of[i].width_px = kinds[i].width_px;
		p->of[i].height_px = kinds[i].height_px;
		p->of[i].phash = kinds[i].phash;
		free(full);
		free(thumb);
	}
	slurp(folder, "recording.mp4", &p->recording);
	return p;
}

void seed_pictures_free(struct seed_pictures *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		buffer_release(&p->of[i].full);
		buffer_release(&p->of[i].thumb);
	}
	buffer_release(&p->recording);
	free(p);
}

/* A field that is new shows a licence. */
const struct scan_picture *seed_picture(const struct seed_pictures *p, const char *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].field, field))
			return &p->of[i];
	return &p->of[0];
}

const struct buffer *seed_recording(const struct seed_pictures *p)
{
	return &p->recording;
}
