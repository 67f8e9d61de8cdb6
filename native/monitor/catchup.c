/* A client that fell behind reads on from the log. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"

static void deliver_record(struct client *client, const struct log_record *record)
{
	size_t seen = client->seen_decoded[record->stream];
	client->seen[record->stream] = client->seen_decoded[record->stream] = 0;
	if (seen < record->length)
		client_deliver(client, record->stream, record->data + seen, record->length - seen);
}

/* Delivers the whole lines of the window; returns how many bytes they were. */
static size_t deliver_window(struct client *client, uint8_t *window, size_t length)
{
	size_t start = 0;
	uint8_t *newline;
	while (client->state == CLIENT_ATTACHED && (newline = memchr(window + start, '\n', length - start))) {
		struct log_record record;
		size_t line = (size_t)(newline - (window + start));
		if (log_parse(client->monitor->log.format, window + start, line, &record))
			deliver_record(client, &record);
		start += line + 1;
	}
	return start;
}

static void read_window(struct client *client)
{
	struct log_place *place = &client->place;
	uint64_t left = place->file->size - place->offset;
	size_t wanted = left < LOG_READ_WINDOW ? (size_t)left : LOG_READ_WINDOW;
	uint8_t *window = malloc(LOG_READ_WINDOW);
	if (!window) {
		client->state = CLIENT_GONE;
		return;
	}
	ssize_t got = pread(place->file->fd, window, wanted, (off_t)place->offset);
	size_t used = got > 0 ? deliver_window(client, window, (size_t)got) : 0;
	/* Nothing to be had, or a line beyond all bounds that somebody else wrote: go past it. */
	place->offset += used ? used : wanted;
	free(window);
}

/* At the log's end only the beginnings of lines are missing that are still in the streams' buffers. */
static void keep_up_again(struct client *client)
{
	log_place_leave(&client->place);
	for (int i = 0; i < 2; i++) {
		const struct stream *stream = &client->monitor->streams[i];
		if (client->seen[i] < stream->length)
			client_deliver(client, i, stream->line + client->seen[i], stream->length - client->seen[i]);
	}
}

bool client_catch_up(struct client *client)
{
	static const char notice[] = "\n[coffer: output is missing here: the log was rotated away before this client read it]\n";
	bool lost = false;
	if (client->state != CLIENT_ATTACHED || !client->place.file || !client_is_idle(client))
		return false;
	bool at_end = log_place_advance(&client->place, &client->monitor->log, &lost);
	if (lost)
		client_deliver(client, client->attach & ATTACH_STDERR ? 1 : 0, (const uint8_t *)notice, sizeof notice - 1);
	if (at_end)
		keep_up_again(client);
	else
		read_window(client);
	return client->place.file && client_is_idle(client);
}
