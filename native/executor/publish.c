/* PUBLISH and GRAB_FD: hand a descriptor over with nothing but memory on the giving side. */
#include <errno.h>
#include <poll.h>
#include <sys/wait.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

/*
 * The giver may already be under a seccomp filter that traps any call, a futex's or sleep's too, and whoever would answer
 * the trap waits for this very descriptor. So it spins; the taker looks often. The bound is about a minute.
 */
#define SPINS 2000000000u

/* How long the taker sleeps between looks. */
#define LOOK_NS 50000

static void relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#else
	__asm__ volatile("yield");
#endif
}

int publish(struct plan *plan, int64_t fd)
{
	int64_t none = NONE_PUBLISHED;

	if (!atomic_compare_exchange_strong(&plan->report->published, &none, fd))
		return EBUSY;
	/* exec would close it: stay until it was taken. */
	for (uint32_t i = 0; i < SPINS; i++) {
		if (atomic_load_explicit(&plan->report->published, memory_order_acquire) == NONE_PUBLISHED)
			return 0;
		relax();
	}
	return ETIMEDOUT;
}

/* The giver has ended. When it is a stage that this process cloned, that stage's failure is the one to report. */
static int giver_gone(struct plan *plan, int pidfd)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 && info.si_pid != 0)
		for (uint32_t i = 1; i < plan->tables.header->stage_count; i++)
			if (atomic_load(&plan->report->stages[i].pid) == info.si_pid)
				return peer_gone(plan, i);
	return ESRCH;
}

int special_grab_fd(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	struct pollfd giver = { .fd = (int)argument(plan, insn, 0), .events = POLLIN };
	const struct timespec look = { .tv_nsec = LOOK_NS };
	struct plan_failure failure;
	int64_t fd;
	int error;

	if (giver.fd < 0)
		return EBADF;
	while ((fd = atomic_load(&plan->report->published)) == NONE_PUBLISHED) {
		int ready = ppoll(&giver, 1, &look, NULL);

		if (report_read(plan, &failure))
			return ALREADY_FAILED;
		if (ready < 0 && errno != EINTR)
			return errno;
		if (ready > 0)
			return giver_gone(plan, giver.fd);
	}
	*result = call_pidfd_getfd(giver.fd, (int)fd);
	error = *result < 0 ? errno : 0;
	atomic_store(&plan->report->published, NONE_PUBLISHED);
	return error;
}
