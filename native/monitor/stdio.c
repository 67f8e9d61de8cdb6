/* How the container's standard streams are made, read and drained. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "monitor.h"
#include "util.h"

/* What may be read after the process's end when others still write: more than any pipe or terminal holds by default. */
#define DRAIN_LIMIT 1048576

static int set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Each end of a pipe is an open file of its own: O_NONBLOCK on ours is not seen by the container. */
static int make_pipe(int *ours, int *theirs, bool we_write)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	*ours = ends[we_write ? 1 : 0];
	*theirs = ends[we_write ? 0 : 1];
	return set_nonblocking(*ours);
}

static int open_null(int *end)
{
	*end = open("/dev/null", O_RDWR | O_CLOEXEC);
	return *end < 0 ? -1 : 0;
}

static int make_pipes(struct monitor *monitor)
{
	int *ends = monitor->container_ends;
	struct sink *input = &monitor->input.sink;
	input->kind = SINK_NONBLOCKING;
	if ((monitor->setup.stdin_open ? make_pipe(&input->fd, &ends[0], true) : open_null(&ends[0])) < 0)
		return -1;
	if (make_pipe(&monitor->streams[0].fd, &ends[1], false) < 0)
		return -1;
	return make_pipe(&monitor->streams[1].fd, &ends[2], false);
}

int monitor_make_stdio(struct monitor *monitor)
{
	monitor->rows = monitor->setup.rows;
	monitor->columns = monitor->setup.columns;
	switch (monitor->setup.mode) {
	case MODE_PIPES:
		return make_pipes(monitor);
	case MODE_TERMINAL:
		monitor->input.terminal = true;
		monitor->input.awaited = monitor->setup.stdin_open;
		return 0;
	default:
		for (int i = 0; i < 3; i++)
			if (open_null(&monitor->container_ends[i]) < 0)
				return -1;
		return 0;
	}
}

void monitor_close_container_ends(struct monitor *monitor)
{
	for (int i = 0; i < 3; i++)
		close_fd(&monitor->container_ends[i]);
}

void monitor_take_terminal(struct monitor *monitor, int fd)
{
	if (monitor->setup.mode != MODE_TERMINAL || fd < 0 || monitor->terminal >= 0)
		return;
	monitor->terminal = fd;
	monitor->streams[0].fd = fd;
	/* Whoever made it has no use for it after exec, so that its flags are ours; a blocking one would still be polled. */
	if (set_nonblocking(fd) < 0)
		monitor->input.sink.kind = SINK_BOUNDED;
	else
		monitor->input.sink.kind = SINK_NONBLOCKING;
	if (monitor->rows && monitor->columns)
		monitor_resize(monitor, monitor->rows, monitor->columns);
	if (!monitor->input.awaited)
		return;
	monitor->input.sink.fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	monitor->input.awaited = false;
	input_flush(&monitor->input);
}

void monitor_resize(struct monitor *monitor, uint16_t rows, uint16_t columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };
	monitor->rows = rows;
	monitor->columns = columns;
	/* It fails when the terminal is gone; then nobody needs a size. */
	if (monitor->terminal >= 0)
		(void)ioctl(monitor->terminal, TIOCSWINSZ, &size);
}

/* Reads once, shows it to the clients, and puts it into the log. Returns how much it was, 0 when there is nothing. */
static size_t serve(struct monitor *monitor, struct stream *stream)
{
	const uint8_t *data;
	size_t length = 0;
	switch (stream_read(stream, &data, &length)) {
	case STREAM_EMPTY:
		return 0;
	case STREAM_END:
		if (stream->fd == monitor->terminal)
			monitor->terminal = -1;
		stream_end(stream, &monitor->log);
		return 0;
	case STREAM_DATA:
		break;
	}
	for (struct client *client = monitor->clients; client; client = client->next)
		client_output(client, stream->number, data, length);
	stream_log(stream, &monitor->log);
	for (struct client *client = monitor->clients; client; client = client->next)
		client_check_behind(client);
	return length;
}

static void output_ready(void *who, short events)
{
	(void)events;
	struct monitor *monitor = who;
	serve(monitor, &monitor->streams[0]);
}

static void error_ready(void *who, short events)
{
	(void)events;
	struct monitor *monitor = who;
	serve(monitor, &monitor->streams[1]);
}

static void input_ready(void *who, short events)
{
	(void)events;
	struct monitor *monitor = who;
	input_flush(&monitor->input);
}

static bool held_back(const struct monitor *monitor, int stream)
{
	for (const struct client *client = monitor->clients; client; client = client->next)
		if (client_holds_back(client, stream))
			return true;
	return false;
}

void monitor_watch_streams(struct monitor *monitor)
{
	static loop_handler *const handlers[] = { output_ready, error_ready };
	for (int i = 0; i < 2; i++)
		if (!held_back(monitor, i))
			loop_watch(&monitor->loop, monitor->streams[i].fd, POLLIN, handlers[i], monitor);
	if (!sink_is_idle(&monitor->input.sink))
		loop_watch(&monitor->loop, monitor->input.sink.fd, POLLOUT, input_ready, monitor);
}

void monitor_drain(struct monitor *monitor)
{
	for (int i = 0; i < 2; i++) {
		struct stream *stream = &monitor->streams[i];
		size_t length, total = 0;
		while (stream->fd >= 0 && total < DRAIN_LIMIT && (length = serve(monitor, stream)) > 0)
			total += length;
		stream_end(stream, &monitor->log);
	}
	monitor->terminal = -1;
	input_close(&monitor->input);
}
