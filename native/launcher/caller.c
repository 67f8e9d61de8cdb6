#include "caller.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "proto.h"

/* Room that most requests fit into, so that the queue does not grow in steps. */
#define USUAL_REQUEST 12288

/* The kernel's struct termios, which is what TCGETS fills in; the C library's only begins like it. */
#define KERNEL_TERMIOS 36

static uint8_t kind_of_device(int fd, const struct stat *status, struct caller_stream *stream)
{
	struct winsize size = { 0 };
	if (status->st_rdev == makedev(1, 3))
		return STDIO_NULL;
	if (tcgetattr(fd, &stream->settings) < 0)
		return STDIO_OTHER;
	/* A terminal without a size has the size 0 by 0. */
	if (ioctl(fd, TIOCGWINSZ, &size) == 0) {
		stream->rows = size.ws_row;
		stream->columns = size.ws_col;
	}
	return STDIO_TTY;
}

static uint8_t kind_of(int fd, struct caller_stream *stream)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return STDIO_CLOSED;
	switch (status.st_mode & S_IFMT) {
	case S_IFCHR:
		return kind_of_device(fd, &status, stream);
	case S_IFIFO:
		return STDIO_PIPE;
	case S_IFREG:
		return STDIO_FILE;
	case S_IFSOCK:
		return STDIO_SOCKET;
	default:
		return STDIO_OTHER;
	}
}

void caller_look(struct caller *caller)
{
	caller->terminal = -1;
	for (int fd = 0; fd < 3; fd++) {
		struct caller_stream *stream = &caller->streams[fd];
		stream->kind = kind_of(fd, stream);
		if (stream->kind == STDIO_TTY && caller->terminal < 0)
			caller->terminal = fd;
		/* The lowest free number is this one. Without /dev/null it stays closed. */
		if (stream->kind == STDIO_CLOSED && open("/dev/null", O_RDWR) == STDIN_FILENO)
			/* Nobody relays what is not there: a container that reads it has to find its end. */
			stream->kind = STDIO_NULL;
	}
}

static bool add_list(struct bytes *request, char **strings, size_t count)
{
	bool added = bytes_add_u32(request, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		added = added && bytes_add_string(request, strings[i]);
	return added;
}

static bool add_stream(struct caller *caller, int fd)
{
	const struct caller_stream *stream = &caller->streams[fd];
	struct bytes *request = &caller->request;
	bool terminal = stream->kind == STDIO_TTY;
	bool passed = !terminal && stream->kind != STDIO_CLOSED;
	uint32_t settings = terminal ? KERNEL_TERMIOS : 0;
	if (passed)
		caller->fds[caller->fd_count++] = fd;
	return bytes_add_u8(request, stream->kind) && bytes_add_u8(request, passed) &&
		bytes_add_u16(request, stream->rows) && bytes_add_u16(request, stream->columns) &&
		bytes_add_u32(request, settings) && bytes_add(request, &stream->settings, settings);
}

static int add_directory(struct caller *caller, const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	caller->fds[caller->fd_count++] = fd;
	return 0;
}

/* 0 where /proc is not to be seen: the engine then knows that it cannot compare. */
static uint64_t namespace_inode(const char *path)
{
	struct stat status;
	return stat(path, &status) < 0 ? 0 : status.st_ino;
}

int caller_describe(struct caller *caller, int argc, char **argv, char **environment, const char **what)
{
	struct bytes *request = &caller->request;
	uint8_t id[16];
	size_t variables = 0;
	while (environment[variables])
		variables++;
	*what = "get random bytes";
	if (getrandom(id, sizeof id, 0) != sizeof id)
		return -1;
	*what = "open the working directory";
	if (add_directory(caller, ".") < 0)
		return -1;
	*what = "open the root directory";
	if (add_directory(caller, "/") < 0)
		return -1;
	*what = "describe the request";
	mode_t mask = umask(077);
	(void)umask(mask);
	bool added = bytes_reserve(request, USUAL_REQUEST) && bytes_add(request, id, sizeof id) && add_list(request, argv, (size_t)argc) &&
		add_list(request, environment, variables) && bytes_add_u32(request, mask) &&
		bytes_add_u64(request, namespace_inode("/proc/self/ns/mnt")) &&
		bytes_add_u64(request, namespace_inode("/proc/self/ns/user"));
	for (int fd = 0; fd < 3; fd++)
		added = added && add_stream(caller, fd);
	errno = added ? E2BIG : ENOMEM;
	return added && bytes_length(request) <= PROTO_MAX_FRAME ? 0 : -1;
}
