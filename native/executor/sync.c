/* SYNC: one tag, perhaps with a descriptor, between a stage and the one that cloned it. BARRIER: one byte from outside. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

/* Room for more descriptors than one, so that a peer that sends two is noticed rather than cut short. */
union control {
	char buffer[CMSG_SPACE(4 * sizeof(int))];
	struct cmsghdr header;
};

static int send_tag(int channel, uint8_t tag, const int *fd)
{
	struct iovec data = { .iov_base = &tag, .iov_len = sizeof tag };
	union control control = { .buffer = { 0 } };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd) {
		message.msg_control = control.buffer;
		message.msg_controllen = CMSG_SPACE(sizeof *fd);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof *fd);
		memcpy(CMSG_DATA(&control.header), fd, sizeof *fd);
	}
	while (sendmsg(channel, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

/* The only descriptor of a message; NO_FD when there is none or there are several. Closes what it does not give. */
static int only_fd(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fds[4] = { NO_FD, NO_FD, NO_FD, NO_FD };
	size_t count;

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		return NO_FD;
	count = (header->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
	memcpy(fds, CMSG_DATA(header), count * sizeof *fds);
	if (count == 1 && !(message->msg_flags & MSG_CTRUNC))
		return fds[0];
	for (size_t i = 0; i < count; i++)
		close_fd(&fds[i]);
	return NO_FD;
}

static int receive_tag(int channel, uint8_t tag, bool want_fd, int *fd)
{
	uint8_t got = 0;
	struct iovec data = { .iov_base = &got, .iov_len = sizeof got };
	union control control;
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.buffer, .msg_controllen = sizeof control.buffer,
	};
	ssize_t length;

	do
		length = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return errno;
	if (length == 0)
		return EPIPE;
	*fd = only_fd(&message);
	if (length == 1 && got == tag && (*fd != NO_FD) == want_fd)
		return 0;
	close_fd(fd);
	return EPROTO;
}

/* The other end is gone. Its own failure, or the signal that killed it, says more than a broken pipe. */
int peer_gone(struct plan *plan, int64_t peer)
{
	struct plan_failure failure;
	int signal = 0;

	if (report_read(plan, &failure))
		return ALREADY_FAILED;
	if (peer == WIRE_SYNC_PARENT || stage_fate(plan, (uint32_t)peer, &signal) != FATE_DIED)
		return report_read(plan, &failure) ? ALREADY_FAILED : EPIPE;
	if (signal != 0)
		report_failure(plan, (uint32_t)peer, atomic_load(&plan->report->stages[peer].insn), 0, signal);
	else
		/* A sibling: how it ended is for the common parent to see. */
		atomic_store(&plan->report->stages[plan->stage].state, STAGE_ABANDONED);
	return ALREADY_FAILED;
}

int special_sync(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	int64_t peer = insn->arg[0];
	uint8_t tag = (uint8_t)insn->arg[2];
	int64_t slot = insn->arg[3];
	int channel = peer == WIRE_SYNC_PARENT ? plan->upstream[plan->upstream_count - 1] : plan->channels[peer];
	int fd = NO_FD;
	int error;

	*result = 0;
	if (channel == NO_FD)
		return ENOTCONN;
	if (insn->arg[1] == WIRE_SYNC_SEND) {
		fd = slot == WIRE_NO_SLOT ? NO_FD : (int)plan->slots[slot];
		error = send_tag(channel, tag, slot == WIRE_NO_SLOT ? NULL : &fd);
	} else {
		error = receive_tag(channel, tag, slot != WIRE_NO_SLOT, &fd);
		if (error == 0 && slot != WIRE_NO_SLOT)
			plan->slots[slot] = fd;
	}
	if (error == EPIPE || error == ECONNRESET)
		return peer_gone(plan, peer);
	return error;
}

int special_barrier(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	uint8_t byte = 0;
	ssize_t length;

	do
		length = read((int)argument(plan, insn, 0), &byte, sizeof byte);
	while (length < 0 && errno == EINTR);
	*result = byte;
	return length < 0 ? errno : length == 0 ? ECANCELED : 0;
}
