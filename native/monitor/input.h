/* The container's standard input: a pipe or the terminal, and what it has not taken yet. */
#ifndef COFFER_INPUT_H
#define COFFER_INPUT_H

#include "must_check.h"
#include "sink.h"

/* Clients are not read while more than this waits: that is how a container that does not read holds them back. */
#define INPUT_FULL 65536

struct input {
	struct sink sink;
	bool awaited;		/* the terminal comes with the plan: keep what is typed until then */
	bool terminal;
	bool ending;		/* close it when all has been written */
	uint8_t last;		/* the last byte that was written */
};

void input_write(struct input *input, const void *data, size_t length);
void input_flush(struct input *input);

/* No more will come. A pipe is closed; a terminal in line mode gets its end-of-file character. */
void input_end(struct input *input);
must_check bool input_is_full(const struct input *input);
void input_close(struct input *input);

#endif
