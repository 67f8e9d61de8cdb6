/*
 * One connection to the monitor: a client that is attached, or one that has not said yet what it is.
 *
 *                     ┌─ keeps up ──► output goes to its queues as it comes
 *     attached ───────┤
 *                     └─ fell behind ► its queues drain, then it reads the log from where it fell off;
 *                                      at the log's end it keeps up again
 */
#ifndef COFFER_CLIENT_H
#define COFFER_CLIENT_H

#include "frame.h"
#include "keys.h"
#include "logread.h"
#include "loop.h"
#include "must_check.h"
#include "setup.h"
#include "sink.h"
#include "stream.h"

struct monitor;

/* How far a client may fall behind before it is served from the log. */
#define CLIENT_BEHIND 1048576

enum client_state {
	CLIENT_NEW,		/* connected, and has not said what for */
	CLIENT_ATTACHED,
	CLIENT_LEAVING,		/* its last frame is queued */
	CLIENT_GONE,		/* to be freed at the end of the round */
};

struct client {
	struct client *next;
	struct monitor *monitor;
	enum client_state state;
	bool foreground;
	bool detached;
	uint8_t attach;
	struct frame_reader reader;
	struct sink socket, passed[2];
	struct bytes backlog;		/* whole frames that wait for the socket's own queue to drain */
	int input;			/* its own standard input, when that was passed */
	enum sink_kind input_kind;
	struct keys keys;
	struct log_place place;		/* where it reads the log, when it is behind */
	/* How much of the next log entry of each stream it has seen already: as written, and as the log gives it back. */
	size_t seen[2], seen_decoded[2];
};

/* Adds a connection over `socket`, which then is the client's. NULL: no memory, and the socket is closed. */
struct client *client_add(struct monitor *monitor, int socket);

/* Attaches it, with those of its descriptors 0 to 2 that were passed (else -1). */
void client_attach(struct client *client, uint8_t bits, bool foreground, const int passed[3]);

/* Lets it read the log from its start before it follows. */
void client_replay(struct client *client);

/* Shows it what the container wrote. */
void client_output(struct client *client, int stream, const uint8_t *data, size_t length);

/* Lets it read on from the log when too much waits for it; to be called when the log has what it was shown. */
void client_check_behind(struct client *client);

/* Whether the container must wait for it. */
must_check bool client_holds_back(const struct client *client, int stream);

/* Handles the frames that have come, as far as the container's input takes them. */
void client_frames(struct client *client);
void client_watch(struct client *client, struct loop *loop, bool input_full);

/* Serves it from the log. Returns true when it could go on at once. */
must_check bool client_catch_up(struct client *client);

/* The container has ended: queues EXIT once everything else is delivered. */
void client_finish(struct client *client, int exit_code);
void client_free(struct client *client);

/* delivery.c: the frames and bytes themselves, whether live or from the log */
void client_deliver(struct client *client, int stream, const uint8_t *data, size_t length);
void client_send(struct client *client, uint16_t type, const void *payload, size_t length);
void client_flush(void *client, short events);
must_check bool client_is_idle(const struct client *client);
size_t client_queued(const struct client *client);

/* Takes the older half of what is queued away, and leaves a line that says so. */
void client_drop_oldest(struct client *client);

#endif
