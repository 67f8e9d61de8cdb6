/* The caller as the engine must know it: what a REQUEST says. */
#ifndef COFFER_CALLER_H
#define COFFER_CALLER_H

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include "bytes.h"
#include "must_check.h"

struct caller_stream {
	uint8_t kind;			/* STDIO_… */
	uint16_t rows, columns;
	struct termios settings;	/* of a terminal */
};

struct caller {
	const char *binary;		/* our own on disk, or NULL where it need not be found */
	struct caller_stream streams[3];
	int terminal;			/* the first of 0, 1 and 2 that is one, or -1 */
	struct bytes request;		/* REQUEST's payload */
	int fds[5];			/* what travels with it */
	size_t fd_count;
};

/* Looks at 0, 1 and 2; those that are closed are opened on /dev/null, so that nothing of ours takes their place. */
void caller_look(struct caller *caller);

/* Makes the request. 0, or -1 with *what naming what could not be done, and errno. */
must_check int caller_describe(struct caller *caller, int argc, char **argv, char **environment, const char **what);

#endif
