/* NETLINK: the kernel's answer is the instruction's. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

struct request {
	struct nlmsghdr header;
	struct ifinfomsg link;
};

/* Sends bytes over a new socket; the errno of the failure. */
static int talk(const void *data, size_t size)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	struct plan *plan;
	int socket_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int64_t content;
	int result;

	CHECK(socket_fd >= 0);
	stage(b, "test:0");
	content = bytes(b, data, size);
	SPECIAL(b, NETLINK, SLOT(3), POOL(content), INT(size));
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, socket_fd), 0);
	result = plan_run(plan, &failure);
	CHECK_EQUAL(result, failure.error ? -1 : 0);
	plan_close(plan);
	CHECK_EQUAL(close(socket_fd), 0);
	return failure.error;
}

static struct request up(int index)
{
	return (struct request){
		.header = {
			.nlmsg_len = sizeof(struct request), .nlmsg_type = RTM_NEWLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK, .nlmsg_seq = 7,
		},
		.link = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP },
	};
}

TEST(success_is_the_kernels)
{
	const struct request request = up(1);
	struct ifreq name = { .ifr_name = "lo" };
	int fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		test_skip("no user namespaces here");
	CHECK_EQUAL(talk(&request, sizeof request), 0);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK_EQUAL(ioctl(fd, SIOCGIFFLAGS, &name), 0);
	CHECK(name.ifr_flags & IFF_UP);
}

TEST(failure_is_the_kernels)
{
	const struct request request = up(123456);

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		test_skip("no user namespaces here");
	CHECK_EQUAL(talk(&request, sizeof request), ENODEV);
}

TEST(a_request_that_is_not_answered_is_not_sent)
{
	struct request request = up(1);

	request.header.nlmsg_flags = NLM_F_REQUEST;
	CHECK_EQUAL(talk(&request, sizeof request), EINVAL);
	CHECK_EQUAL(talk(&request, 8), EINVAL);
}
