/* The clean birth of a background engine: nothing of the caller's moment goes with it. */
#ifndef COFFER_BIRTH_H
#define COFFER_BIRTH_H

#include "installation.h"

/* The child's side, once it is a process of its own: gives up everything that it inherited. Best effort where the host may refuse. */
void birth_forget_caller(const char *program);

/*
 * What leads to the root directory of an engine that is born of us, to be put before an absolute path: the first
 * process's, where the engine goes, or nothing.
 */
const char *birth_root(const char *program);

/* Default dispositions and an empty mask. */
void birth_reset_signals(void);

/* birth_cgroup.c: into a cgroup of the engine's own in each hierarchy that lets it. */
void birth_enter_cgroup(void);

#endif
