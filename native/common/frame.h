/* Frames over a Unix stream socket (docs/contributors/protocols.md). */
#ifndef COFFER_FRAME_H
#define COFFER_FRAME_H

#include <stdint.h>
#include <sys/types.h>

#include "bytes.h"
#include "must_check.h"
#include "proto.h"

struct frame {
	uint16_t type;
	uint32_t length;
	const uint8_t *payload;	/* valid until the next frame_fill() */
};

/*
 * Descriptors are kept in the order of their arrival. A frame's type and payload say how many of them
 * are its own, and frames are handled in order, so the handler takes its own from the front.
 */
struct frame_reader {
	int fd;
	struct bytes bytes;
	int *fds;		/* PROTO_MAX_FDS of them, made when the first comes */
	uint32_t fd_first, fd_count;
};

/* Reads once. Returns 1 when something came, 0 at the end of file, -1 and errno (EAGAIN among them). */
must_check int frame_fill(struct frame_reader *reader, int flags);

/* 1: *frame is the next one; 0: it has not come whole; -1: it is malformed (EPROTO). */
must_check int frame_next(struct frame_reader *reader, struct frame *frame);

/* The next descriptor, close-on-exec, which then is the caller's; -1 when there is none. */
must_check int frame_take_fd(struct frame_reader *reader);

/* Frees memory and closes the descriptors that nobody took, not the socket. */
void frame_reader_free(struct frame_reader *reader);

/* The header of a frame whose payload follows. */
struct proto_frame frame_header(uint16_t type, size_t length);

/* Adds a frame to a queue; false when there is no memory. */
must_check bool frame_queue(struct bytes *queue, uint16_t type, const void *payload, size_t length);

/*
 * Sends a whole frame with descriptors on its first byte. `flags` as of send(), MSG_NOSIGNAL is always added; with
 * MSG_DONTWAIT a frame may have gone in part, and the connection is of no use any more. Returns -1 and errno.
 */
must_check int frame_send(int socket, uint16_t type, const struct bytes *payload, const int *fds, size_t fd_count, int flags);

#endif
