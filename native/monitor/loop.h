/* One round of poll(): who waits for what is said anew each time, so nothing can be forgotten or left over. */
#ifndef COFFER_LOOP_H
#define COFFER_LOOP_H

#include <poll.h>
#include <stdbool.h>

typedef void loop_handler(void *who, short events);

struct loop {
	struct pollfd *polls;
	struct loop_watch {
		loop_handler *handler;
		void *who;
	} *watches;
	unsigned count, capacity;
};

/* Waits for `events` on `fd` in this round; nothing is watched when fd is -1 or events is 0. */
void loop_watch(struct loop *loop, int fd, short events, loop_handler *handler, void *who);

/* Waits, calls the handlers of what is ready, and forgets all watches. Timeout in ms, -1: none. */
void loop_round(struct loop *loop, int timeout);

#endif
