/* The first words to an engine. */
#ifndef COFFER_REQUEST_H
#define COFFER_REQUEST_H

#include <stdint.h>

#include "caller.h"

/* HELLO and REQUEST at once: no round trip. A failure shows when the answer is read. */
void request_send(int engine, uint64_t build, const struct caller *caller);

#endif
