/* CLONE: a new process that goes on in another stage. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

#define EXIT_FAILED 127

/* The kernel's own form of a signal action; all zero is the default disposition. */
struct kernel_action {
	unsigned long handler, flags, restorer, mask;
};

int reset_signals(void)
{
	const struct kernel_action by_default = { 0 };
	const uint64_t none = 0;

	for (int signal = 1; signal <= SIGNAL_COUNT; signal++) {
		if (signal == SIGKILL || signal == SIGSTOP)
			continue;
		if (syscall(SYS_rt_sigaction, signal, &by_default, NULL, sizeof none) < 0)
			return errno;
	}
	return syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none) < 0 ? errno : 0;
}

_Noreturn void leave(int code)
{
	(void)syscall(SYS_exit_group, code);	/* returns only where it is forbidden */
	__builtin_trap();
}

static _Noreturn void end_by(int signal)
{
	leave(128 + signal);
}

/*
 * The first process of a pid namespace is deaf to what it does not catch, and a container that waits to be started is to
 * end when it is told to. exec takes the handlers away.
 */
static int hear_of_ends(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	const struct sigaction action = { .sa_handler = end_by };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (sigaction(ends[i], &action, NULL) < 0)
			return errno;
	return 0;
}

/* The smallest descriptor from `first` up that the stage goes on with; INT_MAX when there is none. */
static int next_wanted(const struct plan *plan, int first)
{
	int next = INT_MAX;

	for (uint32_t i = 0; i < plan->tables.header->slot_count; i++)
		if (plan->slots[i] >= first && plan->slots[i] < next)
			next = (int)plan->slots[i];
	for (int i = 0; i < plan->upstream_count; i++)
		if (plan->upstream[i] >= first && plan->upstream[i] < next)
			next = plan->upstream[i];
	return next;
}

/*
 * What the monitor has open for itself (the engine's socket, directories of the host, its client's terminal) is no
 * business of a process that is born into a container's pid namespace: who may trace it there, could take it (CVE-2016-9962).
 */
static int close_strangers(const struct plan *plan)
{
	for (int first = STDERR_FILENO + 1;;) {
		int wanted = next_wanted(plan, first);
		unsigned last = wanted == INT_MAX ? ~0u : (unsigned)wanted - 1;

		if (wanted > first && call_close_range((unsigned)first, last, 0) < 0)
			return errno;
		if (wanted == INT_MAX)
			return 0;
		first = wanted + 1;
	}
}

static int become(struct plan *plan, uint32_t stage, int channel)
{
	int error;

	/* A sibling must see the end of file when its parent is gone, so nobody else may hold the parent's ends. */
	for (size_t i = 0; i < WIRE_MAX_STAGES; i++)
		close_fd(&plan->channels[i]);
	plan->upstream[plan->upstream_count++] = channel;
	plan->stage = stage;
	/* Only the monitor's children: a later stage may have arranged descriptors that no slot names any more. */
	error = plan->upstream_count == 1 ? close_strangers(plan) : 0;
	if (error == 0)
		error = reset_signals();
	if (error == 0)
		error = hear_of_ends();
	if (error)
		return error;
	/*
	 * Not dumpable before it can join a namespace of others, so that nobody in there can trace it or use
	 * its descriptors. Its /proc/PID files belong to root of the monitor's user namespace from here on. exec undoes it.
	 */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0
	    || prctl(PR_SET_NAME, plan->tables.stages[stage].name, 0, 0, 0) < 0)
		return errno;
	return 0;
}

static _Noreturn void live(struct plan *plan, uint32_t stage, int channel)
{
	struct wire_stage_report *report = &plan->report->stages[stage];
	int error;

	error = become(plan, stage, channel);
	if (error) {
		report_failure(plan, stage, plan->tables.stages[stage].first, error, 0);
		leave(EXIT_FAILED);
	}
	if (stage_run(plan) < 0)
		leave(EXIT_FAILED);
	atomic_store(&report->state, STAGE_LEFT);
	leave(0);
}

static int clone_stage(struct plan *plan, uint32_t stage, struct clone_arguments *arguments, pid_t *pid)
{
	struct wire_stage_report *report = &plan->report->stages[stage];
	int ends[2];
	int error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return errno;
	/* Set here, not by the child: it may be killed before its first step. */
	atomic_store(&report->insn, plan->tables.stages[stage].first);
	atomic_store(&report->state, STAGE_RUNNING);
	*pid = call_clone(arguments);
	if (*pid == 0) {
		close_fd(&ends[0]);
		live(plan, stage, ends[1]);
	}
	error = *pid < 0 ? errno : 0;
	close_fd(&ends[1]);
	if (error) {
		atomic_store(&report->state, STAGE_IDLE);
		close_fd(&ends[0]);
		return error;
	}
	atomic_store(&report->pid, *pid);
	plan->channels[stage] = ends[0];
	return 0;
}

int special_clone(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	uint32_t stage = (uint32_t)insn->arg[0];
	int64_t cgroup = argument(plan, insn, 3);
	int64_t pidfd_slot = insn->arg[4];
	int pidfd = NO_FD;
	pid_t pid = -1;
	int error;
	struct clone_arguments arguments = {
		.flags = (uint64_t)insn->arg[1],
		/* A sibling has the exit signal that its new parent gave the caller; the kernel wants a 0. */
		.exit_signal = insn->arg[1] & CLONE_PARENT ? 0 : (uint64_t)insn->arg[2],
	};

	if (atomic_load(&plan->report->stages[stage].state) != STAGE_IDLE)
		return EALREADY;
	if (cgroup >= 0) {
		arguments.flags |= CLONE_JOIN_CGROUP;
		arguments.cgroup = (uint64_t)cgroup;
	}
	if (pidfd_slot != WIRE_NO_SLOT) {
		arguments.flags |= CLONE_PIDFD;
		arguments.pidfd = (uintptr_t)&pidfd;
	}
	error = clone_stage(plan, stage, &arguments, &pid);
	if (error)
		return error;
	if (pidfd_slot != WIRE_NO_SLOT)
		plan->slots[pidfd_slot] = pidfd;
	*result = pid;
	return 0;
}
