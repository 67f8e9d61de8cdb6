#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

static enum sink_kind kind_of(int fd)
{
	struct stat status;
	int flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && (flags & O_NONBLOCK))
		return SINK_NONBLOCKING;
	if (fstat(fd, &status) < 0)
		return SINK_BOUNDED;
	if (S_ISSOCK(status.st_mode))
		return SINK_SOCKET;
	/* A terminal may make a writer wait, /dev/null and its like do not. */
	bool waits = S_ISFIFO(status.st_mode) || (S_ISCHR(status.st_mode) && isatty(fd));
	return waits ? SINK_BOUNDED : SINK_PROMPT;
}

struct sink sink_over(int fd)
{
	int access = fcntl(fd, F_GETFL);
	int own = access < 0 ? -1 : reopen_nonblocking(fd, access & O_ACCMODE);
	if (own < 0)
		return (struct sink){ .fd = fd, .kind = kind_of(fd) };
	close_fd(&fd);
	return (struct sink){ .fd = own, .kind = SINK_NONBLOCKING };
}

static ssize_t write_some(const struct sink *sink, const void *data, size_t length)
{
	switch (sink->kind) {
	case SINK_SOCKET:
		return send(sink->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	case SINK_BOUNDED:
		return write(sink->fd, data, length < PIPE_BUF ? length : PIPE_BUF);
	case SINK_NONBLOCKING:
	case SINK_PROMPT:
		break;
	}
	return write(sink->fd, data, length);
}

static void give_up(struct sink *sink)
{
	sink->broken = true;
	sink->error = errno;
	bytes_free(&sink->queue);
}

/* Returns how many bytes went; stops at the first that would block. */
static size_t write_now(struct sink *sink, const uint8_t *data, size_t length)
{
	size_t done = 0;
	while (done < length) {
		ssize_t written = write_some(sink, data + done, length - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno != EAGAIN)
			give_up(sink);
		if (written < 0)
			break;
		done += (size_t)written;
		if (sink->kind == SINK_BOUNDED)
			break;
	}
	return done;
}

void sink_write(struct sink *sink, const void *data, size_t length)
{
	size_t done = 0;
	if (sink->fd < 0 || sink->broken)
		return;
	if (bytes_length(&sink->queue) == 0 && sink->kind != SINK_BOUNDED)
		done = write_now(sink, data, length);
	if (sink->broken || done == length)
		return;
	if (!bytes_add(&sink->queue, (const uint8_t *)data + done, length - done)) {
		errno = ENOMEM;
		give_up(sink);
	}
}

void sink_flush(struct sink *sink)
{
	size_t queued = bytes_length(&sink->queue);
	if (sink->fd < 0 || sink->broken || queued == 0)
		return;
	size_t done = write_now(sink, bytes_front(&sink->queue), queued);
	if (!sink->broken)
		bytes_consume(&sink->queue, done);
}

bool sink_is_idle(const struct sink *sink)
{
	return bytes_length(&sink->queue) == 0;
}

void sink_close(struct sink *sink)
{
	bytes_free(&sink->queue);
	close_fd(&sink->fd);
}

ssize_t read_available(int fd, enum sink_kind kind, void *data, size_t capacity)
{
	ssize_t got;
	do
		got = kind == SINK_SOCKET ? recv(fd, data, capacity, MSG_DONTWAIT) : read(fd, data, capacity);
	while (got < 0 && errno == EINTR);
	return got;
}
