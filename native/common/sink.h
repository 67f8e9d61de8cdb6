/* Output that never blocks the monitor: a descriptor and the bytes that it would not take yet. */
#ifndef COFFER_SINK_H
#define COFFER_SINK_H

#include <sys/types.h>

#include "bytes.h"
#include "must_check.h"

enum sink_kind {
	SINK_SOCKET,		/* send() with MSG_DONTWAIT */
	SINK_NONBLOCKING,	/* has O_NONBLOCK, and that is our own affair */
	SINK_PROMPT,		/* regular files and the like: a write ends by itself */
	SINK_BOUNDED,		/* blocking and shared: at most PIPE_BUF at a time, and only after poll() */
};

struct sink {
	int fd;			/* -1: none */
	enum sink_kind kind;
	bool broken;		/* a write failed; `error` says how, and all else is dropped */
	int error;
	struct bytes queue;
};

/* A sink over a descriptor that others may share: how to write without blocking is found out here. */
struct sink sink_over(int fd);

/* Writes what can be written now and queues the rest. */
void sink_write(struct sink *sink, const void *data, size_t length);

/* Writes from the queue; to be called when poll() says that the descriptor is writable. */
void sink_flush(struct sink *sink);
must_check bool sink_is_idle(const struct sink *sink);
void sink_close(struct sink *sink);

/* Reads what is there from a descriptor that others may share, after poll() said that there is something. */
must_check ssize_t read_available(int fd, enum sink_kind kind, void *data, size_t capacity);

#endif
