/* The runner against an engine that is played. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"
#include "sample_plan.h"
#include "unit.h"
#include "util.h"

static void ask_to_run(int engine, int plan)
{
	struct bytes payload = { 0 };
	uint8_t until_exec = 1;
	CHECK(bytes_add_u8(&payload, until_exec) && bytes_add_u8(&payload, STREAMS_CALLERS) && bytes_add_u16(&payload, 0) &&
	      bytes_add_u8(&payload, ROLE_PLAN));
	CHECK(frame_send(engine, FRAME_RUN, &payload, &plan, 1, 0) == 0);
	bytes_free(&payload);
}

/* A runner in a process of its own, which leaves with the runner's code. */
static pid_t fork_runner(int ends[2])
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	struct caller caller = { .terminal = -1 };
	struct frame_reader reader = { .fd = ends[1] };
	struct frame frame;
	close(ends[0]);
	while (frame_next(&reader, &frame) == 0)
		if (frame_fill(&reader, 0) <= 0)
			_exit(98);
	_exit(runner_serve(&reader, &frame, &caller));
}

static int code_of(pid_t pid)
{
	int status;
	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(what_the_engine_cannot_be_told_of_is_killed)
{
	int ends[2], life[2];
	char byte;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 && pipe(life) == 0);
	autoclose int plan = sample_plan("exec sleep 1000", false);
	ask_to_run(ends[0], plan);
	/* It can still be read from, and says nothing more. */
	CHECK(shutdown(ends[0], SHUT_RD) == 0);
	pid_t runner = fork_runner(ends);
	close(life[1]);
	CHECK_EQUAL(code_of(runner), 1);
	/* The program had the pipe as well. */
	CHECK(read(life[0], &byte, 1) == 0);
}

TEST(an_engine_that_goes_takes_what_it_was_told_of_with_it)
{
	int ends[2];
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	autoclose int plan = sample_plan("exec sleep 1000", false);
	ask_to_run(ends[0], plan);
	pid_t runner = fork_runner(ends);
	struct frame_reader reader = { .fd = ends[0] };
	struct frame frame;
	while (frame_next(&reader, &frame) == 0)
		CHECK(frame_fill(&reader, 0) > 0);
	CHECK_EQUAL(frame.type, FRAME_STARTED);
	autoclose int pidfd = frame_take_fd(&reader);
	close(ends[1]);
	close(ends[0]);
	CHECK_EQUAL(code_of(runner), 1);
	CHECK(pidfd >= 0);
}
