/* typeface.h: the fonts of printed documents.
 *
 * The whole Noto Sans CJK has 65,000 characters a weight, and cairo 1.16 reads
 * 16 MB of it into memory for each weight on a page, whatever is embedded. So the
 * build cuts out what GB/T 2312 has and the house itself writes (regular.otf,
 * bold.otf), and prints are set with those; one that holds a rarer character is
 * set with the system's fonts. */
#ifndef PRINT_TYPEFACE_H
#define PRINT_TYPEFACE_H

#include "base/base.h"

#include <pango/pangocairo.h>

#define TYPEFACE_FAMILY "Noto Sans CJK SC"

/* The folder with the fonts of the build: once in a program, before its first
 * print (more often does nothing). Without it, or where the files are missing,
 * the system's fonts serve. */
void typeface_open(const char *folder);
/* The fonts of the build, NULL without them; and the system's. Not to be freed. */
PangoFontMap *typeface_common(void);
PangoFontMap *typeface_whole(void);

#endif
