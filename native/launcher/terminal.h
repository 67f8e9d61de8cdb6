/* The caller's terminal: into other modes and back, whatever happens in between. */
#ifndef COFFER_TERMINAL_H
#define COFFER_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include "must_check.h"

enum terminal_mode {
	TERMINAL_AS_FOUND,
	TERMINAL_RAW,		/* every key is the other side's */
	TERMINAL_SILENT,	/* lines, but what is typed is not shown: a password */
	TERMINAL_LINES,		/* as found, and read */
};

/* fd -1: there is none, and all that follows does nothing. `found` is how it was when we came. */
void terminal_init(int fd, const struct termios *found);
void terminal_set(enum terminal_mode mode);
must_check enum terminal_mode terminal_current(void);

/* As found, for a while; terminal_resume() goes back into the mode. */
void terminal_restore(void);
void terminal_resume(void);

/* Payload of RESIZE; false when there is no terminal or it does not tell. */
must_check bool terminal_size(uint8_t payload[4]);

#endif
