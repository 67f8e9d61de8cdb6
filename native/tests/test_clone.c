/* Stages: clone, how failures are found, and how the start is known to have succeeded. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

#define PID 20
#define PIDFD 21

static uint32_t clone_stage(struct builder *b, int stage)
{
	uint32_t at = SPECIAL(b, CLONE, INT(stage), INT(0), INT(SIGCHLD), NONE, INT(PIDFD));

	into(b, PID);
	return at;
}

/* exec of /bin/sh -c script */
static uint32_t shell(struct builder *b, const char *script)
{
	int64_t arguments = VECTOR_OF(b, "sh", "-c", script);
	int64_t environment = NO_STRINGS(b);

	return SPECIAL(b, EXEC_SEARCH, POOL(text(b, "sh")), POOL(arguments), POOL(environment), POOL(text(b, "/bin:/usr/bin")));
}

TEST(a_start_succeeds_when_the_child_has_execed)
{
	struct builder *b = builder();
	struct plan *plan;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	shell(b, "exit 7");
	plan = succeeded(b);
	CHECK(plan_slot(plan, PIDFD) >= 0);
	CHECK_EQUAL(status_of(plan, PID), 7 << 8);
	plan_close(plan);
}

TEST(a_start_succeeds_when_the_child_has_left)
{
	struct builder *b = builder();

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	CALL(b, getppid, INT(0));
	CHECK_EQUAL(status_of(succeeded(b), PID), 0);
}

TEST(a_program_that_dies_at_once_has_started)
{
	for (int i = 0; i < 20; i++) {
		struct builder *b = builder();

		stage(b, "test:0");
		clone_stage(b, 1);
		stage(b, "test:1");
		shell(b, "kill -9 $$");
		CHECK_EQUAL(status_of(succeeded(b), PID), SIGKILL);
	}
}

TEST(a_program_that_is_not_there_is_the_childs_failure)
{
	struct builder *b = builder();
	struct plan_failure failure;
	int64_t arguments;
	uint32_t exec;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	arguments = VECTOR_OF(b, "nonexistent");
	exec = SPECIAL(b, EXEC_SEARCH, POOL(text(b, "nonexistent")), POOL(arguments), POOL(NO_STRINGS(b)),
		       POOL(text(b, "/bin:/usr/bin")));
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 1);
	CHECK_EQUAL(failure.insn, exec);
	CHECK_EQUAL(failure.error, ENOENT);
}

/* What exec says about `name` with a PATH (or none); the child's program would exit with 3. */
static int exec_error(const char *name, const char *path)
{
	struct builder *b = builder();
	int64_t arguments, environment;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	arguments = VECTOR_OF(b, "sh", "-c", "exit 3");
	environment = NO_STRINGS(b);
	SPECIAL(b, EXEC_SEARCH, POOL(text(b, name)), POOL(arguments), POOL(environment), POOL(path ? text(b, path) : -1));
	return failed(b).error;
}

TEST(the_search_reports_what_a_shell_would)
{
	char directory[] = "/tmp/executor-test-XXXXXX";
	char file[64], path[128];
	int fd;

	CHECK(mkdtemp(directory) != NULL);
	strcat(strcpy(file, directory), "/tool");
	fd = open(file, O_CREAT | O_WRONLY, 0644);
	CHECK(fd >= 0 && write(fd, "garbage\n", 8) == 8 && close(fd) == 0);
	strcat(strcpy(path, "/nonexistent:/dev/null:"), directory);
	CHECK_EQUAL(exec_error("tool", path), EACCES);
	CHECK_EQUAL(exec_error("tool", strcat(path, ":/usr")), EACCES);
	CHECK_EQUAL(chmod(file, 0755), 0);
	CHECK_EQUAL(exec_error("tool", path), ENOEXEC);
	CHECK_EQUAL(exec_error(file, NULL), ENOEXEC);
	CHECK_EQUAL(chdir(directory), 0);
	CHECK_EQUAL(exec_error("tool", "/nonexistent:"), ENOEXEC);
	CHECK_EQUAL(exec_error("tool", NULL), ENOENT);
	CHECK_EQUAL(exec_error("", "/bin"), ENOENT);
	CHECK_EQUAL(unlink(file), 0);
	CHECK_EQUAL(chdir("/"), 0);
	CHECK_EQUAL(rmdir(directory), 0);
}

TEST(a_grandchilds_failure_is_reported)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t bad;

	stage(b, "test:0");
	clone_stage(b, 1);
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	stage(b, "test:1");
	clone_stage(b, 2);
	SPECIAL(b, SYNC, INT(2), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_SEND), INT('a'), NONE);
	stage(b, "test:2");
	bad = CALL(b, close, INT(-1));
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 2);
	CHECK_EQUAL(failure.insn, bad);
	CHECK_EQUAL(failure.error, EBADF);
}

TEST(a_siblings_failure_is_reported_after_its_cloner_has_left)
{
	struct builder *b = builder();
	struct plan_failure failure;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	SPECIAL(b, CLONE, INT(2), INT(0x8000 /* CLONE_PARENT */), INT(SIGCHLD), NONE, NONE);
	stage(b, "test:2");
	CALL(b, nanosleep, POOL(bytes(b, &(struct timespec){ .tv_nsec = 20000000 }, sizeof(struct timespec))), POOL(-1));
	CALL(b, close, INT(-1));
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 2);
	CHECK_EQUAL(failure.error, EBADF);
}

static const struct sock_filter no_getppid[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
static const struct sock_filter no_execve[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/* Adds a filter of four instructions. */
static void filter(struct builder *b, const struct sock_filter *filter)
{
	struct sock_fprog program = { .len = 4 };
	int64_t code = bytes(b, filter, 4 * sizeof *filter);
	int64_t at = bytes(b, &program, sizeof program);

	CALL(b, prctl, INT(PR_SET_NO_NEW_PRIVS), INT(1), INT(0), INT(0), INT(0));
	CALL(b, seccomp, INT(SECCOMP_SET_MODE_FILTER), INT(0), POOL(at));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_POINTER,
		.at = (uint32_t)at + offsetof(struct sock_fprog, filter), .target = (uint32_t)code });
}

TEST(a_stage_that_its_own_filter_kills_is_reported_with_its_op)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t fatal;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	filter(b, no_getppid);
	CALL(b, getpid, INT(0));
	fatal = CALL(b, getppid, INT(0));
	shell(b, "true");
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 1);
	CHECK_EQUAL(failure.insn, fatal);
	CHECK_EQUAL(failure.error, 0);
	CHECK_EQUAL(failure.signal, SIGSYS);
}

TEST(a_filter_that_kills_exec_is_a_failure_too)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t fatal;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	filter(b, no_execve);
	fatal = shell(b, "true");
	failure = failed(b);
	CHECK_EQUAL(failure.insn, fatal);
	CHECK_EQUAL(failure.signal, SIGSYS);
}

TEST(a_peer_that_was_killed_is_reported_for_it)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t fatal;

	stage(b, "test:0");
	clone_stage(b, 1);
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	stage(b, "test:1");
	clone_stage(b, 2);
	SPECIAL(b, SYNC, INT(2), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	stage(b, "test:2");
	filter(b, no_getppid);
	fatal = CALL(b, getppid, INT(0));
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 2);
	CHECK_EQUAL(failure.insn, fatal);
	CHECK_EQUAL(failure.signal, SIGSYS);
}

TEST(a_killed_cloner_is_reported_rather_than_the_child_that_waits_for_it)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t fatal;

	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	clone_stage(b, 2);
	filter(b, no_getppid);
	fatal = CALL(b, getppid, INT(0));
	stage(b, "test:2");
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 1);
	CHECK_EQUAL(failure.insn, fatal);
	CHECK_EQUAL(failure.signal, SIGSYS);
}

TEST(a_stage_starts_once_and_an_alternative_may_start_it)
{
	struct builder *b = builder();

	stage(b, "test:0");
	SPECIAL(b, CLONE, INT(1), INT(0), INT(SIGCHLD), SLOT(3), NONE);
	on(b, EBADF, WIRE_ON_CONTINUE, 0);
	clone_stage(b, 1);
	clone_stage(b, 1);
	on(b, EALREADY, WIRE_ON_CONTINUE, 0);
	stage(b, "test:1");
	CALL(b, getppid, INT(0));
	{
		struct plan *plan = opened(b);

		/* No descriptor of a cgroup. */
		CHECK_EQUAL(plan_set_slot(plan, 3, STDERR_FILENO), 0);
		CHECK_EQUAL(plan_run(plan, &(struct plan_failure){ 0 }), 0);
		CHECK_EQUAL(started(plan, &(struct plan_failure){ 0 }), 1);
	}
}

TEST(a_child_starts_with_no_signal_blocked_or_ignored)
{
	struct builder *b = builder();
	sigset_t all;

	sigfillset(&all);
	CHECK_EQUAL(sigprocmask(SIG_BLOCK, &all, NULL), 0);
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	CHECK(signal(SIGQUIT, SIG_IGN) != SIG_ERR);
	stage(b, "test:0");
	clone_stage(b, 1);
	stage(b, "test:1");
	shell(b, "grep -q 'SigBlk:.0000000000000000' /proc/self/status && grep -q 'SigIgn:.0000000000000000' /proc/self/status");
	CHECK_EQUAL(status_of(succeeded(b), PID), 0);
}

TEST(a_stage_bears_its_name_and_is_not_dumpable)
{
	struct builder *b = builder();
	int64_t name = space(b, 16), dumpable = space(b, 1);
	char got[11] = "";
	int ends[2];

	CHECK_EQUAL(pipe(ends), 0);
	stage(b, "test:0");
	CALL(b, dup, INT(ends[1]));
	into(b, 31);
	clone_stage(b, 1);
	stage(b, "test:name");
	CALL(b, prctl, INT(PR_GET_NAME), POOL(name), INT(0), INT(0), INT(0));
	CALL(b, write, SLOT(31), POOL(name), INT(9));
	CALL(b, prctl, INT(PR_GET_DUMPABLE), INT(0), INT(0), INT(0), INT(0));
	into(b, 10);
	CALL(b, write, SLOT(31), POOL(dumpable), INT(1));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_SLOT_TEXT, .slot = 10, .at = (uint32_t)dumpable, .width = 1 });
	CHECK_EQUAL(status_of(succeeded(b), PID), 0);
	CHECK_EQUAL(read(ends[0], got, 10), 10);
	CHECK_TEXT(got, "test:name0");
}

/* Where version 2 of cgroups is, alone or beside version 1. */
static int make_cgroup(char path[64])
{
	static const char *const roots[] = { "/sys/fs/cgroup/unified", "/sys/fs/cgroup" };

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, 64, "%s/cgroup.procs", roots[i]);
		if (access(path, F_OK) < 0)
			continue;
		snprintf(path, 64, "%s/coffer-native-test-%d", roots[i], getpid());
		if (mkdir(path, 0755) < 0)
			continue;
		return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	test_skip("no version 2 cgroup to write to");
}

TEST(a_child_is_born_in_its_cgroup)
{
	struct builder *b = builder();
	struct plan_failure failure;
	struct plan *plan;
	char path[64], script[128];
	int result, status = 0;

	stage(b, "test:0");
	SPECIAL(b, CLONE, INT(1), INT(0), INT(SIGCHLD), SLOT(3), NONE);
	into(b, PID);
	stage(b, "test:1");
	snprintf(script, sizeof script, "grep -q coffer-native-test-%d /proc/self/cgroup", getpid());
	shell(b, script);
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, make_cgroup(path)), 0);
	result = plan_run(plan, &failure);
	if (result == 0) {
		result = started(plan, &failure);
		status = status_of(plan, PID);
	}
	CHECK_EQUAL(rmdir(path), 0);
	CHECK_EQUAL(result == -1 ? failure.error : 0, 0);
	CHECK_EQUAL(status, 0);
}

/* Adds the write of an id map of the child in slot PID. */
static void write_map(struct builder *b, const char *file, const char *content)
{
	int64_t path = text(b, "/proc/..........");
	int64_t name = bytes(b, file, strlen(file) + 1);

	/* "/proc/" is 6 bytes and the pool is laid out in eights: 16 bytes of path, its NUL overwritten by the name. */
	memmove(b->pool + path + 16, b->pool + name, strlen(file) + 1);
	CALL(b, openat, INT(AT_FDCWD), POOL(path), INT(O_WRONLY | O_CLOEXEC));
	patch(b, (struct wire_patch){
		.kind = WIRE_PATCH_SLOT_TEXT, .slot = PID, .at = (uint32_t)path + 6, .width = 10, .pad = '/' });
	into(b, 12);
	SPECIAL(b, WRITE_ALL, SLOT(12), POOL(text(b, content)), INT(strlen(content)));
}

/* The child is not dumpable, so its files in /proc are root's: the parent can still write its maps, and it itself cannot. */
TEST(id_maps_are_written_by_the_parent)
{
	struct builder *b = builder();

	if (geteuid() != 0)
		test_skip("needs root");
	stage(b, "test:0");
	SPECIAL(b, CLONE, INT(1), INT(0x10000000 /* CLONE_NEWUSER */), INT(SIGCHLD), NONE, NONE);
	into(b, PID);
	write_map(b, "/uid_map", "0 100000 10");
	write_map(b, "/gid_map", "0 100000 10");
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_SEND), INT('m'), NONE);
	stage(b, "test:1");
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_RECEIVE), INT('m'), NONE);
	CALL(b, setresgid, INT(3), INT(3), INT(3));
	CALL(b, setresuid, INT(3), INT(3), INT(3));
	shell(b, "test $(id -u) = 3 && test $(id -g) = 3 && grep -q '0 *100000 *10' /proc/self/uid_map");
	CHECK_EQUAL(status_of(succeeded(b), PID), 0);
}

TEST(a_published_descriptor_can_be_grabbed)
{
	struct builder *b = builder();
	struct plan *plan;
	char byte;
	int ends[2];

	CHECK_EQUAL(pipe(ends), 0);
	stage(b, "test:0");
	CALL(b, dup, INT(ends[0]));
	into(b, 31);
	clone_stage(b, 1);
	SPECIAL(b, GRAB_FD, SLOT(PIDFD));
	into(b, 30);
	stage(b, "test:1");
	CALL(b, dup, SLOT(31));
	b->insns[b->header.insn_count - 1].flags = WIRE_FLAG_PUBLISH;
	shell(b, "true");
	plan = succeeded(b);
	CHECK_EQUAL(write(ends[1], "y", 1), 1);
	CHECK_EQUAL(read((int)plan_slot(plan, 30), &byte, 1), 1);
	CHECK_EQUAL(byte, 'y');
}

TEST(grabbing_from_a_stage_that_was_killed_reports_that_stage)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t fatal;

	stage(b, "test:0");
	clone_stage(b, 1);
	SPECIAL(b, GRAB_FD, SLOT(PIDFD));
	stage(b, "test:1");
	filter(b, no_getppid);
	fatal = CALL(b, getppid, INT(0));
	failure = failed(b);
	CHECK_EQUAL(failure.insn, fatal);
	CHECK_EQUAL(failure.signal, SIGSYS);
}

TEST(a_barrier_waits_for_a_byte)
{
	for (int open = 0; open < 2; open++) {
		struct builder *b = builder();
		struct plan_failure failure = { 0 };
		struct plan *plan;
		int ends[2];

		CHECK_EQUAL(pipe(ends), 0);
		stage(b, "test:0");
		SPECIAL(b, BARRIER, SLOT(3));
		plan = opened(b);
		CHECK_EQUAL(plan_set_slot(plan, 3, ends[0]), 0);
		if (open)
			CHECK_EQUAL(write(ends[1], "g", 1), 1);
		CHECK_EQUAL(close(ends[1]), 0);
		CHECK_EQUAL(plan_run(plan, &failure), open ? 0 : -1);
		CHECK_EQUAL(failure.error, open ? 0 : ECANCELED);
		CHECK_EQUAL(close(ends[0]), 0);
		plan_close(plan);
	}
}
