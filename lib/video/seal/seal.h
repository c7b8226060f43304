/* seal.h: what ffmpeg may do once video-seal has started it.
 *
 * Limits of time, memory and files; no gain of rights by exec; a network
 * without anything in it, where the kernel gives one; Landlock: the libraries
 * may be read, the program and its loader run, nothing written; seccomp: a list
 * of allowed calls, what an intruder would want ends the process, the rest is
 * answered with an error. Memory files given as descriptors are reached as
 * /proc/self/fd/N, which Landlock leaves alone; the caller decides who can write them.
 *
 * Landlock and seccomp are a must. A kernel without them runs no ffmpeg. */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include "base/base.h"

/* Seals the process so that it can still run `program`, by an execve() with
 * this very pointer, and nothing else. False when it cannot; then it must end. */
bool seal(const char *program) MUST_USE;

#endif
