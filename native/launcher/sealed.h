/*
 * A process that runs plans runs from a sealed copy of its binary in memory: what it starts could otherwise reach the
 * host's file through /proc/self/exe, and write to it later (CVE-2019-5736). Where the host lets no memory be executed
 * (vm.memfd_noexec), it runs from the file by a read-only mount of its own.
 */
#ifndef COFFER_SEALED_H
#define COFFER_SEALED_H

#include <limits.h>

/*
 * Executes the copy when a word names a command that starts a process in a container, and this is not the copy yet.
 * `binary` becomes the path of the file that the copy was made of, or stays empty where there is no copy.
 */
void sealed_enter(int argc, char **argv, char binary[PATH_MAX]);

#endif
