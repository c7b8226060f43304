/* wand.h: MagickWand 6 and 7 under one set of names. */
#ifndef NORMALISE_WAND_H
#define NORMALISE_WAND_H

#include "base/base.h"

/* The library's headers do not meet our warnings. */
#pragma GCC system_header

#if MAGICK_MAJOR == 7
#include <MagickWand/MagickWand.h>
#define wand_resize(w, width, height, filter) MagickResizeImage(w, width, height, filter)
/* Everything is in the wand's own exception. */
static inline ExceptionInfo *wand_image_exception(MagickWand *w UNUSED)
{
	return NULL;
}
#else
#include <wand/MagickWand.h>
#define wand_resize(w, width, height, filter) MagickResizeImage(w, width, height, filter, 1.0)
/* Version 6 leaves what the decoder complained of with the picture. */
static inline ExceptionInfo *wand_image_exception(MagickWand *w)
{
	Image *image = GetImageFromMagickWand(w);

	return image ? &image->exception : NULL;
}
#endif

#endif
