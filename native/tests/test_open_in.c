/* OPEN_IN in trees that a stranger made: what is found, what is created, and that nothing outside the root is touched. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

static char base[] = "/tmp/executor-tree-XXXXXX";
static int outside, root;

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* base/root is the root; base/secret is what must not be reached. */
static void make_tree(void)
{
	CHECK(mkdtemp(base) != NULL);
	outside = open(base, O_RDONLY | O_DIRECTORY);
	CHECK(outside >= 0);
	CHECK_EQUAL(mkdirat(outside, "root", 0755), 0);
	CHECK_EQUAL(mkdirat(outside, "secret", 0755), 0);
	root = openat(outside, "root", O_RDONLY | O_DIRECTORY);
	CHECK(root >= 0);
}

/* Nothing new outside the root, then all of it goes. */
static void remove_tree(void)
{
	CHECK_EQUAL(faccessat(outside, "secret/x", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	CHECK_EQUAL(faccessat(outside, "x", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	CHECK_EQUAL(nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static int open_flags;
static struct stat opened_stat;
static int opened_fd;

static int open_in(const char *path, int kind, const char *like)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	struct plan *plan;
	int result;

	stage(b, "test:0");
	SPECIAL(b, OPEN_IN, SLOT(3), POOL(text(b, path)), INT(kind), SLOT(4), INT(0640), INT(open_flags));
	into(b, 10);
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, root), 0);
	if (like)
		CHECK_EQUAL(plan_set_slot(plan, 4, open(like, O_PATH)), 0);
	umask(022);
	result = plan_run(plan, &failure);
	CHECK_EQUAL(result, failure.error ? -1 : 0);
	if (failure.error == 0) {
		opened_fd = (int)plan_slot(plan, 10);
		CHECK_EQUAL(fstat(opened_fd, &opened_stat), 0);
		CHECK_EQUAL(fcntl(opened_fd, F_GETFD), FD_CLOEXEC);
	}
	plan_close(plan);
	return failure.error;
}

static int directory(const char *path)
{
	open_flags = O_PATH;
	return open_in(path, WIRE_OPEN_IN_DIRECTORY, NULL);
}

static int file(const char *path)
{
	open_flags = O_PATH;
	return open_in(path, WIRE_OPEN_IN_FILE, NULL);
}

/* Is what was opened the thing at that path in the root, reached without any symlink? */
static int is_at(const char *path)
{
	struct stat stat;

	return fstatat(root, path, &stat, AT_SYMLINK_NOFOLLOW) == 0 && stat.st_ino == opened_stat.st_ino
		&& stat.st_dev == opened_stat.st_dev;
}

TEST(what_is_there_is_opened)
{
	make_tree();
	CHECK_EQUAL(mkdirat(root, "a", 0755), 0);
	CHECK_EQUAL(directory("/a"), 0);
	CHECK(is_at("a"));
	CHECK_EQUAL(directory("a/"), 0);
	CHECK(is_at("a"));
	CHECK_EQUAL(directory("/"), 0);
	CHECK(is_at("."));
	CHECK_EQUAL(directory("/a/../../.."), 0);
	CHECK(is_at("."));
	remove_tree();
}

TEST(what_is_missing_is_created)
{
	make_tree();
	CHECK_EQUAL(directory("/a/b//c/./d/"), 0);
	CHECK(is_at("a/b/c/d"));
	CHECK_EQUAL(opened_stat.st_mode, S_IFDIR | 0640);
	CHECK_EQUAL(file("/a/e/f"), 0);
	CHECK(is_at("a/e/f"));
	CHECK_EQUAL(opened_stat.st_mode, S_IFREG | 0640);
	CHECK_EQUAL(directory("a/e"), 0);
	CHECK_EQUAL(opened_stat.st_mode, S_IFDIR | 0755);
	CHECK_EQUAL(directory("/new/../other"), 0);
	CHECK(is_at("other"));
	remove_tree();
}

TEST(the_kind_can_be_that_of_a_slot)
{
	make_tree();
	open_flags = O_PATH;
	CHECK_EQUAL(open_in("d", WIRE_OPEN_IN_LIKE_SLOT, "/"), 0);
	CHECK(S_ISDIR(opened_stat.st_mode));
	CHECK_EQUAL(open_in("f", WIRE_OPEN_IN_LIKE_SLOT, "/dev/null"), 0);
	CHECK(S_ISREG(opened_stat.st_mode));
	CHECK_EQUAL(open_in("g", WIRE_OPEN_IN_LIKE_SLOT, NULL), EBADF);
	remove_tree();
}

TEST(another_kind_of_thing_is_refused)
{
	make_tree();
	CHECK_EQUAL(file("f"), 0);
	CHECK_EQUAL(directory("f"), ENOTDIR);
	CHECK_EQUAL(directory("f/g"), ENOTDIR);
	CHECK_EQUAL(directory("d"), 0);
	CHECK_EQUAL(file("d"), EISDIR);
	CHECK_EQUAL(file("/"), EISDIR);
	remove_tree();
}

TEST(links_are_followed_within_the_root)
{
	make_tree();
	CHECK_EQUAL(mkdirat(root, "real", 0755), 0);
	CHECK_EQUAL(symlinkat("/real", root, "absolute"), 0);
	CHECK_EQUAL(symlinkat("../../../../real", root, "up"), 0);
	CHECK_EQUAL(directory("absolute"), 0);
	CHECK(is_at("real"));
	CHECK_EQUAL(directory("up"), 0);
	CHECK(is_at("real"));
	CHECK_EQUAL(directory("absolute/x"), 0);
	CHECK(is_at("real/x"));
	CHECK_EQUAL(file("up/y"), 0);
	CHECK(is_at("real/y"));
	remove_tree();
}

TEST(links_that_lead_out_stay_in)
{
	char target[64];

	make_tree();
	strcat(strcpy(target, base), "/secret");
	CHECK_EQUAL(symlinkat(target, root, "absolute"), 0);
	CHECK_EQUAL(symlinkat("../secret", root, "relative"), 0);
	CHECK_EQUAL(symlinkat("..", root, "parent"), 0);
	CHECK_EQUAL(directory("absolute/x"), 0);
	CHECK_EQUAL(directory("relative/x"), 0);
	CHECK(is_at("secret/x"));
	CHECK_EQUAL(file("parent/x"), 0);
	CHECK(is_at("x"));
	remove_tree();
}

TEST(dangling_links_get_their_target)
{
	make_tree();
	CHECK_EQUAL(mkdirat(root, "etc", 0755), 0);
	/* As in images of Debian and its kin. */
	CHECK_EQUAL(symlinkat("../run/systemd/resolve/stub-resolv.conf", root, "etc/resolv.conf"), 0);
	CHECK_EQUAL(file("/etc/resolv.conf"), 0);
	CHECK(is_at("run/systemd/resolve/stub-resolv.conf"));
	CHECK_EQUAL(symlinkat("two", root, "one"), 0);
	CHECK_EQUAL(symlinkat("/three/", root, "two"), 0);
	CHECK_EQUAL(directory("one/four"), 0);
	CHECK(is_at("three/four"));
	remove_tree();
}

TEST(loops_end)
{
	make_tree();
	CHECK_EQUAL(symlinkat("self", root, "self"), 0);
	CHECK_EQUAL(symlinkat("pong", root, "ping"), 0);
	CHECK_EQUAL(symlinkat("ping", root, "pong"), 0);
	/* Grows with each step, and each step is missing something. */
	CHECK_EQUAL(symlinkat("grow/missing", root, "grow"), 0);
	CHECK_EQUAL(directory("self"), ELOOP);
	CHECK_EQUAL(directory("self/x"), ELOOP);
	CHECK_EQUAL(file("ping"), ELOOP);
	CHECK_EQUAL(directory("grow"), ELOOP);
	CHECK_EQUAL(directory("missing/../ping"), ELOOP);
	remove_tree();
}

TEST(long_paths_end)
{
	char path[6000];

	make_tree();
	memset(path, 'x', 300);
	path[300] = '\0';
	CHECK_EQUAL(directory(path), ENAMETOOLONG);
	for (size_t i = 0; i < sizeof path - 1; i++)
		path[i] = i % 2 ? 'x' : '/';
	path[sizeof path - 1] = '\0';
	CHECK_EQUAL(directory(path), ENAMETOOLONG);
	remove_tree();
}

TEST(magic_links_lead_nowhere)
{
	make_tree();
	CHECK_EQUAL(close(root), 0);
	root = open("/proc/self", O_PATH | O_DIRECTORY);
	CHECK(root >= 0);
	CHECK_EQUAL(directory("cwd"), ELOOP);
	CHECK_EQUAL(directory("fd/0/x"), ELOOP);
	remove_tree();
}

TEST(a_fifo_or_device_is_never_opened_for_reading)
{
	make_tree();
	CHECK_EQUAL(mkfifoat(root, "fifo", 0600), 0);
	CHECK_EQUAL(file("fifo"), 0);
	open_flags = O_RDONLY;
	CHECK_EQUAL(open_in("fifo", WIRE_OPEN_IN_FILE, NULL), ENXIO);
	open_flags = O_WRONLY;
	CHECK_EQUAL(open_in("fifo", WIRE_OPEN_IN_FILE, NULL), ENXIO);
	open_flags = O_RDONLY;
	CHECK_EQUAL(open_in("fifo", WIRE_OPEN_IN_DIRECTORY, NULL), ENOTDIR);
	remove_tree();
}

TEST(a_file_can_be_opened_for_writing)
{
	make_tree();
	open_flags = O_RDWR;
	CHECK_EQUAL(open_in("etc/hosts", WIRE_OPEN_IN_FILE, NULL), 0);
	CHECK_EQUAL(write(opened_fd, "x", 1), 1);
	CHECK(is_at("etc/hosts"));
	open_flags = O_RDONLY;
	CHECK_EQUAL(open_in("etc", WIRE_OPEN_IN_DIRECTORY, NULL), 0);
	remove_tree();
}

/* A link and a directory change places all the time; whatever is answered, nothing appears outside. */
TEST(a_race_does_not_lead_out)
{
	pid_t racer;

	make_tree();
	CHECK_EQUAL(mkdirat(root, "a", 0755), 0);
	CHECK_EQUAL(symlinkat("../secret", root, "b"), 0);
	racer = fork();
	if (racer == 0)
		for (;;)
			CHECK_EQUAL(syscall(SYS_renameat2, root, "a", root, "b", RENAME_EXCHANGE), 0);
	open_flags = O_PATH;
	for (int i = 0; i < 300; i++) {
		int error = open_in(i % 2 ? "a/x" : "b/y/../x", WIRE_OPEN_IN_DIRECTORY, NULL);

		CHECK(error == 0 || error == ENOENT || error == EAGAIN || error == ELOOP);
		if (error == 0)
			CHECK_EQUAL(close(opened_fd), 0);
	}
	CHECK_EQUAL(kill(racer, 9), 0);
	CHECK_EQUAL(waitpid(racer, NULL, 0), racer);
	remove_tree();
}
