/* REAP: stay as pid 1 of a container for as long as its program runs (docs/decisions/0001-reap-special.md). */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

#define EXIT_BY_SIGNAL 128

/* Raw, because a C library leaves out the signals that it uses itself. */
static int block_all_signals(void)
{
	const uint64_t all = ~0ull;

	return syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all) < 0 ? errno : 0;
}

static int next_signal(siginfo_t *info)
{
	const uint64_t all = ~0ull;
	long signal;

	do
		signal = syscall(SYS_rt_sigtimedwait, &all, info, NULL, sizeof all);
	while (signal < 0 && errno == EINTR);
	return (int)signal;
}

/* Ended by a signal before it had exec'ed: that is a failure of the plan, and only its parent can know of it. */
static void report_early_end(struct plan *plan, uint32_t stage)
{
	int signal = 0;

	if (stage_fate(plan, stage, &signal) == FATE_DIED)
		report_failure(plan, stage, atomic_load(&plan->report->stages[stage].insn), signal ? 0 : ECHILD, signal);
}

/* Reaps all that has ended. True when the child has, with the code to leave with. */
static bool reap(struct plan *plan, uint32_t stage, pid_t child, int *code)
{
	for (;;) {
		siginfo_t info = { .si_pid = 0 };
		bool done;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0 || info.si_pid == 0)
			return false;
		done = info.si_pid == child;
		if (done) {
			*code = info.si_code == CLD_EXITED ? info.si_status : EXIT_BY_SIGNAL + info.si_status;
			report_early_end(plan, stage);
		}
		if (waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | __WALL) < 0)
			return done;
		if (done)
			return true;
	}
}

/*
 * What the kernel sends because of the terminal, it sends to the whole foreground group: the child has it already,
 * unless it has moved to another group, and then it is not meant.
 */
static void forward(const siginfo_t *info, pid_t child)
{
	if (info->si_signo == SIGCHLD || info->si_code == SI_KERNEL)
		return;
	(void)kill(child, info->si_signo);	/* it may be a zombie by now, which is about to be seen */
}

/* Nothing that somebody could wait for or reach stays open but 0-2. */
static int let_go(struct plan *plan)
{
	atomic_store(&plan->report->stages[plan->stage].state, STAGE_REAPING);
	return call_close_range(3, ~0u, 0) < 0 ? errno : 0;
}

int special_reap(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	uint32_t stage = (uint32_t)insn->arg[0];
	pid_t child = atomic_load(&plan->report->stages[stage].pid);
	siginfo_t info;
	int code = 0;
	int error;

	*result = 0;
	if (plan->channels[stage] == NO_FD)
		return ESRCH;
	error = block_all_signals();
	if (error == 0)
		error = let_go(plan);
	if (error)
		return error;
	/* The child may have ended before its signal was blocked. */
	while (!reap(plan, stage, child, &code)) {
		if (next_signal(&info) < 0)
			return errno;
		forward(&info, child);
	}
	leave(code);
}
