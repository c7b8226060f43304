/* prompt.h: asks for a secret on a terminal. */
#ifndef BIN_PROMPT_H
#define BIN_PROMPT_H

#include "base/base.h"

/* Writes `words` to standard error and reads one line from the terminal that is
 * standard input, which shows nothing of it. The line goes to `out` without its
 * newline and with a 0 behind; of a longer one come size - 1 bytes. The terminal
 * is put back in every case: also before a signal ends the program (INT, TERM, HUP,
 * QUIT) or stops it (TSTP, after which it asks again). False at the end of the
 * input and when the terminal cannot be silenced. */
bool prompt_secret(const char *words, char *out, size_t size);

#endif
