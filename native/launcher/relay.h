/* From the request to its end: relays between the terminal, the engine and a monitor. */
#ifndef COFFER_RELAY_H
#define COFFER_RELAY_H

#include <stdint.h>

#include "caller.h"
#include "must_check.h"

enum relay_result {
	RELAY_EXIT,		/* leave with *code */
	RELAY_AGAIN,		/* the engine left or left before it took the request: find one and ask again */
	RELAY_HANDOVER,		/* as RELAY_AGAIN, and what left was an older build */
	RELAY_LOST,		/* the engine vanished in the middle */
	RELAY_FAILED,		/* said already */
};

/* `engine` is a connection on which HELLO and REQUEST have been sent; it is closed in the end. */
must_check enum relay_result relay_run(int engine, uint64_t build, const struct caller *caller, int *code);

#endif
