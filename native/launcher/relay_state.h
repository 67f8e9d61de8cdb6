/* What a relay knows while it runs. */
#ifndef COFFER_RELAY_STATE_H
#define COFFER_RELAY_STATE_H

#include <fcntl.h>
#include <stdbool.h>

#include "caller.h"
#include "frame.h"
#include "relay.h"
#include "sink.h"

/* A frame's output that could not be written at once; points into the reader's buffer, which is not read on meanwhile. */
struct relay_output {
	int fd;
	const uint8_t *data;
	size_t length;
};

struct relay {
	const struct caller *caller;
	uint64_t build;
	struct frame_reader engine, monitor;	/* fd -1: gone, or never there */
	struct sink to_engine, to_monitor;
	struct relay_output pending;
	int output[2];			/* non-blocking descriptions of 1 and 2; -1: not made, or not possible */

	bool greeted, handing_over;
	bool had_monitor, proxy;
	bool typing;			/* the terminal is read */
	bool engine_exit, monitor_exit;
	bool over;
	int code;
	enum relay_result result;
};

#endif
