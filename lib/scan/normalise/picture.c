/* picture.c: decodes, turns, bounds and encodes with MagickWand. */
#include "picture.h"

#include "wand.h"

#include "base/alloc.h"

#define QUALITY 85
#define THUMB_QUALITY 75
#define LEAST_PX 1500 /* of the long side, when more was there */

static const char *format_of(enum scan_kind kind)
{
	return kind == SCAN_JPEG ? "JPEG" : "PNG";
}

/* Limits of the library itself, inside those of the kernel. */
static void set_limits(void)
{
	MagickSetResourceLimit(ThreadResource, 1);
	MagickSetResourceLimit(WidthResource, SCAN_SIDE_MAX_PX);
	MagickSetResourceLimit(HeightResource, SCAN_SIDE_MAX_PX);
	MagickSetResourceLimit(AreaResource, SCAN_AREA_MAX_PX);
	MagickSetResourceLimit(MemoryResource, SCAN_NORMALISE_MEMORY);
	MagickSetResourceLimit(MapResource, 0);
	MagickSetResourceLimit(DiskResource, 0);
}

static bool encode(MagickWand *w, size_t quality, struct buffer *out)
{
	unsigned char *blob;
	size_t len = 0;

	if (!MagickSetImageFormat(w, "JPEG") || !MagickSetImageCompressionQuality(w, quality))
		return false;
	blob = MagickGetImageBlob(w, &len);
	if (!blob)
		return false;
	buffer_add(out, blob, len);
	MagickRelinquishMemory(blob);
	return true;
}

static void encode_options(MagickWand *w)
{
	/* a tenth more bytes, a quarter less time */
	MagickSetOption(w, "jpeg:optimize-coding", "false");
	MagickSetOption(w, "jpeg:sampling-factor", "2x2,1x1,1x1");
	MagickSetInterlaceScheme(w, NoInterlace);
	MagickSetType(w, TrueColorType);
}

/* A JPEG from 8-bit RGB. */
static bool encode_rgb(const uint8_t *rgb, int width, int height, size_t quality,
		       struct buffer *out)
{
	MagickWand *w = NewMagickWand();
	bool ok;

	encode_options(w);
	ok = MagickConstituteImage(w, width, height, "RGB", CharPixel, rgb) &&
	     encode(w, quality, out);
	DestroyMagickWand(w);
	return ok;
}

/* Whether a complaint says that data are missing or wrong. What remains is odd
 * but whole, such as "Invalid SOS parameters" in photos of some phones. */
static bool tells_damage(const char *complaint)
{
	static const char *const damage[] = {
		"orrupt JPEG data",
		"remature end",
		"ot enough",
		"CRC error",
		"ncorrect data",
		"Too much",
		"xtra compressed",
		"IDAT",
		"nvalid distance",
		"nsufficient image data",
		"nconsistent progression",
	};
	size_t i;

	for (i = 0; complaint && i < ARRAY_SIZE(damage); i++)
		if (strstr(complaint, damage[i]))
			return true;
	return false;
}

/* The worse of `status` and what these complaints say. */
static enum scan_status judge(ExceptionInfo *all, enum scan_status status)
{
	LinkedListInfo *list = all ? (LinkedListInfo *)all->exceptions : NULL;
	const ExceptionInfo *one;

	if (!list)
		return status;
	ResetLinkedListIterator(list);
	while ((one = GetNextValueInLinkedList(list))) {
		if (tells_damage(one->reason))
			return SCAN_STATUS_BROKEN;
		if (one->severity >= ErrorException)
			status = SCAN_STATUS_REFUSED;
	}
	return status;
}

static enum scan_status verdict(MagickWand *w, bool decoded)
{
	enum scan_status status = decoded ? SCAN_STATUS_TAKEN : SCAN_STATUS_REFUSED;
	ExceptionType severity;
	char *text = MagickGetException(w, &severity);

	if (severity >= ErrorException)
		status = SCAN_STATUS_REFUSED;
	if (tells_damage(text))
		status = SCAN_STATUS_BROKEN;
	MagickRelinquishMemory(text);
	return decoded ? judge(wand_image_exception(w), status) : status;
}

/* The decoder can give 1/k of the size for less than a k-th of the work, but
 * only when asked for exactly that. Where it would give much less than may be
 * kept, it gives more and the rest is resized. */
static void hint(MagickWand *w, const struct scan_header *h)
{
	int side = h->width_px > h->height_px ? h->width_px : h->height_px;
	int k = (side + SCAN_OUT_PX - 1) / SCAN_OUT_PX;
	char *size;

	while (k > 1 && side / k < LEAST_PX)
		k--;
	if (h->kind != SCAN_JPEG || k < 2)
		return;
	size = xprintf("%dx%d", h->width_px / k, h->height_px / k);
	MagickSetOption(w, "jpeg:size", size);
	free(size);
}

static enum scan_status decode(MagickWand *w, const struct buffer *feed,
			       const struct scan_header *h)
{
	enum scan_status status;
	bool ok;

	hint(w, h);
	/* forces the decoder; taken back, or the JPEG would come out as PNG */
	MagickSetFormat(w, format_of(h->kind));
	ok = MagickReadImageBlob(w, feed->data, feed->len);
	status = verdict(w, ok);
	MagickSetFormat(w, "JPEG");
	if (status == SCAN_STATUS_TAKEN && MagickGetNumberImages(w) != 1)
		status = SCAN_STATUS_REFUSED;
	return status;
}

/* Alpha on white paper, every colour space to sRGB. */
static bool flatten(MagickWand *w)
{
	PixelWand *white;
	bool ok = true;

	if (MagickGetImageAlphaChannel(w)) {
		white = NewPixelWand();
		PixelSetColor(white, "#ffffff");
		ok = MagickSetImageBackgroundColor(w, white) &&
		     MagickSetImageAlphaChannel(w, RemoveAlphaChannel);
		DestroyPixelWand(white);
	}
	if (ok && MagickGetImageColorspace(w) != sRGBColorspace)
		ok = MagickTransformImageColorspace(w, sRGBColorspace);
	return ok;
}

static bool bound(MagickWand *w)
{
	size_t width = MagickGetImageWidth(w), height = MagickGetImageHeight(w);
	size_t side = width > height ? width : height;

	if (side <= SCAN_OUT_PX)
		return true;
	width = width * SCAN_OUT_PX / side;
	height = height * SCAN_OUT_PX / side;
	return wand_resize(w, width ? width : 1, height ? height : 1, TriangleFilter);
}

static bool turn(MagickWand *w, int orientation)
{
	if (orientation == 1)
		return true;
	return MagickSetImageOrientation(w, (OrientationType)orientation) &&
	       MagickAutoOrientImage(w);
}

static bool thumb(const struct small *half, struct buffer *out)
{
	struct small t = small_bounded(half, SCAN_THUMB_PX);
	bool ok = encode_rgb(t.at, t.width_px, t.height_px, THUMB_QUALITY, out);

	free(t.at);
	return ok;
}

/* Thumbnail and grey copy are made of a half, which is a quarter of the work. */
static bool reduce(MagickWand *w, struct picture *p)
{
	struct small rgb = { p->width_px, p->height_px, 3, NULL }, half;
	int side = p->width_px > p->height_px ? p->width_px : p->height_px;
	bool ok;

	rgb.at = xmalloc((size_t)p->width_px * p->height_px * 3);
	if (!MagickExportImagePixels(w, 0, 0, p->width_px, p->height_px, "RGB", CharPixel, rgb.at))
		return false;
	half = side > PICTURE_GREY_PX ? small_by(&rgb, 2) : small_bounded(&rgb, side);
	if (p->with_code)
		p->whole = small_grey(&rgb);
	free(rgb.at);
	ok = thumb(&half, &p->thumb);
	p->grey = small_grey(&half);
	free(half.at);
	return ok;
}

/* Everything after decoding; false on any failure. */
static bool finish(MagickWand *w, const struct scan_header *h, struct picture *p)
{
	encode_options(w);
	if (!flatten(w) || !bound(w) || !turn(w, h->orientation) || !MagickStripImage(w))
		return false;
	MagickSetImageDepth(w, 8);
	p->width_px = (int)MagickGetImageWidth(w);
	p->height_px = (int)MagickGetImageHeight(w);
	if (!encode(w, QUALITY, &p->full))
		return false;
	return reduce(w, p);
}

enum scan_status picture_make(const struct buffer *feed, const struct scan_header *h,
			      struct picture *p)
{
	MagickWand *w = NewMagickWand();
	enum scan_status status = decode(w, feed, h);

	if (status == SCAN_STATUS_TAKEN && !finish(w, h, p))
		status = SCAN_STATUS_REFUSED;
	return status; /* the process ends soon: nothing is given back */
}

/* One tiny picture there and back. */
static void warm_up_coder(const char *format)
{
	static const uint8_t grey[8 * 8 * 3];
	MagickWand *w = NewMagickWand(), *back = NewMagickWand();
	unsigned char *blob = NULL;
	size_t len = 0;

	encode_options(w);
	if (MagickConstituteImage(w, 8, 8, "RGB", CharPixel, grey) &&
	    MagickSetImageFormat(w, format))
		blob = MagickGetImageBlob(w, &len);
	MagickSetFormat(back, format);
	if (blob && MagickReadImageBlob(back, blob, len)) {
		flatten(back);
		turn(back, 6);
		MagickStripImage(back);
	}
	MagickRelinquishMemory(blob);
	/* the first error looks for the files of messages */
	MagickSetFormat(w, format);
	MagickReadImageBlob(w, "harmless error, no picture", 26);
	MagickRelinquishMemory(MagickGetException(w, &(ExceptionType){ 0 }));
	DestroyMagickWand(w);
	DestroyMagickWand(back);
}

void picture_warm_up(void)
{
	MagickWandGenesis();
	set_limits();
	warm_up_coder("JPEG");
	warm_up_coder("PNG");
}
