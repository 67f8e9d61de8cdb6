/* HOOK: what is a success, what a failure, and that nothing can hang it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

/* As hook(), with a descriptor for the output. */
static int hook_into(int output, uint32_t flags, const char *program, const char *script, size_t size, int64_t timeout)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	int64_t arguments, environment, input = space(b, size + 1);
	struct plan *plan;
	int result;

	memset(b->pool + input, 'x', size);
	stage(b, "test:0");
	arguments = VECTOR_OF(b, "sh", "-c", script);
	environment = VECTOR_OF(b, "WHO=hook", "PATH=/bin:/usr/bin");
	SPECIAL(b, HOOK, POOL(text(b, program)), POOL(arguments), POOL(environment), POOL(input),
		output < 0 ? NONE : SLOT(0), INT(timeout));
	b->insns[0].flags = flags;
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 0, output), 0);
	result = plan_run(plan, &failure);
	CHECK_EQUAL(result, failure.error ? -1 : 0);
	plan_close(plan);
	return failure.error;
}

/* Runs a shell script as a hook with `size` bytes of x on its stdin; returns the errno of the failure. */
static int hook(const char *program, const char *script, size_t size, int64_t timeout)
{
	return hook_into(-1, 0, program, script, size, timeout);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	CHECK_EQUAL(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(a_hook_gets_its_input_and_environment)
{
	CHECK_EQUAL(hook("/bin/sh", "test \"$(cat)\" = xxx && test $WHO = hook", 3, 0), 0);
	CHECK_EQUAL(hook("/bin/sh", "test -z \"$(cat)\"", 0, 0), 0);
}

TEST(input_that_is_not_read_hurts_nobody)
{
	CHECK_EQUAL(hook("/bin/sh", "exit 0", BUILDER_POOL - 4096, 0), 0);
	CHECK_EQUAL(hook("/bin/sh", "exec <&-; exit 0", BUILDER_POOL - 4096, 0), 0);
}

TEST(what_a_hook_says_goes_where_it_is_wanted)
{
	char said[8] = "";
	int ends[2];

	CHECK_EQUAL(pipe2(ends, O_CLOEXEC), 0);
	CHECK_EQUAL(hook_into(ends[1], 0, "/bin/sh", "echo a; echo b >&2", 0, 0), 0);
	CHECK_EQUAL(read(ends[0], said, sizeof said), 4);
	CHECK_EQUAL(strcmp(said, "a\nb\n"), 0);
	CHECK_EQUAL(close(ends[0]), 0);
	CHECK_EQUAL(close(ends[1]), 0);
}

TEST(all_that_a_program_says_goes_where_it_is_wanted)
{
	int fd = memfd_create("output", MFD_CLOEXEC);

	CHECK_EQUAL(hook_into(fd, 0, "/bin/sh", "head -c 1000000 /dev/zero", 0, 0), 0);
	CHECK_EQUAL(lseek(fd, 0, SEEK_END), 1000000);
	CHECK_EQUAL(close(fd), 0);
}

/* What is in the file after a hook that ran with it as its output. */
static off_t kept_of(const char *script, char *end, size_t size, int64_t timeout, int error)
{
	char file[] = "/tmp/executor-hook-XXXXXX";
	int fd = mkstemp(file);
	off_t kept;

	CHECK(fd >= 0);
	CHECK_EQUAL(unlink(file), 0);
	CHECK_EQUAL(hook_into(fd, WIRE_FLAG_END_ALONE, "/bin/sh", script, 0, timeout), error);
	kept = lseek(fd, 0, SEEK_END);
	CHECK_EQUAL(pread(fd, end, size, kept - (off_t)size), (ssize_t)size);
	CHECK_EQUAL(close(fd), 0);
	return kept;
}

TEST(the_end_of_what_a_hook_says_is_kept)
{
	char end[4];

	CHECK_EQUAL(kept_of("head -c 1000000 /dev/zero; echo end", end, sizeof end, 0, 0), WIRE_HOOK_OUTPUT);
	CHECK_EQUAL(memcmp(end, "end\n", sizeof end), 0);
	CHECK_EQUAL(kept_of("head -c 100000 /dev/zero; echo why; exit 3", end, sizeof end, 0, WIRE_HOOK_EXITED + 3), WIRE_HOOK_OUTPUT);
	CHECK_EQUAL(memcmp(end, "why\n", sizeof end), 0);
	CHECK_EQUAL(kept_of("while :; do echo yes; done", end, sizeof end, 300, ETIMEDOUT), WIRE_HOOK_OUTPUT);
	CHECK_EQUAL(memcmp(end, "yes\n", sizeof end), 0);
}

TEST(who_a_hook_leaves_behind_is_not_waited_for)
{
	int64_t start = milliseconds();
	char end[4];

	CHECK_EQUAL(kept_of("echo all; (sleep 3; echo late) & exit 0", end, sizeof end, 0, 0), 4);
	CHECK(milliseconds() - start < 2500);
	CHECK_EQUAL(kept_of("exec >&- 2>&-; sleep 0.1; exit 4", end, 0, 0, WIRE_HOOK_EXITED + 4), 0);
}

TEST(a_hook_that_says_no_has_failed)
{
	CHECK_EQUAL(hook("/bin/sh", "exit 1", 0, 0), WIRE_HOOK_EXITED + 1);
	CHECK_EQUAL(hook("/bin/sh", "exit 127", 0, 0), WIRE_HOOK_EXITED + 127);
	CHECK_EQUAL(hook("/bin/sh", "kill -9 $$", 0, 0), WIRE_HOOK_KILLED + SIGKILL);
}

TEST(a_hook_that_cannot_start_is_told_apart)
{
	CHECK_EQUAL(hook("/nonexistent", "", 0, 0), ENOEXEC);
	CHECK_EQUAL(hook("/dev/null", "", 0, 1000), ENOEXEC);
}

TEST(a_slow_hook_is_ended_with_its_children)
{
	char file[] = "/tmp/executor-hook-XXXXXX";
	char script[128];
	int fd = mkstemp(file);
	int64_t start = milliseconds();

	CHECK(fd >= 0);
	CHECK_EQUAL(close(fd), 0);
	strcat(strcpy(script, "(sleep 0.4; echo late > "), file);
	strcat(script, ") & sleep 10");
	CHECK_EQUAL(hook("/bin/sh", script, 0, 100), ETIMEDOUT);
	CHECK(milliseconds() - start < 5000);
	usleep(500000);
	fd = open(file, O_RDONLY);
	CHECK_EQUAL(lseek(fd, 0, SEEK_END), 0);
	CHECK_EQUAL(unlink(file), 0);
}

TEST(a_hook_within_its_time_is_a_success)
{
	CHECK_EQUAL(hook("/bin/sh", "sleep 0.05", 0, 5000), 0);
}

TEST(a_hook_inherits_nothing_but_its_stdio)
{
	int fd = open("/dev/null", O_RDONLY);

	CHECK(fd >= 3);
	CHECK_EQUAL(hook("/bin/sh", "for f in 3 4 5 6 7 8 9 10 11 12; do ! test -e /proc/$$/fd/$f || exit 1; done", 0, 0), 0);
}

TEST(a_hook_starts_with_default_signals)
{
	sigset_t all;

	sigfillset(&all);
	CHECK_EQUAL(sigprocmask(SIG_BLOCK, &all, NULL), 0);
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	CHECK_EQUAL(hook("/bin/sh", "grep -q 'SigBlk:.0000000000000000' /proc/self/status"
		" && grep -q 'SigIgn:.0000000000000000' /proc/self/status", 0, 0), 0);
}
