/* HOOK: run a program with bytes on stdin, within a time, and say whether it did well. */
#include <errno.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

#define EXIT_FAILED 127

/* What a pipe may still hold when the hook has ended takes fewer looks than these. */
#define LAST_LOOKS 32

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u
#endif

/* A file rather than a pipe: whole before the hook starts, so that neither can wait for the other, and no SIGPIPE. */
static int input_file(const uint8_t *data, size_t size)
{
	autoclose int fd = memfd_create("hook-state", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	/* Linux before 6.3 does not know the flag; later ones may insist on it (vm.memfd_noexec). */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("hook-state", MFD_CLOEXEC);
	if (fd < 0 || write_whole(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	/* Never 0 itself, on which dup2 would leave close-on-exec set. */
	return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* The end of what a hook says. The rest is read and forgotten: no hook fills a disk, nor waits for a reader. */
struct tail {
	int from, into;		/* NO_FD: it says that elsewhere */
	size_t used;
	char bytes[2 * WIRE_HOOK_OUTPUT];
};

/* Gives the end to write to; -1 and errno. */
static int open_tail(struct tail *tail)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	tail->from = ends[0];
	return ends[1];
}

/* One look, for what there is. */
static void hear(struct tail *tail)
{
	ssize_t length;

	if (tail->used == sizeof tail->bytes) {
		tail->used = WIRE_HOOK_OUTPUT;
		memcpy(tail->bytes, tail->bytes + WIRE_HOOK_OUTPUT, WIRE_HOOK_OUTPUT);
	}
	length = read(tail->from, tail->bytes + tail->used, sizeof tail->bytes - tail->used);
	if (length > 0)
		tail->used += (size_t)length;
	else if (length == 0 || errno != EINTR)
		close_fd(&tail->from);
}

/* The hook has ended; those that it has left behind are not waited for. */
static void keep_tail(struct tail *tail)
{
	struct pollfd more = { .fd = tail->from, .events = POLLIN };
	size_t kept;

	for (int look = 0; look < LAST_LOOKS && poll(&more, 1, 0) > 0; look++) {
		hear(tail);
		more.fd = tail->from;
	}
	kept = tail->used < WIRE_HOOK_OUTPUT ? tail->used : WIRE_HOOK_OUTPUT;
	if (write_whole(tail->into, tail->bytes + tail->used - kept, kept) < 0)
		return;	/* a full disk does not make a hook fail that did well */
}

static _Noreturn void become_hook(struct plan *plan, const struct wire_insn *insn, const char *path, int input, int output)
{
	char *const *argv = (char *const *)(void *)pool_at(plan, insn->arg[1]);
	char *const *envp = (char *const *)(void *)pool_at(plan, insn->arg[2]);

	/* A group of its own, which a timeout can end whole. Output of both kinds goes to one place. */
	if (setpgid(0, 0) == 0 && reset_signals() == 0 && dup2(input, STDIN_FILENO) >= 0
	    && dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 && call_close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
		(void)execve(path, argv, envp);	/* returns only with an error */
	atomic_store(&plan->report->stages[plan->stage].hook, errno);
	leave(EXIT_FAILED);
}

static int64_t milliseconds(void)
{
	return (int64_t)(clock_monotonic() / 1000000);
}

/* 0 when it has ended; ETIMEDOUT when it had to be ended. */
static int wait_until(int pidfd, pid_t pid, int64_t timeout, struct tail *tail)
{
	struct pollfd waited[] = { { .fd = pidfd, .events = POLLIN }, { .events = POLLIN } };
	const int64_t deadline = milliseconds() + timeout;

	for (;;) {
		int64_t left = timeout == 0 ? -1 : deadline - milliseconds();
		int ready;

		waited[1].fd = tail->from;
		ready = timeout != 0 && left <= 0 ? 0 : poll(waited, 2, (int)left);
		if (ready > 0 && waited[0].revents != 0)
			return 0;
		if (ready > 0)
			hear(tail);
		if (ready > 0)
			continue;
		if (ready < 0 && errno == EINTR)
			continue;
		(void)kill(-pid, SIGKILL);	/* it may not have its group yet, or may have left it */
		if (kill(pid, SIGKILL) < 0)
			return errno;
		return ready < 0 ? errno : ETIMEDOUT;
	}
}

static int reap_hook(pid_t pid, siginfo_t *info)
{
	while (waitid(P_PID, (id_t)pid, info, WEXITED | __WALL) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

int special_hook(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	const char *path = pool_text(plan, insn->arg[0]), *state = pool_text(plan, insn->arg[3]);
	_Atomic int32_t *start_error = &plan->report->stages[plan->stage].hook;
	siginfo_t info = { .si_code = 0 };
	autoclose int input = NO_FD, pidfd = NO_FD, output = NO_FD;
	struct tail tail = { .from = NO_FD, .into = (int)argument(plan, insn, 4) };
	const bool kept = tail.into >= 0 && (insn->flags & WIRE_FLAG_END_ALONE);
	struct clone_arguments arguments = {
		.flags = CLONE_PIDFD, .pidfd = (uintptr_t)&pidfd, .exit_signal = SIGCHLD,
	};
	int timed_out, error;
	pid_t pid;

	*result = 0;
	if (!path || !state)
		return EINVAL;
	input = input_file((const uint8_t *)state, strlen(state));
	if (input < 0)
		return errno;
	if (kept && (output = open_tail(&tail)) < 0)
		return errno;
	atomic_store(start_error, 0);
	pid = call_clone(&arguments);
	if (pid < 0) {
		close_fd(&tail.from);
		return errno;
	}
	if (pid == 0)
		become_hook(plan, insn, path, input, kept ? output : tail.into < 0 ? STDERR_FILENO : tail.into);
	close_fd(&output);
	timed_out = wait_until(pidfd, pid, insn->arg[5], &tail);
	error = reap_hook(pid, &info);
	if (kept)
		keep_tail(&tail);
	close_fd(&tail.from);
	if (timed_out || error)
		return timed_out ? timed_out : error;
	if (atomic_load(start_error) != 0)
		return ENOEXEC;
	if (info.si_code != CLD_EXITED)
		return WIRE_HOOK_KILLED + info.si_status;
	return info.si_status == 0 ? 0 : WIRE_HOOK_EXITED + info.si_status;
}
