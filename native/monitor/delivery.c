/* How output reaches a client: its queues, and what happens when they grow too long. */
#include "client.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "monitor.h"
#include "text.h"

/* How much is handed to the socket's queue at a time: what is there can no longer be dropped. */
#define HANDED_OVER 65536

static size_t frame_size(const struct bytes *frames, size_t offset)
{
	struct proto_frame header;
	memcpy(&header, bytes_front(frames) + offset, sizeof header);
	return sizeof header + header.length;
}

/* Length of the whole frames at the front that together have at least `wanted` bytes, or all of them. */
static size_t whole_frames(const struct bytes *frames, size_t wanted)
{
	size_t length = 0;
	while (length < wanted && length < bytes_length(frames))
		length += frame_size(frames, length);
	return length;
}

static void hand_over(struct client *client)
{
	while (bytes_length(&client->backlog) > 0 && sink_is_idle(&client->socket) && !client->socket.broken) {
		size_t length = whole_frames(&client->backlog, HANDED_OVER);
		sink_write(&client->socket, bytes_front(&client->backlog), length);
		bytes_consume(&client->backlog, length);
	}
	if (client->socket.broken)
		client->state = CLIENT_GONE;
}

void client_send(struct client *client, uint16_t type, const void *payload, size_t length)
{
	/* Without memory for a frame the client goes: one that misses a frame would be worse off. */
	if (!frame_queue(&client->backlog, type, payload, length))
		client->state = CLIENT_GONE;
	hand_over(client);
}

/* A passed descriptor failed: say so as its owner would have learnt it, had the container written there itself. */
static void passed_broke(struct client *client, struct sink *sink)
{
	char line[160];
	int32_t number = SIGPIPE;
	int error = sink->error;
	sink_close(sink);
	if (error == EPIPE) {
		client_send(client, FRAME_RAISE, &number, sizeof number);
		if (client->state == CLIENT_ATTACHED)
			client->state = CLIENT_LEAVING;
		return;
	}
	struct text text = text_over(line, sizeof line);
	text_add(&text, "coffer: cannot write output: ");
	text_add(&text, error_text(error));
	text_add(&text, "\n");
	client_send(client, FRAME_ERR, line, text.length);
}

void client_deliver(struct client *client, int stream, const uint8_t *data, size_t length)
{
	struct sink *passed = &client->passed[stream];
	if (!(client->attach & (stream == 1 ? ATTACH_STDERR : ATTACH_STDOUT)) || passed->broken)
		return;
	if (passed->fd >= 0) {
		sink_write(passed, data, length);
		if (passed->broken)
			passed_broke(client, passed);
		return;
	}
	while (length > 0 && client->state == CLIENT_ATTACHED) {
		size_t part = length < PROTO_MAX_DATA ? length : PROTO_MAX_DATA;
		client_send(client, stream == 1 ? FRAME_ERR : FRAME_OUT, data, part);
		data += part;
		length -= part;
	}
}

void client_flush(void *who, short events)
{
	struct client *client = who;
	(void)events;
	sink_flush(&client->socket);
	hand_over(client);
	for (int i = 0; i < 2; i++) {
		bool was_broken = client->passed[i].broken;
		sink_flush(&client->passed[i]);
		if (client->passed[i].broken && !was_broken)
			passed_broke(client, &client->passed[i]);
	}
}

size_t client_queued(const struct client *client)
{
	return bytes_length(&client->backlog) + bytes_length(&client->socket.queue) +
		bytes_length(&client->passed[0].queue) + bytes_length(&client->passed[1].queue);
}

bool client_is_idle(const struct client *client)
{
	return client_queued(client) == 0;
}

static const char notice[] = "\n[coffer: output was dropped here: this client was too slow, and there is no log]\n";

/* The notice takes the room of the first frames that went; the rest of it is cut out. */
static void drop_frames(struct bytes *frames, uint16_t type)
{
	struct proto_frame header = frame_header(type, sizeof notice - 1);
	size_t needed = sizeof header + header.length;
	size_t dropped = whole_frames(frames, bytes_length(frames) / 2);
	if (dropped < needed)
		return;
	memcpy(bytes_front(frames), &header, sizeof header);
	memcpy(bytes_front(frames) + sizeof header, notice, header.length);
	bytes_cut(frames, needed, dropped - needed);
}

static void drop_bytes(struct bytes *bytes)
{
	size_t needed = sizeof notice - 1, dropped = bytes_length(bytes) / 2;
	if (dropped < needed)
		return;
	memcpy(bytes_front(bytes), notice, needed);
	bytes_cut(bytes, needed, dropped - needed);
}

void client_drop_oldest(struct client *client)
{
	drop_frames(&client->backlog, client->attach & ATTACH_STDERR ? FRAME_ERR : FRAME_OUT);
	drop_bytes(&client->passed[0].queue);
	drop_bytes(&client->passed[1].queue);
}
