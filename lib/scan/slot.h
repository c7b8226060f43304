/* slot.h: how many pictures this machine decodes at a time.
 *
 * A decoder may take SCAN_NORMALISE_MEMORY, so their number is bounded, whatever
 * the number of programs that want one. A slot is an abstract socket name
 * (unix(7)): bound by one process at a time and given back by the kernel however
 * that process ends. No file is made, so none is left behind. The
 * names carry device and inode of the decoder, so installations do not meet. */
#ifndef SCAN_SLOT_H
#define SCAN_SLOT_H

#include "base/base.h"

/* Takes a slot for the decoder at that path, waiting wait_ms for one at most.
 * Gives a descriptor that is the slot until it is closed, -1 when all stayed
 * taken. Children do not inherit it. */
int scan_slot_take(const char *program, int wait_ms) MUST_USE;

#endif
