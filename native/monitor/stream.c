#include "stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

enum stream_state stream_read(struct stream *stream, const uint8_t **data, size_t *length)
{
	ssize_t got;
	do
		got = read(stream->fd, stream->line + stream->length, STREAM_LINE - stream->length);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return STREAM_EMPTY;
	/* A terminal whose last process has closed it gives EIO. */
	if (got <= 0)
		return STREAM_END;
	*data = stream->line + stream->length;
	*length = (size_t)got;
	stream->length += (size_t)got;
	return STREAM_DATA;
}

static void add_entry(struct stream *stream, struct log *log, const uint8_t *line, size_t length, bool complete)
{
	uint64_t time = stream->in_partial ? stream->partial_time : clock_now();
	stream->in_partial = !complete;
	stream->partial_time = time;
	log_entry(log, stream->number, time, line, length, complete);
}

void stream_log(struct stream *stream, struct log *log)
{
	size_t start = 0;
	const uint8_t *newline;
	while (start < stream->length && (newline = memchr(stream->line + start, '\n', stream->length - start))) {
		size_t length = (size_t)(newline - (stream->line + start));
		add_entry(stream, log, stream->line + start, length, true);
		start += length + 1;
	}
	stream->length -= start;
	if (start > 0 && stream->length > 0)
		memmove(stream->line, stream->line + start, stream->length);
	if (stream->length == STREAM_LINE) {
		add_entry(stream, log, stream->line, stream->length, false);
		stream->length = 0;
	}
	log_flush(log);
}

void stream_end(struct stream *stream, struct log *log)
{
	if (stream->length > 0)
		add_entry(stream, log, stream->line, stream->length, false);
	stream->length = 0;
	log_flush(log);
	close_fd(&stream->fd);
}
