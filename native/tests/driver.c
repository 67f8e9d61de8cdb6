#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coffer.h"
#include "util.h"

#define PATIENCE_MS 10000

char directory[64];

void directory_begin(void)
{
	strcpy(directory, "/tmp/coffer-test-monitor-XXXXXX");
	if (!mkdtemp(directory))
		abort();
}

void directory_end(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", directory);
	if (system(command) != 0)
		abort();
}

const char *file_text(const char *name, size_t *length)
{
	static char *text;
	char path[128];
	struct stat status;
	snprintf(path, sizeof path, "%s/%s", directory, name);
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = fd >= 0 && fstat(fd, &status) == 0 ? (size_t)status.st_size : 0;
	free(text);
	text = malloc(size + 1);
	if (!text || (size > 0 && read_whole(fd, text, size) != (ssize_t)size))
		abort();
	text[size] = '\0';
	if (length)
		*length = size;
	return text;
}

static void add_record(struct bytes *payload, uint32_t tag, const struct bytes *value)
{
	if (!bytes_add_u32(payload, tag) || !bytes_add_u32(payload, (uint32_t)bytes_length(value)) ||
	    !bytes_add(payload, bytes_front(value), bytes_length(value)))
		abort();
}

static void add_text(struct bytes *payload, uint32_t tag, const char *text)
{
	struct bytes value = { 0 };
	if (!text)
		return;
	(void)bytes_add(&value, text, strlen(text));
	add_record(payload, tag, &value);
	bytes_free(&value);
}

static void add_stdio(struct bytes *payload, const struct wish *wish)
{
	struct bytes value = { 0 };
	(void)bytes_add_u8(&value, wish->nothing ? MODE_NULL : wish->mode ? wish->mode : MODE_PIPES);
	(void)bytes_add_u8(&value, wish->stdin_open);
	(void)bytes_add_u16(&value, wish->stdin_once);
	(void)bytes_add_u16(&value, wish->rows);
	(void)bytes_add_u16(&value, wish->columns);
	add_record(payload, SETUP_STDIO, &value);
	bytes_free(&value);
}

static void add_log(struct bytes *payload, const struct wish *wish)
{
	struct bytes value = { 0 };
	(void)bytes_add_u32(&value, wish->log);
	(void)bytes_add_u32(&value, wish->log_files);
	(void)bytes_add_u64(&value, wish->log_bytes);
	(void)bytes_add_string(&value, "log");
	(void)bytes_add_string(&value, wish->attributes ? wish->attributes : "");
	add_record(payload, SETUP_LOG, &value);
	bytes_free(&value);
}

static void add_command(struct bytes *payload, const struct wish *wish)
{
	struct bytes value = { 0 };
	uint32_t count = 0;
	while (count < 4 && wish->engine_command[count])
		count++;
	(void)bytes_add_u32(&value, count);
	for (uint32_t i = 0; i < count; i++)
		(void)bytes_add_string(&value, wish->engine_command[i]);
	add_record(payload, SETUP_ENGINE_COMMAND, &value);
	bytes_free(&value);
}

static void add_exit_record(struct bytes *payload, const struct wish *wish)
{
	struct bytes value = { 0 };
	(void)bytes_add_u8(&value, wish->sync);
	(void)bytes_add_string(&value, "exit.json");
	add_record(payload, SETUP_EXIT_RECORD, &value);
	bytes_free(&value);
}

static void send_setup(int engine, const struct wish *wish, int client)
{
	static const uint8_t listen[] = { 1 };
	struct bytes payload = { 0 }, roles = { 0 }, yes = { .data = (uint8_t *)(uintptr_t)listen, .end = 1 };
	int place = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 3;
	int fds[8] = { wish->plan, place, place };
	(void)bytes_add(&roles, (uint8_t[]){ ROLE_PLAN, ROLE_STATE_DIR, ROLE_RUN_DIR }, 3);
	if (client >= 0) {
		fds[count++] = client;
		(void)bytes_add_u8(&roles, ROLE_CLIENT);
	}
	for (int i = 0; i < 3; i++)
		if (wish->stdio[i] > 0) {
			fds[count++] = wish->stdio[i];
			(void)bytes_add_u8(&roles, (uint8_t)(ROLE_CLIENT_STDIN + i));
		}
	add_record(&payload, SETUP_FD_ROLES, &roles);
	add_text(&payload, SETUP_ID, "test");
	add_stdio(&payload, wish);
	add_log(&payload, wish);
	add_text(&payload, SETUP_DETACH_KEYS, wish->detach_keys);
	add_exit_record(&payload, wish);
	add_text(&payload, SETUP_OOM_FILE, wish->oom_file);
	add_command(&payload, wish);
	if (wish->listen)
		add_record(&payload, SETUP_LISTEN, &yes);
	add_text(&payload, 4711, "a newer engine's record");
	if (frame_send(engine, FRAME_SETUP, &payload, fds, (size_t)count, 0) < 0)
		abort();
	close(place);
	bytes_free(&payload);
	bytes_free(&roles);
}

static void make_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		abort();
}

pid_t fork_monitor(int socket)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	if (dup2(socket, 3) < 0 || syscall(SYS_close_range, 4, ~0u, 0) < 0)
		_exit(99);
	_exit(monitor_main());
}

struct driven drive(const struct wish *wish)
{
	int engine[2], client[2] = { -1, -1 };
	make_pair(engine);
	if (wish->client)
		make_pair(client);
	send_setup(engine[0], wish, client[1]);
	struct driven driven = { .pid = fork_monitor(engine[1]), .engine.fd = engine[0], .client.fd = client[0] };
	close_fd(&engine[1]);
	close_fd(&client[1]);
	close(wish->plan);
	for (int i = 0; i < 3; i++)
		if (wish->stdio[i] > 0)
			close(wish->stdio[i]);
	return driven;
}

int driven_end(struct driven *driven)
{
	int status = -1;
	close_fd(&driven->client.fd);
	if (waitpid(driven->pid, &status, 0) != driven->pid)
		abort();
	close_fd(&driven->engine.fd);
	frame_reader_free(&driven->engine);
	frame_reader_free(&driven->client);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* 1: a frame; 0: the end of file, or nobody had anything to say for too long. */
static int next_frame(struct frame_reader *reader, struct frame *frame)
{
	int whole;
	while ((whole = frame_next(reader, frame)) == 0) {
		struct pollfd readable = { .fd = reader->fd, .events = POLLIN };
		if (poll(&readable, 1, PATIENCE_MS) <= 0 || frame_fill(reader, 0) <= 0)
			return 0;
	}
	return whole > 0;
}

bool await_frame(struct frame_reader *reader, uint16_t type, struct frame *frame)
{
	while (next_frame(reader, frame))
		if (frame->type == type)
			return true;
	return false;
}

uint16_t collect(struct frame_reader *reader, struct bytes *out, struct frame *last)
{
	while (next_frame(reader, last)) {
		if (last->type != FRAME_OUT && last->type != FRAME_ERR)
			return last->type;
		if (!bytes_add(out, last->payload, last->length))
			abort();
	}
	return 0;
}

bool bytes_hold(const struct bytes *bytes, const char *text)
{
	return bytes_length(bytes) > 0 && memmem(bytes_front(bytes), bytes_length(bytes), text, strlen(text)) != NULL;
}

bool collect_until(struct frame_reader *reader, struct bytes *out, const char *text)
{
	struct frame frame;
	while (!bytes_hold(out, text)) {
		if (!next_frame(reader, &frame))
			return false;
		if ((frame.type == FRAME_OUT || frame.type == FRAME_ERR) && !bytes_add(out, frame.payload, frame.length))
			abort();
	}
	return true;
}

void send_frame(int fd, uint16_t type, const void *payload, size_t length)
{
	struct bytes bytes = { 0 };
	(void)bytes_add(&bytes, payload, length);
	if (frame_send(fd, type, &bytes, NULL, 0, 0) < 0)
		perror("send_frame");
	bytes_free(&bytes);
}

int add_client(struct driven *driven, uint8_t bits, bool foreground)
{
	int ends[2];
	struct bytes payload = { 0 };
	make_pair(ends);
	(void)bytes_add(&payload, (uint8_t[]){ bits, foreground, ROLE_CLIENT }, 3);
	if (frame_send(driven->engine.fd, FRAME_ADD_CLIENT, &payload, &ends[1], 1, 0) < 0)
		abort();
	bytes_free(&payload);
	close(ends[1]);
	return ends[0];
}

int connect_monitor(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "%s/monitor.sock", directory);
	autoclose int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return connect(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -1 : take_fd(&fd);
}

uint32_t payload_u32(const struct frame *frame, size_t at)
{
	uint32_t number = 0;
	if (at + sizeof number <= frame->length)
		memcpy(&number, frame->payload + at, sizeof number);
	return number;
}
