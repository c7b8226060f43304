/* header.h: what a picture says about itself, before any decoder sees it.
 *
 * A pure function over bytes from outside: JPEG (ITU-T T.81) and PNG (RFC
 * 2083) are walked from the first byte to the last, so that only whole files
 * of known structure and size reach a decoder. It is a fuzz target
 * (t/fuzz/image-header.c).
 *
 * What stands behind the end of a JPEG: phones append things, and refusing
 * them would refuse a large part of all good photos. So these are recognised
 * by their structure and cut off, never passed on: padding, further whole
 * JPEGs (CIPA DC-007 multi-picture: depth and gain maps), an MP4 (motion
 * photos) and Samsung's trailer. Anything else, and anything at all behind a
 * PNG, makes the file SCAN_BROKEN: it is a picture and something else.
 * Metadata that carries a web page, a script, a PDF or an archive does too. */
#ifndef SCAN_HEADER_H
#define SCAN_HEADER_H

#include "scan/scan.h"

enum scan_kind { SCAN_JPEG, SCAN_PNG };

struct scan_header {
	enum scan_kind kind;
	int width_px, height_px; /* as stored, before turning */
	int orientation; /* Exif 1..8; 1 when not said */
	size_t length; /* bytes of the picture without its trailer */
};

/* SCAN_TAKEN and the header, or the error of the file. */
enum scan_result scan_header_read(const void *data, size_t n, struct scan_header *);

#endif
