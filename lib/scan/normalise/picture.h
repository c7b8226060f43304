/* picture.h: MagickWand's part: decode, turn, bound, encode. */
#ifndef NORMALISE_PICTURE_H
#define NORMALISE_PICTURE_H

#include "base/buffer.h"
#include "scan/header.h"
#include "scan/result.h"

#include "small.h"

#define PICTURE_GREY_PX 1024

struct picture {
	int width_px, height_px;
	struct small grey; /* about PICTURE_GREY_PX on its long side, to be judged */
	bool with_code; /* said by the caller: `whole` is wanted */
	struct small whole; /* grey, the full size */
	char code[SCAN_CODE_MAX + 1];
	struct buffer full, thumb;
};

/* Loads the libraries' modules and messages, which are files, while files can
 * still be opened. */
void picture_warm_up(void);
/* Decodes what feed_make() gave and fills the picture. */
enum scan_status picture_make(const struct buffer *feed, const struct scan_header *,
			      struct picture *);

#endif
