/* REAP: as pid 1 of a pid namespace, with a shell as the program. Needs root, or user namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

#define PID 20

static void need_pid_namespace(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(unshare(CLONE_NEWPID | (geteuid() ? CLONE_NEWUSER : 0)) < 0);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		test_skip("no pid namespaces here");
}

/* A plan of monitor, init (that stays) and the program. */
static struct builder *init_with(const char *script)
{
	struct builder *b = builder();
	int64_t arguments, environment;

	need_pid_namespace();
	stage(b, "test:0");
	SPECIAL(b, CLONE, INT(1), INT(CLONE_NEWPID | (geteuid() ? CLONE_NEWUSER : 0)), INT(SIGCHLD), NONE, NONE);
	into(b, PID);
	stage(b, "test:init");
	SPECIAL(b, CLONE, INT(2), INT(0), INT(SIGCHLD), NONE, NONE);
	SPECIAL(b, REAP, INT(2));
	stage(b, "test:program");
	arguments = VECTOR_OF(b, "sh", "-c", script);
	environment = VECTOR_OF(b, "PATH=/bin:/usr/bin");
	SPECIAL(b, EXEC_SEARCH, POOL(text(b, "/bin/sh")), POOL(arguments), POOL(environment), POOL(-1));
	return b;
}

TEST(init_leaves_with_the_programs_code)
{
	CHECK_EQUAL(status_of(succeeded(init_with("exit 42")), PID), 42 << 8);
	CHECK_EQUAL(status_of(succeeded(init_with("exit 0")), PID), 0);
}

TEST(a_program_that_is_killed_gives_128_and_its_signal)
{
	CHECK_EQUAL(status_of(succeeded(init_with("kill -9 $$")), PID), (128 + SIGKILL) << 8);
}

TEST(orphans_are_reaped)
{
	/* The shell's grandchildren become init's; none may be left as a zombie (state Z) while the shell still runs. */
	CHECK_EQUAL(status_of(succeeded(init_with(
		"for i in 1 2 3 4 5; do (sleep 0.02 &) ; done; sleep 0.2;"
		" for p in 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do kill -0 $p 2>/dev/null && n=$((n + 1)); done; exit $n")),
		PID), 1 << 8);
}

TEST(signals_are_forwarded)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGWINCH };

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct plan *plan;
		char ready;
		int ends[2];

		/* Descriptor 1 tells that the trap is set. */
		CHECK_EQUAL(pipe(ends), 0);
		CHECK(dup2(ends[1], STDOUT_FILENO) >= 0);
		plan = succeeded(init_with("trap 'exit 33' TERM HUP INT USR1 WINCH; echo; while :; do sleep 0.01; done"));
		CHECK_EQUAL(read(ends[0], &ready, 1), 1);
		CHECK_EQUAL(kill((pid_t)plan_slot(plan, PID), signals[i]), 0);
		CHECK_EQUAL(status_of(plan, PID), 33 << 8);
		CHECK_EQUAL(close(ends[0]), 0);
		CHECK_EQUAL(close(ends[1]), 0);
	}
}

TEST(init_keeps_no_descriptor_but_its_stdio)
{
	struct plan *plan;
	int ends[2];
	char byte;

	CHECK_EQUAL(pipe(ends), 0);
	plan = succeeded(init_with("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; sleep 10"));
	CHECK_EQUAL(close(ends[1]), 0);
	/* End of file: neither init nor the program holds the other end. */
	CHECK_EQUAL(read(ends[0], &byte, 1), 0);
	CHECK_EQUAL(kill((pid_t)plan_slot(plan, PID), SIGKILL), 0);
	CHECK_EQUAL(status_of(plan, PID), SIGKILL);
}

TEST(a_program_that_is_not_there_is_its_stages_failure)
{
	struct builder *b = init_with("");
	struct plan_failure failure;

	strcpy((char *)b->pool + b->insns[3].arg[0], "/bin/xx");
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 2);
	CHECK_EQUAL(failure.error, ENOENT);
}

TEST(a_program_that_was_killed_before_its_exec_is_its_stages_failure)
{
	struct builder *b = init_with("");
	struct plan_failure failure;

	b->insns[3] = (struct wire_insn){ .code = WIRE_SYSCALL, .op = 103, .nr = SYS_exit_group, .result = WIRE_NO_SLOT };
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 2);
	CHECK_EQUAL(failure.insn, 3);
	CHECK_EQUAL(failure.error, ECHILD);
}
