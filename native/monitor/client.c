#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "monitor.h"
#include "util.h"

struct client *client_add(struct monitor *monitor, int socket)
{
	struct client *client = calloc(1, sizeof *client);
	if (!client) {
		close_fd(&socket);
		return NULL;
	}
	client->monitor = monitor;
	client->reader.fd = socket;
	client->socket = (struct sink){ .fd = socket, .kind = SINK_SOCKET };
	client->passed[0].fd = client->passed[1].fd = client->input = -1;
	client->keys = monitor->setup.detach_keys;
	client->next = monitor->clients;
	monitor->clients = client;
	return client;
}

void client_attach(struct client *client, uint8_t bits, bool foreground, const int passed[3])
{
	client->state = CLIENT_ATTACHED;
	client->attach = bits;
	client->foreground = foreground;
	for (int i = 0; i < 2; i++)
		if (passed[i + 1] >= 0)
			client->passed[i] = sink_over(passed[i + 1]);
	if (passed[0] >= 0) {
		struct sink own = sink_over(passed[0]);
		client->input = own.fd;
		client->input_kind = own.kind;
	}
}

static void follow_from(struct client *client, struct log_place place)
{
	log_place_leave(&client->place);
	client->place = place;
	memset(client->seen, 0, sizeof client->seen);
	memset(client->seen_decoded, 0, sizeof client->seen_decoded);
}

void client_replay(struct client *client)
{
	follow_from(client, log_place_start(&client->monitor->log));
}

/* It has seen everything up to now: the log, and the beginnings of the lines that are not in it yet. */
static void fall_behind(struct client *client)
{
	const struct monitor *monitor = client->monitor;
	follow_from(client, log_place_end(&monitor->log));
	if (!client->place.file) {
		client_drop_oldest(client);
		return;
	}
	for (int i = 0; i < 2; i++) {
		const struct stream *stream = &monitor->streams[i];
		client->seen[i] = stream->length;
		client->seen_decoded[i] = log_decoded_length(&monitor->log, stream->line, stream->length);
	}
}

void client_output(struct client *client, int stream, const uint8_t *data, size_t length)
{
	if (client->state != CLIENT_ATTACHED || client->place.file)
		return;
	client_deliver(client, stream, data, length);
}

void client_check_behind(struct client *client)
{
	if (client->state == CLIENT_ATTACHED && !client->place.file && !client->foreground &&
	    client_queued(client) > CLIENT_BEHIND)
		fall_behind(client);
}

bool client_holds_back(const struct client *client, int stream)
{
	if (client->state != CLIENT_ATTACHED || !client->foreground)
		return false;
	if (client->passed[stream].fd >= 0)
		return !sink_is_idle(&client->passed[stream]);
	return bytes_length(&client->backlog) + bytes_length(&client->socket.queue) > 0;
}

static void detach(struct client *client)
{
	client->detached = true;
	client_send(client, FRAME_DETACHED, NULL, 0);
	if (client->state == CLIENT_ATTACHED)
		client->state = CLIENT_LEAVING;
}

static void typed(struct client *client, const struct frame *frame)
{
	struct monitor *monitor = client->monitor;
	struct bytes passed_on = { 0 };
	if (!(client->attach & ATTACH_STDIN))
		return;
	if (monitor->setup.mode != MODE_TERMINAL) {
		input_write(&monitor->input, frame->payload, frame->length);
		return;
	}
	bool detaches = keys_scan(&client->keys, frame->payload, frame->length, &passed_on);
	input_write(&monitor->input, bytes_front(&passed_on), bytes_length(&passed_on));
	bytes_free(&passed_on);
	if (detaches)
		detach(client);
}

static void input_ended(struct client *client)
{
	struct monitor *monitor = client->monitor;
	if ((client->attach & ATTACH_STDIN) && monitor->setup.stdin_once)
		input_end(&monitor->input);
}

/* It shows by its first frame what it is: a client, or an engine that was started anew. */
static void introduced(struct client *client, const struct frame *frame)
{
	static const int nothing[3] = { -1, -1, -1 };
	struct cursor payload = cursor_over(frame->payload, frame->length);
	if (frame->type == FRAME_QUERY) {
		client->socket.fd = -1;
		client->state = CLIENT_GONE;
		monitor_adopt_engine(client->monitor, &client->reader);
		return;
	}
	uint8_t bits = cursor_u8(&payload);
	bool replay = cursor_u8(&payload) & 1;
	if (frame->type != FRAME_ATTACH || payload.bad) {
		client->state = CLIENT_GONE;
		return;
	}
	client_attach(client, bits, false, nothing);
	if (replay)
		client_replay(client);
}

static void handle(struct client *client, const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	switch (frame->type) {
	case FRAME_STDIN:
		typed(client, frame);
		break;
	case FRAME_STDIN_EOF:
		input_ended(client);
		break;
	case FRAME_RESIZE: {
		uint16_t rows = cursor_u16(&payload), columns = cursor_u16(&payload);
		if (!payload.bad)
			monitor_resize(client->monitor, rows, columns);
		break;
	}
	case FRAME_SIGNAL:
		monitor_signal(client->monitor, (int)cursor_u32(&payload));
		break;
	case FRAME_DETACH:
		detach(client);
		break;
	default:
		/* A newer client's frame, which an older monitor does not need to know. */
		break;
	}
}

void client_frames(struct client *client)
{
	struct frame frame;
	while (client->state <= CLIENT_ATTACHED && !input_is_full(&client->monitor->input)) {
		int whole = frame_next(&client->reader, &frame);
		if (whole < 0)
			client->state = CLIENT_GONE;
		if (whole <= 0)
			return;
		if (client->state == CLIENT_NEW)
			introduced(client, &frame);
		else
			handle(client, &frame);
	}
}

static void socket_ready(void *who, short events)
{
	struct client *client = who;
	if (events & POLLOUT)
		client_flush(client, events);
	if (client->state == CLIENT_GONE || !(events & ~POLLOUT))
		return;
	int got = frame_fill(&client->reader, MSG_DONTWAIT);
	if (got > 0)
		client_frames(client);
	else if (got == 0 || errno != EAGAIN)
		client->state = CLIENT_GONE;
}

static void input_ready(void *who, short events)
{
	struct client *client = who;
	uint8_t data[4096];
	(void)events;
	ssize_t got = read_available(client->input, client->input_kind, data, sizeof data);
	if (got > 0) {
		input_write(&client->monitor->input, data, (size_t)got);
	} else if (got == 0 || errno != EAGAIN) {
		close_fd(&client->input);
		input_ended(client);
	}
}

/* Lets a client that leaves in peace read what is queued: its frames are of no interest any more. */
static void leaving_ready(void *who, short events)
{
	struct client *client = who;
	client_flush(client, events);
	if (sink_is_idle(&client->socket) || (events & (POLLERR | POLLHUP)))
		client->state = CLIENT_GONE;
}

void client_watch(struct client *client, struct loop *loop, bool input_full)
{
	bool unsent = !sink_is_idle(&client->socket);
	if (client->state == CLIENT_GONE)
		return;
	if (client->state == CLIENT_LEAVING) {
		if (unsent)
			loop_watch(loop, client->socket.fd, POLLOUT, leaving_ready, client);
		else
			client->state = CLIENT_GONE;
		return;
	}
	loop_watch(loop, client->socket.fd, (short)((input_full ? 0 : POLLIN) | (unsent ? POLLOUT : 0)), socket_ready, client);
	for (int i = 0; i < 2; i++)
		if (!sink_is_idle(&client->passed[i]))
			loop_watch(loop, client->passed[i].fd, POLLOUT, client_flush, client);
	if (!input_full && (client->attach & ATTACH_STDIN))
		loop_watch(loop, client->input, POLLIN, input_ready, client);
}

void client_finish(struct client *client, int exit_code)
{
	int32_t code = exit_code;
	if (client->state == CLIENT_NEW)
		client->state = CLIENT_GONE;
	if (client->state != CLIENT_ATTACHED || client->place.file || !sink_is_idle(&client->passed[0]) ||
	    !sink_is_idle(&client->passed[1]))
		return;
	client_send(client, FRAME_EXIT, &code, sizeof code);
	if (client->state == CLIENT_ATTACHED)
		client->state = CLIENT_LEAVING;
}

void client_free(struct client *client)
{
	/* Who only detaches may come back and type on; and nobody types an end of file by closing a window. */
	if (!client->detached && client->monitor->setup.mode == MODE_PIPES)
		input_ended(client);
	log_place_leave(&client->place);
	for (int i = 0; i < 2; i++)
		sink_close(&client->passed[i]);
	close_fd(&client->input);
	bytes_free(&client->backlog);
	sink_close(&client->socket);
	frame_reader_free(&client->reader);
	free(client);
}
