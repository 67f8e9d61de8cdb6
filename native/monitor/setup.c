#include "setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static char *copy_of(const struct cursor *value)
{
	size_t length = cursor_left(value);
	char *copy = malloc(length + 1);
	if (!copy)
		return NULL;
	if (length > 0)
		memcpy(copy, value->at, length);
	copy[length] = '\0';
	return copy;
}

/* The place that a descriptor of that role goes to; NULL for a role that is not known. */
static int *place_of(struct setup *setup, uint8_t role)
{
	switch (role) {
	case ROLE_PLAN:
		return &setup->plan;
	case ROLE_STATE_DIR:
		return &setup->state_directory;
	case ROLE_RUN_DIR:
		return &setup->run_directory;
	case ROLE_CLIENT:
		return &setup->client;
	case ROLE_CLIENT_STDIN:
	case ROLE_CLIENT_STDOUT:
	case ROLE_CLIENT_STDERR:
		return &setup->client_stdio[role - ROLE_CLIENT_STDIN];
	case ROLE_INPUT:
		return setup->input_count < PROTO_MAX_FDS ? &setup->inputs[setup->input_count++] : NULL;
	default:
		return NULL;
	}
}

static int take_roles(struct setup *setup, struct frame_reader *reader, const uint8_t *roles, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int fd = frame_take_fd(reader);
		int *place = place_of(setup, roles[i]);
		if (fd < 0) {
			errno = EPROTO;
			return -1;
		}
		if (!place) {
			close_fd(&fd);
			continue;
		}
		/* Of two for one role the later counts; an input's place is always fresh. */
		if (roles[i] != ROLE_INPUT)
			close_fd(place);
		*place = fd;
	}
	return 0;
}

static void read_stdio(struct setup *setup, struct cursor *value)
{
	setup->mode = cursor_u8(value);
	setup->stdin_open = cursor_u8(value) != 0;
	setup->stdin_once = cursor_u8(value) != 0;
	setup->client_attach = cursor_u8(value);
	if (setup->client_attach == 0)
		setup->client_attach = ATTACH_STDIN | ATTACH_STDOUT | ATTACH_STDERR;
	setup->rows = cursor_u16(value);
	setup->columns = cursor_u16(value);
	value->bad |= setup->mode > MODE_TERMINAL;
}

static bool is_file_name(const char *name)
{
	return name && name[0] && !strchr(name, '/');
}

static void read_log(struct setup *setup, struct cursor *value)
{
	setup->log_format = cursor_u8(value);
	(void)cursor_take(value, 3);
	setup->log_files = cursor_u32(value);
	setup->log_bytes = cursor_u64(value);
	setup->log_name = cursor_string_copy(value);
	setup->log_attributes = cursor_string_copy(value);
	value->bad |= setup->log_format > LOG_CRI;
	value->bad |= setup->log_format != LOG_NONE && !is_file_name(setup->log_name);
}

static void read_exit_record(struct setup *setup, struct cursor *value)
{
	setup->exit_sync = cursor_u8(value) != 0;
	setup->exit_name = cursor_string_copy(value);
	value->bad |= !is_file_name(setup->exit_name);
}

static void read_command(struct setup *setup, struct cursor *value)
{
	uint32_t count = cursor_u32(value);
	if (count == 0 || count > cursor_left(value) / sizeof(uint32_t)) {
		value->bad |= count > 0;
		return;
	}
	setup->engine_command = calloc(count + 1, sizeof *setup->engine_command);
	for (uint32_t i = 0; setup->engine_command && i < count && !value->bad; i++)
		setup->engine_command[i] = cursor_string_copy(value);
}

static void read_keys(struct setup *setup, struct cursor *value)
{
	setup->detach_keys = (struct keys){ .sequence = (uint8_t *)copy_of(value), .length = cursor_left(value) };
}

static int read_record(struct setup *setup, struct frame_reader *reader, uint32_t tag, struct cursor value)
{
	switch (tag) {
	case SETUP_FD_ROLES:
		return take_roles(setup, reader, value.at, cursor_left(&value));
	case SETUP_ID:
		setup->id = copy_of(&value);
		break;
	case SETUP_STDIO:
		read_stdio(setup, &value);
		break;
	case SETUP_LOG:
		read_log(setup, &value);
		break;
	case SETUP_DETACH_KEYS:
		read_keys(setup, &value);
		break;
	case SETUP_EXIT_RECORD:
		read_exit_record(setup, &value);
		break;
	case SETUP_OOM_FILE:
		setup->oom_path = copy_of(&value);
		break;
	case SETUP_ENGINE_COMMAND:
		read_command(setup, &value);
		break;
	case SETUP_LISTEN:
		setup->listen = cursor_u8(&value) != 0;
		break;
	default:
		/* A newer engine's record, which an older monitor can do without. */
		break;
	}
	if (value.bad)
		errno = EPROTO;
	return value.bad ? -1 : 0;
}

static int check_whole(const struct setup *setup, uint32_t *tag)
{
	bool descriptors = setup->plan >= 0 && setup->state_directory >= 0;
	*tag = !descriptors || (setup->listen && setup->run_directory < 0) ? SETUP_FD_ROLES
		: !setup->id ? SETUP_ID : !setup->exit_name ? SETUP_EXIT_RECORD : 0;
	errno = EPROTO;
	return *tag ? -1 : 0;
}

static int decode(struct setup *setup, struct frame_reader *reader, const struct frame *frame, uint32_t *tag)
{
	struct cursor records = cursor_over(frame->payload, frame->length);
	while (cursor_left(&records) > 0) {
		*tag = cursor_u32(&records);
		uint32_t length = cursor_u32(&records);
		const uint8_t *value = cursor_take(&records, length);
		if (!value) {
			errno = EPROTO;
			return -1;
		}
		if (read_record(setup, reader, *tag, cursor_over(value, length)) < 0)
			return -1;
	}
	return check_whole(setup, tag);
}

int setup_receive(struct setup *setup, struct frame_reader *reader, uint32_t *tag)
{
	struct frame frame;
	int whole;
	*tag = 0;
	*setup = (struct setup){ .plan = -1, .state_directory = -1, .run_directory = -1, .client = -1,
		.client_stdio = { -1, -1, -1 } };
	while ((whole = frame_next(reader, &frame)) == 0) {
		int got = frame_fill(reader, 0);
		if (got == 0)
			errno = EPIPE;
		if (got <= 0)
			return -1;
	}
	if (whole < 0)
		return -1;
	if (frame.type != FRAME_SETUP) {
		errno = EPROTO;
		return -1;
	}
	return decode(setup, reader, &frame, tag);
}

int client_fds_take(struct client_fds *fds, struct frame_reader *reader, const uint8_t *roles, size_t count)
{
	*fds = (struct client_fds){ .socket = -1, .stdio = { -1, -1, -1 } };
	for (size_t i = 0; i < count; i++) {
		int fd = frame_take_fd(reader);
		if (roles[i] == ROLE_CLIENT && fds->socket < 0)
			fds->socket = take_fd(&fd);
		else if (roles[i] >= ROLE_CLIENT_STDIN && roles[i] <= ROLE_CLIENT_STDERR &&
			 fds->stdio[roles[i] - ROLE_CLIENT_STDIN] < 0)
			fds->stdio[roles[i] - ROLE_CLIENT_STDIN] = take_fd(&fd);
		close_fd(&fd);
	}
	if (fds->socket >= 0)
		return 0;
	for (int i = 0; i < 3; i++)
		close_fd(&fds->stdio[i]);
	errno = EPROTO;
	return -1;
}
