/* The container's standard output or error: read, cut into log entries, and shown to the clients. */
#ifndef COFFER_STREAM_H
#define COFFER_STREAM_H

#include "log.h"
#include "must_check.h"

/* Docker and the CRI both cut longer lines here. */
#define STREAM_LINE 16384

struct stream {
	int fd;				/* our end; -1 when it has ended or was never made */
	int number;			/* 0: standard output or the terminal, 1: standard error */
	bool in_partial;		/* the last entry was cut, and this goes on */
	uint64_t partial_time;		/* all parts of a line have the first one's time */
	size_t length;			/* bytes of the line that are not in the log yet */
	uint8_t line[STREAM_LINE];
};

enum stream_state { STREAM_DATA, STREAM_EMPTY, STREAM_END };

/*
 * Reads once. With STREAM_DATA, *data and *length are the new bytes, valid until the log has them: the caller then
 * calls stream_log().
 */
must_check enum stream_state stream_read(struct stream *stream, const uint8_t **data, size_t *length);

/* Puts the whole lines into the log, and what has filled the buffer. */
void stream_log(struct stream *stream, struct log *log);

/* The stream has ended: what is left is an entry without a newline. */
void stream_end(struct stream *stream, struct log *log);

#endif
