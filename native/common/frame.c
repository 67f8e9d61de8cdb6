#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "util.h"

#define SMALLEST_READ 4096

static int keep_fds(struct frame_reader *reader, const int *fds, size_t count)
{
	if (!reader->fds)
		reader->fds = malloc(PROTO_MAX_FDS * sizeof *reader->fds);
	for (size_t i = 0; i < count; i++) {
		int fd = fds[i];
		if (!reader->fds || reader->fd_count == PROTO_MAX_FDS)
			close_fd(&fd);
		else
			reader->fds[(reader->fd_first + reader->fd_count++) % PROTO_MAX_FDS] = fd;
	}
	return reader->fds ? 0 : ENOMEM;
}

/*
 * The kernel drops descriptors that it has no number for, and those that a security module does not let us have, and
 * says of either by one flag only (net/core/scm.c).
 */
static int why_dropped(int any)
{
	int copy = fcntl(any, F_DUPFD_CLOEXEC, 0);
	int error = copy < 0 ? errno : EACCES;
	close_fd(&copy);
	return error;
}

/* Without its descriptors a frame would be taken for a malformed one. Returns an errno. */
static int keep_control(struct frame_reader *reader, struct msghdr *message)
{
	int error = message->msg_flags & MSG_CTRUNC ? why_dropped(reader->fd) : 0;
	for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
		if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
			continue;
		int fds[PROTO_MAX_FDS];
		size_t size = control->cmsg_len - CMSG_LEN(0);
		memcpy(fds, CMSG_DATA(control), size);
		int kept = keep_fds(reader, fds, size / sizeof fds[0]);
		error = error ? error : kept;
	}
	return error;
}

/* What is still missing of the frame that has begun, as far as it is known. */
static size_t missing(const struct frame_reader *reader)
{
	struct proto_frame header;
	size_t held = bytes_length(&reader->bytes);
	if (held < sizeof header)
		return sizeof header - held;
	memcpy(&header, bytes_front(&reader->bytes), sizeof header);
	size_t whole = sizeof header + header.length;
	return whole > held ? whole - held : 0;
}

int frame_fill(struct frame_reader *reader, int flags)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(PROTO_MAX_FDS * sizeof(int))];
	} control;
	size_t wanted = missing(reader);
	size_t room = wanted > SMALLEST_READ ? wanted : SMALLEST_READ;
	struct iovec part = { .iov_base = bytes_reserve(&reader->bytes, room), .iov_len = room };
	if (!part.iov_base) {
		errno = ENOMEM;
		return -1;
	}
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	ssize_t got;
	do
		got = recvmsg(reader->fd, &message, flags | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return (int)got;
	bytes_grow(&reader->bytes, (size_t)got);
	errno = keep_control(reader, &message);
	return errno == 0 ? 1 : -1;
}

static uint32_t largest(uint16_t type)
{
	return type == FRAME_REQUEST || type == FRAME_SETUP ? PROTO_MAX_FRAME : PROTO_MAX_DATA;
}

int frame_next(struct frame_reader *reader, struct frame *frame)
{
	struct proto_frame header;
	size_t held = bytes_length(&reader->bytes);
	if (held == 0)
		bytes_free(&reader->bytes);
	if (held < sizeof header)
		return 0;
	memcpy(&header, bytes_front(&reader->bytes), sizeof header);
	if (header.length > largest(header.type)) {
		errno = EPROTO;
		return -1;
	}
	size_t whole = sizeof header + header.length;
	if (held < whole)
		return 0;
	frame->type = header.type;
	frame->length = header.length;
	frame->payload = bytes_front(&reader->bytes) + sizeof header;
	/* Not bytes_consume(): that frees an emptied queue, and the payload is still wanted. */
	reader->bytes.start += whole;
	return 1;
}

int frame_take_fd(struct frame_reader *reader)
{
	if (reader->fd_count == 0)
		return -1;
	int fd = reader->fds[reader->fd_first];
	reader->fd_first = (reader->fd_first + 1) % PROTO_MAX_FDS;
	reader->fd_count--;
	return fd;
}

void frame_reader_free(struct frame_reader *reader)
{
	for (int fd = frame_take_fd(reader); fd >= 0; fd = frame_take_fd(reader))
		close_fd(&fd);
	free(reader->fds);
	reader->fds = NULL;
	bytes_free(&reader->bytes);
}

struct proto_frame frame_header(uint16_t type, size_t length)
{
	return (struct proto_frame){ .length = (uint32_t)length, .type = type };
}

bool frame_queue(struct bytes *queue, uint16_t type, const void *payload, size_t length)
{
	struct proto_frame header = frame_header(type, length);
	/* Both or nothing: half a frame would spoil all that follow. */
	if (!bytes_reserve(queue, sizeof header + length))
		return false;
	return bytes_add(queue, &header, sizeof header) && bytes_add(queue, payload, length);
}

/* Sends the rest of a header and payload of which `sent` bytes are gone. */
static int send_rest(int socket, const struct proto_frame *header, const uint8_t *payload, size_t sent, int flags)
{
	while (sent < sizeof *header + header->length) {
		bool in_header = sent < sizeof *header;
		const uint8_t *at = in_header ? (const uint8_t *)header + sent : payload + (sent - sizeof *header);
		size_t length = in_header ? sizeof *header - sent : sizeof *header + header->length - sent;
		ssize_t part = send(socket, at, length, flags);
		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return -1;
		sent += (size_t)part;
	}
	return 0;
}

int frame_send(int socket, uint16_t type, const struct bytes *payload, const int *fds, size_t fd_count, int flags)
{
	size_t length = payload ? bytes_length(payload) : 0;
	uint8_t *data = length ? bytes_front(payload) : NULL;
	struct proto_frame header = frame_header(type, length);
	struct iovec parts[] = {
		{ .iov_base = &header, .iov_len = sizeof header },
		{ .iov_base = data, .iov_len = length },
	};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(PROTO_MAX_FDS * sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	if (fd_count > PROTO_MAX_FDS) {
		errno = EINVAL;
		return -1;
	}
	if (fd_count > 0) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, fd_count * sizeof(int));
	}
	ssize_t sent;
	do
		sent = sendmsg(socket, &message, flags | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : send_rest(socket, &header, data, (size_t)sent, flags | MSG_NOSIGNAL);
}
