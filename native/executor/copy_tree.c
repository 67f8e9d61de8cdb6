/*
 * COPY_TREE: what an image has in a directory, copied into a file system that this plan made.
 *
 * The source is a stranger's: nothing in it is followed, opened to block, or looked for on another mount, and how deep
 * it goes has a limit. The target is ours, and empty; how much it takes is for its size to say.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

/* Three descriptors a level: below the usual limit of 1024. */
#define DEPTH_LIMIT 64
#define CHUNK (1 << 20)
#define BUFFER_SIZE 2048

struct linux_dirent {
	uint64_t inode, offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* An entry of the source on its way: opened as a path, and what it is. */
struct entry {
	int from;		/* the source's directory */
	int to;			/* the target's directory */
	const char *name;
	int path;		/* O_PATH descriptor of the source */
	struct stat stat;
};

static int open_beneath(int directory, const char *name, uint64_t flags, int *fd)
{
	const struct open_how how = {
		.flags = flags | O_CLOEXEC | O_NOFOLLOW,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	do
		*fd = call_openat2(directory, name, &how);
	while (*fd < 0 && (errno == EAGAIN || errno == EINTR));
	return *fd < 0 ? errno : 0;
}

/* An id without a name in this user namespace, or in the target's id map, stays root's here, and then gives nobody its
 * rights. */
static int copy_attributes(int directory, const char *name, const struct stat *stat)
{
	const struct timespec times[] = { stat->st_atim, stat->st_mtim };
	mode_t mode = stat->st_mode & 07777;

	if (fchownat(directory, name, stat->st_uid, stat->st_gid, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != EINVAL && errno != EOVERFLOW)
			return errno;
		mode &= 01777;
	}
	if (!S_ISLNK(stat->st_mode) && fchmodat(directory, name, mode, 0) < 0)
		return errno;
	return utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? errno : 0;
}

static int copy_bytes(int from, int to)
{
	ssize_t count;

	do
		count = sendfile(to, from, NULL, CHUNK);
	while (count > 0 || (count < 0 && errno == EINTR));
	return count < 0 ? errno : 0;
}

static int copy_file(const struct entry *entry)
{
	autoclose int from = NO_FD, to = NO_FD;
	struct stat stat;
	int error = open_beneath(entry->from, entry->name, O_RDONLY | O_NONBLOCK | O_NOCTTY, &from);

	if (error)
		return error;
	if (fstat(from, &stat) < 0)
		return errno;
	if (!S_ISREG(stat.st_mode) || stat.st_ino != entry->stat.st_ino)
		return ESTALE;
	to = openat(entry->to, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return to < 0 ? errno : copy_bytes(from, to);
}

static int copy_link(const struct entry *entry)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(entry->path, "", target, sizeof target - 1);

	if (length < 0)
		return errno;
	target[length] = '\0';
	return symlinkat(target, entry->to, entry->name) < 0 ? errno : 0;
}

static int copy_directory(int from, int to, int depth);

static int copy_subdirectory(const struct entry *entry, int depth)
{
	autoclose int from = NO_FD, to = NO_FD;

	if (depth == DEPTH_LIMIT)
		return ENAMETOOLONG;
	if (mkdirat(entry->to, entry->name, 0700) < 0)
		return errno;
	from = openat(entry->path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = openat(entry->to, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (from < 0 || to < 0)
		return errno;
	return copy_directory(from, to, depth + 1);
}

static int copy_content(const struct entry *entry, int depth)
{
	switch (entry->stat.st_mode & S_IFMT) {
	case S_IFDIR:
		return copy_subdirectory(entry, depth);
	case S_IFREG:
		return copy_file(entry);
	case S_IFLNK:
		return copy_link(entry);
	default:
		return mknodat(entry->to, entry->name, entry->stat.st_mode & (S_IFMT | 0600), entry->stat.st_rdev) < 0
			? errno : 0;
	}
}

static int copy_entry(int from, int to, const char *name, int depth)
{
	autoclose int path = NO_FD;
	struct entry entry = { .from = from, .to = to, .name = name };
	int error = open_beneath(from, name, O_PATH, &path);

	/* Something is mounted there. It stays hidden below the new mount, as it would without a copy. */
	if (error == EXDEV)
		return 0;
	if (error)
		return error;
	entry.path = path;
	if (fstat(path, &entry.stat) < 0)
		return errno;
	error = copy_content(&entry, depth);
	/* A user namespace makes no device nodes, and allows none that an image brings. */
	if (error == EPERM && (S_ISCHR(entry.stat.st_mode) || S_ISBLK(entry.stat.st_mode)))
		return 0;
	return error ? error : copy_attributes(to, name, &entry.stat);
}

static int copy_directory(int from, int to, int depth)
{
	_Alignas(struct linux_dirent) char buffer[BUFFER_SIZE];

	for (;;) {
		long length = syscall(SYS_getdents64, from, buffer, sizeof buffer);

		if (length <= 0)
			return length < 0 ? errno : 0;
		for (long at = 0; at < length;) {
			const struct linux_dirent *found = (const struct linux_dirent *)(buffer + at);
			int error = strcmp(found->name, ".") == 0 || strcmp(found->name, "..") == 0
				? 0 : copy_entry(from, to, found->name, depth);

			if (error)
				return error;
			at += found->length;
		}
	}
}

int special_copy_tree(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	int to = (int)argument(plan, insn, 1);
	autoclose int from = openat((int)argument(plan, insn, 0), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*result = 0;
	return from < 0 ? errno : copy_directory(from, to, 0);
}
