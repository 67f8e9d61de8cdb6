/* EXPECT, WRITE_ALL, ARRANGE_FDS. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

static int expect(const char *path, int64_t magic, int64_t device, int64_t type)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	struct plan *plan;
	int result;
	int fd = open(path, O_PATH | O_CLOEXEC);

	CHECK(fd >= 0);
	stage(b, "test:0");
	SPECIAL(b, EXPECT, SLOT(3), INT(magic), INT(device), INT(type));
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, fd), 0);
	result = plan_run(plan, &failure);
	CHECK_EQUAL(result, failure.error ? -1 : 0);
	plan_close(plan);
	CHECK_EQUAL(close(fd), 0);
	return failure.error;
}

TEST(expect_tells_the_real_from_the_rest)
{
	int64_t null = (int64_t)makedev(1, 3);

	CHECK_EQUAL(expect("/dev/null", 0, null, S_IFCHR), 0);
	CHECK_EQUAL(expect("/dev/zero", 0, null, S_IFCHR), EBADMSG);
	CHECK_EQUAL(expect("/dev/null", 0, -1, 0), 0);
	CHECK_EQUAL(expect("/dev/null", 0, null, S_IFBLK), EBADMSG);
	CHECK_EQUAL(expect("/dev/null", PROC_SUPER_MAGIC, null, S_IFCHR), EBADMSG);
	CHECK_EQUAL(expect("/proc/self/status", PROC_SUPER_MAGIC, -1, S_IFREG), 0);
	CHECK_EQUAL(expect("/proc", PROC_SUPER_MAGIC, -1, S_IFDIR), 0);
	CHECK_EQUAL(expect("/proc", PROC_SUPER_MAGIC, -1, S_IFREG), EBADMSG);
}

static int write_all(int fd, size_t size)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	struct plan *plan;
	int result;

	stage(b, "test:0");
	SPECIAL(b, WRITE_ALL, SLOT(3), POOL(space(b, size)), INT(size));
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, fd), 0);
	result = plan_run(plan, &failure);
	CHECK_EQUAL(result, failure.error ? -1 : 0);
	plan_close(plan);
	return failure.error;
}

TEST(a_write_is_whole_or_an_error)
{
	int ends[2];

	CHECK_EQUAL(pipe2(ends, O_NONBLOCK), 0);
	CHECK(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 4096);
	CHECK_EQUAL(write_all(ends[1], 4096), 0);
	CHECK_EQUAL(write_all(ends[1], 1), EAGAIN);
	CHECK_EQUAL(close(ends[0]), 0);
	CHECK_EQUAL(pipe2(ends, O_NONBLOCK), 0);
	CHECK(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 4096);
	CHECK_EQUAL(write_all(ends[1], 3 * 4096), EIO);
	CHECK_EQUAL(write_all(-1, 1), EBADF);
}

/* What stands in a memory file with one letter, so that descriptors can be told apart. */
static int letter(char which)
{
	char name[] = "/tmp/executor-letter-XXXXXX";
	int fd = mkstemp(name);

	CHECK(fd >= 0);
	CHECK_EQUAL(unlink(name), 0);
	CHECK_EQUAL(write(fd, &which, 1), 1);
	return fd;
}

static char letter_of(int fd)
{
	char which = '?';

	return pread(fd, &which, 1, 0) == 1 ? which : errno == EBADF ? '-' : '?';
}

/*
 * Descriptors 0, 1, 2, ... become a, b, c, ... Slot i is descriptor i. Arranges them by `order` (a digit is a slot, '-'
 * is none) and checks what is where. In a process of its own.
 */
static void arranged(const char *order, const char *expected)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct builder *b = builder();
		size_t count = strlen(order);
		int32_t slots[16];
		int fds[8], log = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
		struct plan *plan;
		struct plan_failure failure;

		for (size_t i = 0; i < count; i++)
			slots[i] = order[i] == '-' ? -1 : order[i] - '0';
		stage(b, "test:0");
		SPECIAL(b, ARRANGE_FDS, POOL(bytes(b, slots, count * sizeof *slots)), INT(count));
		plan = opened(b);
		for (int i = 0; i < 8; i++)
			fds[i] = fcntl(letter((char)('a' + i)), F_DUPFD_CLOEXEC, 50);
		for (int i = 0; i < 8; i++) {
			if (dup3(fds[i], i, O_CLOEXEC) < 0 || plan_set_slot(plan, i, i) < 0)
				_exit(2);
		}
		if (plan_run(plan, &failure) < 0)
			_exit(failure.error);
		for (size_t i = 0; i < count; i++) {
			char got = letter_of((int)i);

			if (got == '-' ? expected[i] != '-' : (got != expected[i] || fcntl((int)i, F_GETFD) != 0)) {
				dprintf(log, "%s: descriptor %zu is %c\n", order, i, got);
				_exit(3);
			}
			if (order[i] != '-' && plan_slot(plan, order[i] - '0') != -1)
				_exit(4);
		}
		for (int fd = (int)count; fd < 8; fd++)
			if (fcntl(fd, F_GETFD) != FD_CLOEXEC)
				_exit(5);
		_exit(0);
	}
	CHECK_EQUAL(waitpid(pid, &status, 0), pid);
	CHECK_EQUAL(status, 0);
}

TEST(every_arrangement_of_three_is_reached)
{
	char order[4] = "", expected[4] = "";

	for (int first = 0; first < 5; first++)
		for (int second = 0; second < 5; second++)
			for (int third = 0; third < 5; third++) {
				const int slots[] = { first, second, third };

				for (int i = 0; i < 3; i++) {
					/* 4 stands for none */
					order[i] = slots[i] == 4 ? '-' : (char)('0' + slots[i]);
					expected[i] = slots[i] == 4 ? '-' : (char)('a' + slots[i]);
				}
				arranged(order, expected);
			}
}

TEST(swaps_and_cycles_and_none_at_all)
{
	arranged("10", "ba");
	arranged("12345670", "bcdefgha");
	arranged("76543210", "hgfedcba");
	arranged("-------", "-------");
	arranged("", "");
}

TEST(an_empty_slot_cannot_be_arranged)
{
	struct builder *b = builder();

	stage(b, "test:0");
	SPECIAL(b, ARRANGE_FDS, POOL(bytes(b, (int32_t[]){ 9 }, 4)), INT(1));
	CHECK_EQUAL(failed(b).error, EBADF);
}

/* The child's channels come to lie low, because its low descriptors are closed; they must survive, or the start seems over. */
TEST(arranging_does_not_cut_the_channels)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t bad;

	for (int fd = 3; fd < 40; fd++)
		(void)close(fd);
	stage(b, "test:0");
	SPECIAL(b, CLONE, INT(1), INT(0), INT(SIGCHLD), NONE, NONE);
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT('z'), NONE);
	stage(b, "test:1");
	CALL(b, dup, INT(2));
	into(b, 10);
	SPECIAL(b, ARRANGE_FDS, POOL(bytes(b, (int32_t[]){
		10, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 }, 64)), INT(16));
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_SEND), INT('z'), NONE);
	bad = CALL(b, close, INT(-1));
	failure = failed(b);
	CHECK_EQUAL(failure.insn, bad);
	CHECK_EQUAL(failure.error, EBADF);
}

/* The monitor's own, a directory of the host for one, are not for a process that a container may see (CVE-2016-9962). */
TEST(a_stage_has_the_descriptors_of_its_slots_and_no_others_of_the_monitor)
{
	struct builder *b = builder();
	struct plan *plan;
	uint32_t asked;

	CHECK(dup2(STDERR_FILENO, 150) == 150 && dup2(STDERR_FILENO, 151) == 151);
	stage(b, "test:0");
	CALL(b, dup, INT(150));
	into(b, 22);
	SPECIAL(b, CLONE, INT(1), INT(0), INT(SIGCHLD), NONE, INT(21));
	into(b, 20);
	stage(b, "test:1");
	CALL(b, fcntl, SLOT(22), INT(F_GETFD));
	asked = CALL(b, fcntl, INT(151), INT(F_GETFD));
	on(b, EBADF, WIRE_ON_CONTINUE, 0);
	on(b, 0, WIRE_ON_FAIL, asked);
	plan = succeeded(b);
	CHECK_EQUAL(status_of(plan, 20), 0);
	plan_close(plan);
	CHECK(close(150) == 0 && close(151) == 0);
}
