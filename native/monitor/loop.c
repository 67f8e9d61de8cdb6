#include "loop.h"

#include <stdlib.h>

#define SMALLEST 8

static bool make_room(struct loop *loop)
{
	if (loop->count < loop->capacity)
		return true;
	unsigned capacity = loop->capacity ? loop->capacity * 2 : SMALLEST;
	struct pollfd *polls = realloc(loop->polls, capacity * sizeof *polls);
	if (polls)
		loop->polls = polls;
	struct loop_watch *watches = realloc(loop->watches, capacity * sizeof *watches);
	if (watches)
		loop->watches = watches;
	if (!polls || !watches)
		return false;
	loop->capacity = capacity;
	return true;
}

void loop_watch(struct loop *loop, int fd, short events, loop_handler *handler, void *who)
{
	/* Without memory the watch is missed for one round; the next one tries again. */
	if (fd < 0 || events == 0 || !make_room(loop))
		return;
	loop->polls[loop->count] = (struct pollfd){ .fd = fd, .events = events };
	loop->watches[loop->count++] = (struct loop_watch){ .handler = handler, .who = who };
}

void loop_round(struct loop *loop, int timeout)
{
	int ready = poll(loop->polls, loop->count, timeout);
	for (unsigned i = 0; ready > 0 && i < loop->count; i++)
		if (loop->polls[i].revents)
			loop->watches[i].handler(loop->watches[i].who, loop->polls[i].revents);
	loop->count = 0;
}
