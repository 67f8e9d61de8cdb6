/* The files that the launcher finds beside itself: ../lib/coffer, as seen from its own binary. */
#ifndef COFFER_INSTALLATION_H
#define COFFER_INSTALLATION_H

#include <limits.h>
#include <stdint.h>

#include "must_check.h"
#include "places.h"

struct installation {
	char lib[PATH_MAX];
	uint64_t build;			/* 0 where none is noted */
};

/* As seen from `binary`, or from this process's own when that is empty. 0, or -1 and errno. */
must_check int installation_find(struct installation *installation, const char *binary);

/*
 * The engine's command line: the lines of engine.args with @LIB@, @ROOT@ and @RUN@ replaced, and then `more` up to
 * its NULL. Ended by a NULL; NULL: it cannot be read (errno).
 */
char **installation_command(const struct installation *installation, const struct places *places, char **more);

/* One line with its placeholders replaced, on the heap; NULL: no memory. */
char *replace_placeholders(const char *line, const char *lib, const struct places *places);

#endif
