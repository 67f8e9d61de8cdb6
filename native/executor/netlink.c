/* NETLINK: one request to the kernel, whose answer is the result of the instruction. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel.h"
#include "plan.h"

/* Room for an acknowledgement with the request in it and the kernel's own words. */
#define ANSWER_SIZE 8192

/* The acknowledgement of `sequence` among the messages: 0 or an errno; -1 when it is not there. */
static int acknowledged(const uint8_t *answer, size_t length, uint32_t sequence)
{
	struct nlmsghdr header;
	int32_t error;

	while (length >= sizeof header) {
		memcpy(&header, answer, sizeof header);
		if (header.nlmsg_len < sizeof header || header.nlmsg_len > length)
			return EPROTO;
		if (header.nlmsg_type == NLMSG_ERROR && header.nlmsg_seq == sequence) {
			if (header.nlmsg_len < sizeof header + sizeof error)
				return EPROTO;
			memcpy(&error, answer + sizeof header, sizeof error);
			return -error;
		}
		if (NLMSG_ALIGN(header.nlmsg_len) >= length)
			return -1;
		answer += NLMSG_ALIGN(header.nlmsg_len);
		length -= NLMSG_ALIGN(header.nlmsg_len);
	}
	return -1;
}

int special_netlink(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	int socket = (int)argument(plan, insn, 0);
	const uint8_t *request = pool_at(plan, insn->arg[1]);
	size_t size = (size_t)insn->arg[2];
	_Alignas(struct nlmsghdr) uint8_t answer[ANSWER_SIZE];
	struct nlmsghdr header;
	int error = -1;

	*result = 0;
	if (size < sizeof header)
		return EINVAL;
	memcpy(&header, request, sizeof header);
	if (!(header.nlmsg_flags & NLM_F_ACK))
		return EINVAL;
	while (send(socket, request, size, 0) < 0)
		if (errno != EINTR)
			return errno;
	while (error < 0) {
		ssize_t length = recv(socket, answer, sizeof answer, 0);

		if (length < 0 && errno != EINTR)
			return errno;
		error = length < 0 ? -1 : length == 0 ? EPIPE : acknowledged(answer, (size_t)length, header.nlmsg_seq);
	}
	return error;
}
