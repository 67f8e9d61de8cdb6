/* What the engine asks and is told. An engine that goes away is missed by nobody: another may connect. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "monitor.h"
#include "util.h"

void monitor_drop_engine(struct monitor *monitor)
{
	close_fd(&monitor->engine.fd);
	frame_reader_free(&monitor->engine);
}

/* Never waits: an engine that does not read is dropped, and finds out by asking again. */
static void send_engine(struct monitor *monitor, uint16_t type, struct bytes *payload, int fd)
{
	if (monitor->engine.fd >= 0 &&
	    frame_send(monitor->engine.fd, type, payload, &fd, fd >= 0 ? 1 : 0, MSG_DONTWAIT) < 0)
		monitor_drop_engine(monitor);
	bytes_free(payload);
}

static uint32_t count_clients(const struct monitor *monitor)
{
	uint32_t count = 0;
	for (const struct client *client = monitor->clients; client; client = client->next)
		count += client->state == CLIENT_ATTACHED;
	return count;
}

void monitor_send_status(struct monitor *monitor)
{
	struct bytes payload = { 0 };
	bool running = monitor->phase == PHASE_RUNNING;
	if (bytes_add_u8(&payload, running) && bytes_add_u32(&payload, running ? (uint32_t)monitor->init : 0) &&
	    bytes_add_u64(&payload, monitor->started) && bytes_add_u32(&payload, count_clients(monitor)))
		send_engine(monitor, FRAME_STATUS, &payload, running ? monitor->init_pidfd : -1);
}

void monitor_send_started(struct monitor *monitor)
{
	struct bytes payload = { 0 };
	if (bytes_add_u32(&payload, (uint32_t)monitor->init) && bytes_add_u64(&payload, monitor->started))
		send_engine(monitor, FRAME_STARTED, &payload, monitor->init_pidfd);
}

void monitor_send_exited(struct monitor *monitor)
{
	const struct outcome *outcome = &monitor->outcome;
	struct bytes payload = { 0 };
	if (bytes_add_u32(&payload, (uint32_t)outcome->exit_code) && bytes_add_u32(&payload, (uint32_t)outcome->signal) &&
	    bytes_add_u8(&payload, outcome->oom_killed) && bytes_add_u64(&payload, outcome->finished))
		send_engine(monitor, FRAME_EXITED, &payload, -1);
}

void monitor_send_failed(struct monitor *monitor, const uint32_t where[3], int error, int signal)
{
	struct bytes payload = { 0 };
	if (bytes_add_u32(&payload, where[0]) && bytes_add_u32(&payload, where[1]) && bytes_add_u32(&payload, where[2]) &&
	    bytes_add_u32(&payload, (uint32_t)error) && bytes_add_u32(&payload, (uint32_t)signal))
		send_engine(monitor, FRAME_FAILED, &payload, -1);
}

void monitor_signal(struct monitor *monitor, int number)
{
	/* It fails for a number that is no signal and for a process that is gone: as kill(1), there is nothing to do. */
	if (monitor->phase == PHASE_RUNNING && monitor->init_pidfd >= 0)
		(void)syscall(SYS_pidfd_send_signal, monitor->init_pidfd, number, NULL, 0);
}

static void add_client(struct monitor *monitor, const struct frame *frame)
{
	struct client_fds fds;
	struct cursor payload = cursor_over(frame->payload, frame->length);
	uint8_t bits = cursor_u8(&payload), flags = cursor_u8(&payload);
	if (payload.bad || client_fds_take(&fds, &monitor->engine, payload.at, cursor_left(&payload)) < 0)
		return;
	struct client *client = client_add(monitor, fds.socket);
	if (client)
		client_attach(client, bits, flags & 1, fds.stdio);
	else
		for (int i = 0; i < 3; i++)
			close_fd(&fds.stdio[i]);
}

static void handle(struct monitor *monitor, const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	switch (frame->type) {
	case FRAME_ADD_CLIENT:
		add_client(monitor, frame);
		break;
	case FRAME_ROTATE_LOG:
		log_reopen(&monitor->log);
		break;
	case FRAME_CLOSE_STDIN:
		input_end(&monitor->input);
		break;
	case FRAME_RESIZE: {
		uint16_t rows = cursor_u16(&payload), columns = cursor_u16(&payload);
		if (!payload.bad)
			monitor_resize(monitor, rows, columns);
		break;
	}
	case FRAME_SIGNAL:
		monitor_signal(monitor, (int)cursor_u32(&payload));
		break;
	case FRAME_QUERY:
		monitor_send_status(monitor);
		break;
	default:
		/* A newer engine's frame, which an older monitor does not need to know. */
		break;
	}
}

static void handle_frames(struct monitor *monitor)
{
	struct frame frame;
	int whole = 0;
	while (monitor->engine.fd >= 0 && (whole = frame_next(&monitor->engine, &frame)) > 0)
		handle(monitor, &frame);
	if (whole < 0)
		monitor_drop_engine(monitor);
}

void monitor_adopt_engine(struct monitor *monitor, struct frame_reader *reader)
{
	monitor_drop_engine(monitor);
	monitor->engine = *reader;
	*reader = (struct frame_reader){ .fd = -1 };
	monitor_send_status(monitor);
	handle_frames(monitor);
}

void monitor_engine_ready(void *who, short events)
{
	struct monitor *monitor = who;
	(void)events;
	int got = frame_fill(&monitor->engine, MSG_DONTWAIT);
	if (got > 0)
		handle_frames(monitor);
	else if (got == 0 || errno != EAGAIN)
		monitor_drop_engine(monitor);
}
