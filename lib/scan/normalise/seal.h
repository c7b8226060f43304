/* seal.h: the process gives up everything but memory and its open files.
 *
 * Three layers: resource limits; Landlock with no path, port or scope allowed
 * (where the kernel has it, any ABI); seccomp with a list of allowed calls, the
 * rest kills the process. Seccomp is a must: without it nothing is read. */
#ifndef NORMALISE_SEAL_H
#define NORMALISE_SEAL_H

#include "base/base.h"

/* False when the process could not be sealed; it must then end. */
bool seal(void) MUST_USE;

#endif
