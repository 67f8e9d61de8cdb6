/* COPY_TREE: all that an image has arrives, and nothing that it says leads away. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

static char base[] = "/tmp/executor-copy-XXXXXX";
static int from, to;

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void make_tree(void)
{
	CHECK(mkdtemp(base) != NULL);
	CHECK_EQUAL(chdir(base), 0);
	CHECK_EQUAL(mkdir("from", 0755), 0);
	CHECK_EQUAL(mkdir("to", 0755), 0);
	from = open("from", O_PATH | O_DIRECTORY);
	to = open("to", O_PATH | O_DIRECTORY);
	CHECK(from >= 0 && to >= 0);
}

static void remove_tree(void)
{
	CHECK_EQUAL(nftw(base, remove_one, 64, FTW_DEPTH | FTW_PHYS), 0);
}

static void put(const char *path, const char *content, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	CHECK(fd >= 0);
	CHECK_EQUAL(write(fd, content, strlen(content)), strlen(content));
	CHECK_EQUAL(fchmod(fd, mode), 0);
	CHECK_EQUAL(close(fd), 0);
}

static void check_content(const char *path, const char *content)
{
	char found[256] = "";
	int fd = open(path, O_RDONLY | O_NOFOLLOW);

	CHECK(fd >= 0);
	CHECK(read(fd, found, sizeof found - 1) >= 0);
	CHECK_TEXT(found, content);
	CHECK_EQUAL(close(fd), 0);
}

/* The errno of the copy. */
static int copy(void)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	struct plan *plan;
	int result;

	stage(b, "test:0");
	SPECIAL(b, COPY_TREE, SLOT(3), SLOT(4));
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, from), 0);
	CHECK_EQUAL(plan_set_slot(plan, 4, to), 0);
	result = plan_run(plan, &failure);
	CHECK_EQUAL(result, failure.error ? -1 : 0);
	plan_close(plan);
	return failure.error;
}

TEST(everything_is_copied_with_its_attributes)
{
	const struct timespec times[] = { { .tv_sec = 1000 }, { .tv_sec = 2000, .tv_nsec = 5 } };
	struct stat stat;
	char link[64] = "";

	make_tree();
	put("from/file", "content", 04751);
	CHECK_EQUAL(mkdir("from/dir", 01770), 0);
	CHECK_EQUAL(chmod("from/dir", 01770), 0);
	put("from/dir/empty", "", 0);
	CHECK_EQUAL(symlink("/etc/passwd", "from/dir/link"), 0);
	CHECK_EQUAL(mkfifo("from/fifo", 0640), 0);
	CHECK_EQUAL(utimensat(AT_FDCWD, "from/dir", times, 0), 0);
	CHECK_EQUAL(utimensat(AT_FDCWD, "from/file", times, 0), 0);
	CHECK_EQUAL(copy(), 0);
	check_content("to/file", "content");
	CHECK_EQUAL(lstat("to/file", &stat), 0);
	CHECK_EQUAL(stat.st_mode & 07777, 04751);
	CHECK_EQUAL(stat.st_mtim.tv_sec, 2000);
	CHECK_EQUAL(stat.st_mtim.tv_nsec, 5);
	CHECK_EQUAL(lstat("to/dir", &stat), 0);
	CHECK_EQUAL(stat.st_mode, S_IFDIR | 01770);
	CHECK_EQUAL(stat.st_mtim.tv_sec, 2000);
	CHECK_EQUAL(lstat("to/dir/empty", &stat), 0);
	CHECK_EQUAL(stat.st_mode, S_IFREG);
	CHECK(readlink("to/dir/link", link, sizeof link - 1) > 0);
	CHECK_TEXT(link, "/etc/passwd");
	CHECK_EQUAL(lstat("to/fifo", &stat), 0);
	CHECK_EQUAL(stat.st_mode, S_IFIFO | 0640);
	remove_tree();
}

TEST(owners_and_devices_are_copied_by_root)
{
	struct stat stat;

	if (geteuid() != 0)
		test_skip("needs root");
	make_tree();
	put("from/file", "", 0600);
	CHECK_EQUAL(chown("from/file", 12, 34), 0);
	CHECK_EQUAL(mknod("from/null", S_IFCHR | 0666, makedev(1, 3)), 0);
	CHECK_EQUAL(copy(), 0);
	CHECK_EQUAL(lstat("to/file", &stat), 0);
	CHECK_EQUAL(stat.st_uid, 12);
	CHECK_EQUAL(stat.st_gid, 34);
	CHECK_EQUAL(lstat("to/null", &stat), 0);
	CHECK_EQUAL(stat.st_rdev, makedev(1, 3));
	remove_tree();
}

TEST(many_entries_are_all_copied)
{
	char path[64];

	make_tree();
	for (int i = 0; i < 500; i++) {
		CHECK(snprintf(path, sizeof path, "from/a-file-with-a-longer-name-%d", i) > 0);
		put(path, "x", 0644);
	}
	CHECK_EQUAL(copy(), 0);
	for (int i = 0; i < 500; i++) {
		CHECK(snprintf(path, sizeof path, "to/a-file-with-a-longer-name-%d", i) > 0);
		check_content(path, "x");
	}
	remove_tree();
}

TEST(too_deep_a_tree_is_refused)
{
	char path[4096] = "from";

	make_tree();
	for (int i = 0; i < 70; i++) {
		CHECK(strlen(path) + 3 < sizeof path);
		memcpy(path + strlen(path), "/d", 3);
		CHECK_EQUAL(mkdir(path, 0755), 0);
	}
	CHECK_EQUAL(copy(), ENAMETOOLONG);
	remove_tree();
}

TEST(what_is_there_already_is_not_overwritten)
{
	make_tree();
	put("from/file", "new", 0644);
	put("to/file", "old", 0644);
	CHECK_EQUAL(copy(), EEXIST);
	check_content("to/file", "old");
	remove_tree();
}

TEST(no_directory_is_copied_from_a_file)
{
	make_tree();
	put("file", "", 0644);
	CHECK_EQUAL(close(from), 0);
	from = open("file", O_PATH);
	CHECK(from >= 0);
	CHECK_EQUAL(copy(), ENOTDIR);
	remove_tree();
}
