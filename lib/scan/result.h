/* result.h: what scan-normalise says on its standard output, once.
 *
 * Both ends run on one machine and are built together, so the struct goes over
 * the pipe as it is; full_len and thumb_len bytes of JPEG follow it. */
#ifndef SCAN_RESULT_H
#define SCAN_RESULT_H

#include "base/ceilings.h"
#include "base/base.h"

#define SCAN_ANSWER_MAGIC UINT64_C(0x324e4143534a5900)
/* The program's argument when a QR code is to be looked for, and how the text
 * of one of ours begins. */
#define SCAN_WITH_CODE "code"
#define SCAN_CODE_BEGIN "YJ1:"
/* In the program's environment: the process with which it ends. */
#define SCAN_PARENT "SCAN_PARENT"
#define SCAN_ANSWER_FULL_MAX (8 * 1024 * 1024)
#define SCAN_ANSWER_THUMB_MAX (512 * 1024)

enum scan_status {
	SCAN_STATUS_TAKEN = 1,
	SCAN_STATUS_REFUSED, /* the decoder gave up */
	SCAN_STATUS_BROKEN, /* the picture data end early or are damaged */
	SCAN_STATUS_UNSEALED, /* the sandbox could not be set up: no byte was read */
};

struct scan_answer {
	uint64_t magic;
	uint64_t phash;
	uint32_t status;
	uint32_t marks;
	uint32_t width_px, height_px;
	uint32_t full_len, thumb_len;
	char code[SCAN_CODE_MAX + 1]; /* of a QR code, printable ASCII; "" for none */
};

#endif
