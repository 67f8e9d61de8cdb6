/* Runs the plan, finds out what has become of it, and tells the engine. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner_state.h"
#include "signals.h"
#include "text.h"
#include "util.h"
#include "wire.h"

#define FIRST_PRESERVED 3

static void send_engine(struct runner *runner, uint16_t type, struct bytes *payload, int fd)
{
	int engine = runner->engine->fd;
	/* It would wait for what it does not hear of, and we for its answer: for both this is the end, noticed where we read. */
	if (engine >= 0 && frame_send(engine, type, payload, &fd, fd >= 0 ? 1 : 0, 0) < 0 && shutdown(engine, SHUT_RDWR) < 0)
		errno = 0;	/* gone already */
	bytes_free(payload);
}

void runner_kill(struct runner *runner)
{
	siginfo_t info;
	if (runner->init_pidfd >= 0) {
		/* Gone already: there is nothing to kill, and the wait below says so at once. */
		(void)syscall(SYS_pidfd_send_signal, runner->init_pidfd, SIGKILL, NULL, 0);
		while (waitid(P_PIDFD, (id_t)runner->init_pidfd, &info, WEXITED | __WALL) < 0 && errno == EINTR)
			continue;
	}
	close_fd(&runner->init_pidfd);
	close_fd(&runner->console.master);
	plan_close(runner->plan);
	runner->plan = NULL;
	runner->init = -1;
	runner->phase = RUNNER_IDLE;
}

static void fail(struct runner *runner, const struct plan_failure *failure)
{
	struct bytes payload = { 0 };
	if (runner->plan)
		runner->init_pidfd = (int)plan_slot(runner->plan, SLOT_INIT_PIDFD);
	runner_kill(runner);
	signals_release();
	if (bytes_add_u32(&payload, failure->stage) && bytes_add_u32(&payload, failure->insn) &&
	    bytes_add_u32(&payload, failure->op) && bytes_add_u32(&payload, (uint32_t)failure->error) &&
	    bytes_add_u32(&payload, (uint32_t)failure->signal))
		send_engine(runner, FRAME_FAILED, &payload, -1);
}

/* Before any instruction ran. */
static void refuse(struct runner *runner, int error)
{
	fail(runner, &(struct plan_failure){ .stage = STAGE_MONITOR, .insn = SETUP_FD_ROLES, .error = error });
}

static void started(struct runner *runner)
{
	struct bytes payload = { 0 };
	runner->phase = RUNNER_STARTED;
	plan_close(runner->plan);
	runner->plan = NULL;
	if (bytes_add_u32(&payload, runner->init > 0 ? (uint32_t)runner->init : 0) && bytes_add_u64(&payload, clock_now()))
		send_engine(runner, FRAME_STARTED, &payload, runner->init_pidfd);
}

/* What the caller has open is meant to be passed on; what is close-on-exec is our own. */
static int add_preserved(struct plan *plan, const struct run_request *request)
{
	for (int i = 0; i < request->preserved; i++) {
		int flags = fcntl(FIRST_PRESERVED + i, F_GETFD);
		if (flags < 0 || (flags & FD_CLOEXEC))
			return -EBADF;
		int result = plan_set_slot(plan, SLOT_FIRST_INPUT + (int)request->input_count + i, FIRST_PRESERVED + i);
		if (result < 0)
			return result;
	}
	return 0;
}

static int fill_slots(struct plan *plan, const struct run_request *request)
{
	int result = 0;
	for (int i = 0; i < 3 && request->streams == STREAMS_CALLERS && result == 0; i++)
		result = plan_set_slot(plan, SLOT_STDIN + i, i);
	for (uint32_t i = 0; i < request->input_count && result == 0; i++)
		result = plan_set_slot(plan, SLOT_FIRST_INPUT + (int)i, request->inputs[i]);
	return result < 0 ? result : add_preserved(plan, request);
}

void runner_start(struct runner *runner, struct run_request *request)
{
	struct plan_failure failure;
	const char *why = NULL;
	runner->until_exec = request->until_exec;
	int result = plan_open(request->plan, request->report, &runner->plan, &why);
	if (why)
		say("coffer: cannot read the plan: ", why);
	if (result == 0)
		result = fill_slots(runner->plan, request);
	if (result < 0) {
		run_request_close(request);
		refuse(runner, -result);
		return;
	}
	runner->phase = RUNNER_STARTING;
	/* As a service has it: what is made for a container, its cgroups for one, is not for the caller alone. */
	(void)umask(022);
	result = plan_run(runner->plan, &failure);
	run_request_close(request);
	if (result < 0) {
		fail(runner, &failure);
		return;
	}
	/* From its first moment on, the program may be meant by what is sent to us. */
	if (runner->until_exec)
		signals_take(false, true);
	runner->init = (pid_t)plan_slot(runner->plan, SLOT_INIT_PID);
	runner->init_pidfd = (int)plan_slot(runner->plan, SLOT_INIT_PIDFD);
	/* A master that the plan has given away is not here any more, whatever the slot says. */
	if (request->streams == STREAMS_TERMINAL)
		console_open(&runner->console, (int)plan_slot(runner->plan, SLOT_TERMINAL), runner->caller);
	if (!runner->until_exec)
		started(runner);
}

static void awake(void *who, short events)
{
	(void)who;
	(void)events;
	/* Being awake is enough: each round asks for progress. */
}

/* Nobody is there yet to be passed a signal: it is ours, and what was begun is taken back by the engine. */
static void interrupted(void *who, short events)
{
	struct runner *runner = who;
	(void)events;
	if (runner->phase == RUNNER_STARTING)
		runner_progress(runner);
	int number = runner->phase == RUNNER_STARTING ? signals_next() : 0;
	if (number > 0)
		signals_stop(number);
}

void runner_watch_start(struct runner *runner)
{
	int fds[WIRE_MAX_STAGES];
	int count = plan_pending(runner->plan, fds, WIRE_MAX_STAGES);
	for (int i = 0; i < count; i++)
		loop_watch(&runner->loop, fds[i], POLLIN, awake, NULL);
	/* With no channel left only the end of the process can tell more. */
	loop_watch(&runner->loop, runner->init_pidfd, POLLIN, awake, NULL);
	loop_watch(&runner->loop, signals_fd(), POLLIN, interrupted, runner);
}

/* Whether init has ended before the start was known to have succeeded; the executor looks before it is reaped. */
static bool has_died(struct runner *runner, struct plan_failure *failure)
{
	siginfo_t info = { .si_pid = 0 };
	if (runner->init_pidfd < 0 ||
	    waitid(P_PIDFD, (id_t)runner->init_pidfd, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0 || info.si_pid == 0)
		return false;
	int status = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : info.si_status;
	return plan_child_died(runner->plan, info.si_pid, status, failure) == 1;
}

void runner_progress(struct runner *runner)
{
	struct plan_failure failure;
	if (has_died(runner, &failure)) {
		fail(runner, &failure);
		return;
	}
	int result = plan_progress(runner->plan, &failure);
	if (result < 0)
		fail(runner, &failure);
	else if (result > 0)
		started(runner);
}
