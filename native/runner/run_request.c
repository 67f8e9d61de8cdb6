#include <errno.h>

#include "runner_state.h"
#include "util.h"

static int take_role(struct run_request *request, uint8_t role, int fd)
{
	int *place = role == ROLE_PLAN ? &request->plan : role == ROLE_REPORT ? &request->report
		: role == ROLE_INPUT && request->input_count < PROTO_MAX_FDS ? &request->inputs[request->input_count++] : NULL;
	if (!place || fd < 0) {
		close_fd(&fd);
		return -1;
	}
	close_fd(place);
	*place = fd;
	return 0;
}

int run_request_read(struct run_request *request, struct frame_reader *engine, const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	*request = (struct run_request){ .plan = -1, .report = -1 };
	for (size_t i = 0; i < PROTO_MAX_FDS; i++)
		request->inputs[i] = -1;
	request->until_exec = cursor_u8(&payload) != 0;
	request->streams = cursor_u8(&payload);
	request->preserved = cursor_u16(&payload);
	errno = EPROTO;
	while (!payload.bad && cursor_left(&payload) > 0)
		if (take_role(request, cursor_u8(&payload), frame_take_fd(engine)) < 0)
			return -1;
	return payload.bad || request->plan < 0 ? -1 : 0;
}

void run_request_close(struct run_request *request)
{
	close_fd(&request->plan);
	close_fd(&request->report);
	for (uint32_t i = 0; i < request->input_count; i++)
		close_fd(&request->inputs[i]);
	request->input_count = 0;
}
