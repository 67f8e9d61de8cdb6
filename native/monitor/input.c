#include "input.h"

#include <termios.h>

#define CONTROL_D 4

void input_write(struct input *input, const void *data, size_t length)
{
	if (length == 0 || input->ending)
		return;
	input->last = ((const uint8_t *)data)[length - 1];
	if (!input->awaited)
		sink_write(&input->sink, data, length);
	else if (!bytes_add(&input->sink.queue, data, length))
		/* Without memory what was typed is lost; the container is not harmed. */
		bytes_free(&input->sink.queue);
}

void input_flush(struct input *input)
{
	if (input->awaited)
		return;
	sink_flush(&input->sink);
	if (input->sink.broken || (input->ending && sink_is_idle(&input->sink)))
		sink_close(&input->sink);
}

static void end_terminal(struct input *input)
{
	struct termios settings;
	uint8_t ends[2] = { CONTROL_D, CONTROL_D };
	if (!input->awaited && tcgetattr(input->sink.fd, &settings) == 0) {
		if (!(settings.c_lflag & ICANON))
			return;
		ends[0] = ends[1] = settings.c_cc[VEOF];
	}
	/* Behind an unfinished line the first one only hands that line over. */
	bool at_start = input->last == '\n' || input->last == '\r' || input->last == 0;
	input_write(input, ends, at_start ? 1 : 2);
}

void input_end(struct input *input)
{
	if (input->terminal) {
		end_terminal(input);
		return;
	}
	input->ending = true;
	input_flush(input);
}

bool input_is_full(const struct input *input)
{
	return bytes_length(&input->sink.queue) >= INPUT_FULL;
}

void input_close(struct input *input)
{
	input->awaited = false;
	sink_close(&input->sink);
}
