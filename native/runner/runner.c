/*
 *  runner                                  engine
 *                                  ◄──     RUN plan, inputs
 *  STARTED pid, pidfd  or  FAILED  ──►
 *                                  ◄──     WAIT errand     (in the foreground; run where the engine is gone at the end)
 *  EXITED code, signal             ──►
 *                                  ◄──     OUT, ERR …, another RUN, or EXIT code
 */
#include "runner.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner_state.h"
#include "signals.h"
#include "terminal.h"
#include "text.h"
#include "util.h"

#define EXIT_LOST 1
#define EXIT_BY_SIGNAL 128

static void finish(struct runner *runner, int code)
{
	runner->over = true;
	runner->code = code;
}

static void run(struct runner *runner, const struct frame *frame)
{
	struct run_request request;
	int result = run_request_read(&request, runner->engine, frame);
	if (result == 0 && (runner->phase == RUNNER_IDLE || runner->phase == RUNNER_STARTED)) {
		close_fd(&runner->init_pidfd);
		runner_start(runner, &request);
		return;
	}
	run_request_close(&request);
	say("coffer: cannot understand the engine: a malformed RUN (stop it by coffer engine stop)");
	finish(runner, EXIT_LOST);
}

static void wait_for_end(struct runner *runner)
{
	bool terminal = runner->console.master >= 0 && runner->caller->streams[0].kind == STDIO_TTY;
	if (runner->phase != RUNNER_STARTED)
		return;
	runner->phase = RUNNER_WAITING;
	signals_take(terminal, true);
	if (terminal) {
		terminal_set(TERMINAL_RAW);
		console_resize(&runner->console);
	}
}

static void print(struct runner *runner, int fd, const struct frame *frame)
{
	if (write_whole(fd, frame->payload, frame->length) == 0)
		return;
	if (errno == EPIPE)
		signals_die(SIGPIPE);
	say("coffer: cannot write output: ", error_text(errno));
	finish(runner, EXIT_LOST);
}

static void handle(struct runner *runner, const struct frame *frame)
{
	struct cursor payload = cursor_over(frame->payload, frame->length);
	switch (frame->type) {
	case FRAME_RUN:
		run(runner, frame);
		break;
	case FRAME_WAIT:
		errand_keep(runner, &payload);
		wait_for_end(runner);
		break;
	case FRAME_OUT:
		print(runner, STDOUT_FILENO, frame);
		break;
	case FRAME_ERR:
		print(runner, STDERR_FILENO, frame);
		break;
	case FRAME_EXIT:
		/* An engine that takes back what it has not been told of yet. */
		if (runner->phase == RUNNER_STARTING)
			runner_kill(runner);
		finish(runner, (int)cursor_u32(&payload));
		break;
	default:
		/* A newer engine's frame, which an older runner does not need to know. */
		break;
	}
}

/* What runs in the foreground runs on; what nobody was told of yet must not. */
static void engine_lost(struct runner *runner, const char *why)
{
	close_fd(&runner->engine->fd);
	if (runner->phase == RUNNER_WAITING)
		return;
	runner_kill(runner);
	if (runner->ended) {
		finish(runner, runner->end_code);
		return;
	}
	say("coffer: lost the connection to the engine", why ? ": " : NULL, why);
	finish(runner, EXIT_LOST);
}

static void handle_frames(struct runner *runner)
{
	struct frame frame;
	int whole = 0;
	while (!runner->over && runner->engine->fd >= 0 && (whole = frame_next(runner->engine, &frame)) > 0)
		handle(runner, &frame);
	if (whole < 0)
		engine_lost(runner, error_text(errno));
}

static void engine_ready(void *who, short events)
{
	struct runner *runner = who;
	(void)events;
	int got = frame_fill(runner->engine, 0);
	if (got > 0)
		handle_frames(runner);
	else if (got == 0 || errno == ECONNRESET)
		engine_lost(runner, NULL);
	else if (errno != EAGAIN)
		engine_lost(runner, error_text(errno));
}

static void pass_on(struct runner *runner, int number)
{
	if (number == SIGWINCH)
		console_resize(&runner->console);
	else if (number == SIGTSTP)
		signals_stop(SIGTSTP);
	else if (!signals_is_local(number))
		/* It may have ended this moment, which is about to be seen. */
		(void)syscall(SYS_pidfd_send_signal, runner->init_pidfd, number, NULL, 0);
}

static void signals_ready(void *who, short events)
{
	struct runner *runner = who;
	(void)events;
	for (int number = signals_next(); number > 0; number = signals_next())
		pass_on(runner, number);
}

static void ended(void *who, short events)
{
	struct runner *runner = who;
	struct bytes payload = { 0 };
	siginfo_t info = { .si_pid = 0 };
	(void)events;
	if (waitid(P_PIDFD, (id_t)runner->init_pidfd, &info, WEXITED | WNOHANG | __WALL) < 0 || info.si_pid == 0)
		return;
	int signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
	int code = signal ? EXIT_BY_SIGNAL + signal : info.si_status;
	console_finish(&runner->console);
	terminal_set(TERMINAL_AS_FOUND);
	close_fd(&runner->init_pidfd);
	runner->phase = RUNNER_IDLE;
	runner->ended = true;
	runner->end_code = code;
	if (runner->engine->fd < 0) {
		finish(runner, code);
		return;
	}
	if (bytes_add_u32(&payload, (uint32_t)code) && bytes_add_u32(&payload, (uint32_t)signal) && bytes_add_u8(&payload, 0) &&
	    bytes_add_u64(&payload, clock_now()) && frame_send(runner->engine->fd, FRAME_EXITED, &payload, NULL, 0, 0) < 0)
		/* An engine that has just gone cannot change how the container ended. */
		engine_lost(runner, NULL);
	bytes_free(&payload);
}

static void round_of(struct runner *runner)
{
	if (runner->phase == RUNNER_STARTING) {
		runner_progress(runner);
		if (runner->phase == RUNNER_STARTING)
			runner_watch_start(runner);
	}
	loop_watch(&runner->loop, runner->engine->fd, POLLIN, engine_ready, runner);
	if (runner->phase == RUNNER_WAITING) {
		loop_watch(&runner->loop, runner->init_pidfd, POLLIN, ended, runner);
		loop_watch(&runner->loop, signals_fd(), POLLIN, signals_ready, runner);
		console_watch(&runner->console, &runner->loop);
	}
	loop_round(&runner->loop, -1);
}

int runner_serve(struct frame_reader *engine, const struct frame *first, const struct caller *caller)
{
	struct runner runner = {
		.engine = engine, .caller = caller, .init_pidfd = -1, .init = -1, .console = { .master = -1 },
	};
	handle(&runner, first);
	/* More may have come with it. */
	handle_frames(&runner);
	while (!runner.over)
		round_of(&runner);
	terminal_set(TERMINAL_AS_FOUND);
	/* What came too early for a program that nobody waits for was meant for us. */
	if (!runner.ended)
		signals_release();
	close_fd(&runner.init_pidfd);
	close_fd(&runner.console.master);
	plan_close(runner.plan);
	if (runner.ended && runner.engine->fd < 0)
		errand_run(&runner);
	errand_forget(&runner);
	return runner.code;
}
