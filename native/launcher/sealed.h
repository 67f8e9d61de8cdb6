/*
 * A process that runs plans runs from a sealed copy of its binary in memory: what it starts could otherwise reach the
 * host's file through /proc/self/exe, and write to it later (CVE-2019-5736). Where the host lets no memory be executed
 * (vm.memfd_noexec), it runs from the file by a read-only mount of its own.
 */
#ifndef COFFER_SEALED_H
#define COFFER_SEALED_H

#include <limits.h>
#include <stdbool.h>

#include "must_check.h"

/* Whether a word names a command that starts a process in a container. */
must_check bool sealed_is_wanted(int argc, char **argv);

/*
 * Whether this is the copy. `binary` becomes the path of the file itself, or of that which the copy was made of, and is
 * empty where that is not known; `engine` what the copy was given, or -1.
 */
must_check bool sealed_find(char binary[PATH_MAX], int *engine);

/*
 * Executes a copy of the binary, which goes on with `engine`, a connection on which it was asked already, if that is
 * not -1. Returns where the host lets us execute neither copy nor view.
 */
void sealed_enter(char **argv, const char *binary, int engine);

#endif
