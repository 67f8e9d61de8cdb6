/* Where an engine's data and sockets are (docs/contributors/protocols.md). */
#ifndef COFFER_PLACES_H
#define COFFER_PLACES_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "must_check.h"

/* What it depends on; a string is NULL where it is not given. */
struct places_input {
	uid_t uid;			/* effective */
	const char *root_option;	/* --root */
	const char *root_variable;	/* COFFER_ROOT */
	const char *home, *data_home, *runtime_dir;	/* HOME, XDG_DATA_HOME, XDG_RUNTIME_DIR */
};

struct places {
	char root[PATH_MAX];
	char run[PATH_MAX];
};

/* 0, or -1 with *error: what is wrong and the way out. */
must_check int places_find(const struct places_input *input, struct places *places, const char **error);

/* The 64-bit FNV-1a hash of a string. */
uint64_t fnv1a64(const char *string);

/* `path` made absolute without looking at the file system: no `.`, no `..`, no double slashes. 0, or -1: too long. */
must_check int absolute_path(const char *working_directory, const char *path, char out[PATH_MAX]);

#endif
