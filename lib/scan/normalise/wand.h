/* wand.h: MagickWand 6 and 7 under one set of names. */
#ifndef NORMALISE_WAND_H
#define NORMALISE_WAND_H

#include "base/base.h"

#if MAGICK_MAJOR == 7
#include <MagickWand/MagickWand.h>
#define wand_resize(w, width, height, filter) MagickResizeImage(w, width, height, filter)
#else
#include <wand/MagickWand.h>
#define wand_resize(w, width, height, filter) MagickResizeImage(w, width, height, filter, 1.0)
#endif

#endif
