/*
 * OPEN_IN: open a path beneath a root that a stranger filled, and create what is missing.
 *
 * The kernel resolves (openat2, RESOLVE_IN_ROOT), but cannot create that way, and mkdirat would follow an image's symlink
 * out onto the host. So the walk keeps a canonical path: components that were seen to be neither symlinks nor dots. Every
 * step is resolved anew from the root with symlinks forbidden, whatever has been renamed in between, and things are
 * created by one name on a parent's descriptor that was opened in this way.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel.h"
#include "plan.h"
#include "util.h"

/* As the kernel: MAXSYMLINKS. */
#define LINK_LIMIT 40
/* Steps of one walk; a race that undoes each step ends here. */
#define STEP_LIMIT 4096
/* openat2 says EAGAIN when something was renamed or mounted while it resolved "..". */
#define AGAIN_LIMIT 128

#define DIRECTORY_MODE 0755

struct walk {
	int root;
	char done[PATH_MAX];	/* canonical, relative to the root; "" is the root */
	char todo[PATH_MAX];	/* what is still to be walked */
	int links;
};

static int open_at(int root, const char *path, uint64_t flags, uint64_t resolve, int *fd)
{
	const struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};

	for (int i = 0; i < AGAIN_LIMIT; i++) {
		*fd = call_openat2(root, path[0] == '\0' ? "." : path, &how);
		if (*fd >= 0)
			return 0;
		if (errno != EAGAIN && errno != EINTR)
			return errno;
	}
	return EAGAIN;
}

/* Splits the first component off todo. It stays in place, ended by a NUL; *rest is what follows. */
static char *next_component(struct walk *walk, char **rest)
{
	char *name = walk->todo + strspn(walk->todo, "/");
	char *end = name + strcspn(name, "/");

	*rest = end + (*end != '\0');
	*end = '\0';
	return name;
}

static void go_up(struct walk *walk)
{
	char *slash = strrchr(walk->done, '/');

	*(slash ? slash : walk->done) = '\0';
}

/* Appends a component to the canonical path; `length` remembers how to take it back. */
static int descend(struct walk *walk, const char *name, size_t *length)
{
	size_t size = strlen(name) + 1;
	size_t at = strlen(walk->done);

	*length = at;
	if (at + 1 + size > sizeof walk->done)
		return ENAMETOOLONG;
	if (at > 0)
		walk->done[at++] = '/';
	memcpy(walk->done + at, name, size);
	return 0;
}

/* Puts the target of a link in front of what is still to be walked. */
static int follow(struct walk *walk, int link, const char *rest)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(link, "", target, sizeof target);
	size_t rest_size = strlen(rest) + 1;

	if (length < 0)
		return errno;
	if (++walk->links > LINK_LIMIT)
		return ELOOP;
	if ((size_t)length + 1 + rest_size > sizeof walk->todo)
		return ENAMETOOLONG;
	if (length > 0 && target[0] == '/')
		walk->done[0] = '\0';
	memmove(walk->todo + length + 1, rest, rest_size);
	memcpy(walk->todo, target, (size_t)length);
	walk->todo[length] = '/';
	return 0;
}

/* Creates done/name. EEXIST: somebody else just did, look again. */
static int create(const struct walk *walk, const char *name, bool directory, mode_t mode)
{
	autoclose int parent = NO_FD, file = NO_FD;
	int error = open_at(walk->root, walk->done, O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS, &parent);

	if (error)
		return error;
	if (directory)
		return mkdirat(parent, name, mode) < 0 ? errno : 0;
	file = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, mode);
	return file < 0 ? errno : 0;
}

/* One step along a component. With todo used up, done is the canonical path of the whole. */
static int step(struct walk *walk, bool directory, mode_t mode)
{
	char *rest;
	char *name = next_component(walk, &rest);
	bool last = rest[strspn(rest, "/")] == '\0';
	autoclose int found = NO_FD;
	struct stat stat;
	size_t length;
	int error;

	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		if (strcmp(name, "..") == 0)
			go_up(walk);
		memmove(walk->todo, rest, strlen(rest) + 1);
		return 0;
	}
	error = descend(walk, name, &length);
	if (error)
		return error;
	error = open_at(walk->root, walk->done, O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS, &found);
	if (error == 0 && fstat(found, &stat) < 0)
		error = errno;
	if (error == 0 && !S_ISLNK(stat.st_mode)) {
		memmove(walk->todo, rest, strlen(rest) + 1);
		return 0;
	}
	walk->done[length] = '\0';
	if (error == 0)
		return follow(walk, found, rest);
	if (error != ENOENT)
		return error;
	/* The next step finds what is made now. */
	error = create(walk, name, directory || !last, last ? mode : DIRECTORY_MODE);
	if (error != 0 && error != EEXIST)
		return error;
	if (*rest != '\0')
		name[strlen(name)] = '/';
	return 0;
}

static int make_missing(struct walk *walk, bool directory, mode_t mode)
{
	for (int i = 0; i < STEP_LIMIT; i++) {
		int error;

		if (walk->todo[0] == '\0')
			return 0;
		error = step(walk, directory, mode);
		if (error)
			return error;
	}
	return ELOOP;
}

/* A device or fifo is never opened for reading or writing: that alone can have effects, or never return. */
static int check_kind(int fd, bool directory, uint64_t flags)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return errno;
	if (directory != S_ISDIR(stat.st_mode))
		return directory ? ENOTDIR : EISDIR;
	if (!(flags & O_PATH) && !S_ISDIR(stat.st_mode) && !S_ISREG(stat.st_mode))
		return ENXIO;
	return 0;
}

/* A second open by name, which counts only when it finds the same thing as the first. */
static int open_again(int root, const char *path, uint64_t flags, uint64_t resolve, int seen, int *result)
{
	autoclose int fd = NO_FD;
	struct stat first, second;
	int error = open_at(root, path, flags | O_NONBLOCK | O_NOCTTY, resolve, &fd);

	if (error)
		return error;
	if (fstat(seen, &first) < 0 || fstat(fd, &second) < 0)
		return errno;
	if (first.st_dev != second.st_dev || first.st_ino != second.st_ino)
		return ESTALE;
	*result = take_fd(&fd);
	return 0;
}

static int open_kind(int root, const char *path, uint64_t flags, uint64_t resolve, bool directory, int *result)
{
	autoclose int seen = NO_FD;
	int error = open_at(root, path, O_PATH | (flags & (O_NOFOLLOW | O_DIRECTORY)), resolve, &seen);

	if (error == 0)
		error = check_kind(seen, directory, flags);
	if (error)
		return error;
	if (!(flags & O_PATH))
		return open_again(root, path, flags, resolve, seen, result);
	*result = take_fd(&seen);
	return 0;
}

static int create_and_open(int root, const char *path, uint64_t flags, bool directory, mode_t mode, int *result)
{
	struct walk walk = { .root = root };
	size_t size = strlen(path) + 1;
	int error;

	if (size > sizeof walk.todo)
		return ENAMETOOLONG;
	memcpy(walk.todo, path, size);
	error = make_missing(&walk, directory, mode);
	return error ? error : open_kind(root, walk.done, flags, RESOLVE_NO_SYMLINKS, directory, result);
}

int special_open_in(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	int root = (int)argument(plan, insn, 0);
	const char *path = pool_text(plan, insn->arg[1]);
	bool directory = insn->arg[2] == WIRE_OPEN_IN_DIRECTORY;
	uint64_t flags = (uint64_t)insn->arg[5];
	struct stat like;
	int fd = NO_FD;
	int error;

	if (!path)
		return EINVAL;
	if (insn->arg[2] == WIRE_OPEN_IN_LIKE_SLOT) {
		if (fstat((int)argument(plan, insn, 3), &like) < 0)
			return errno;
		directory = S_ISDIR(like.st_mode);
	}
	error = open_kind(root, path, flags, 0, directory, &fd);
	if (error == ENOENT)
		error = create_and_open(root, path, flags, directory, (mode_t)insn->arg[4], &fd);
	*result = fd;
	return error;
}
