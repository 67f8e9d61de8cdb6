#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

void close_fd(int *fd)
{
	if (*fd < 0)
		return;
	int saved = errno;
	/* close() gives the descriptor up even when it fails, and nobody here could act on the failure. */
	(void)close(*fd);
	errno = saved;
	*fd = -1;
}

int take_fd(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

static uint64_t clock_read(clockid_t clock)
{
	struct timespec now = { 0 };
	(void)clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

uint64_t clock_now(void)
{
	return clock_read(CLOCK_REALTIME);
}

uint64_t clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

int write_whole(int fd, const void *data, size_t length)
{
	const char *at = data;
	while (length > 0) {
		ssize_t written = write(fd, at, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		at += written;
		length -= (size_t)written;
	}
	return 0;
}

ssize_t read_whole(int fd, void *data, size_t capacity)
{
	size_t have = 0;
	while (have < capacity) {
		ssize_t got = read(fd, (char *)data + have, capacity - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

int reopen_nonblocking(int fd, int access)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return -1;
	if (!S_ISFIFO(status.st_mode) && !(S_ISCHR(status.st_mode) && isatty(fd)))
		return -1;
	char path[32];
	struct text text = text_over(path, sizeof path);
	text_add(&text, "/proc/self/fd/");
	text_add_decimal(&text, (uint64_t)fd);
	return open(path, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int peer_credentials(int fd, struct ucred *peer)
{
	socklen_t length = sizeof *peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &length);
}

int check_peer(int fd)
{
	struct ucred peer;
	if (peer_credentials(fd, &peer) < 0)
		return -1;
	if (peer.uid == geteuid())
		return 0;
	errno = EPERM;
	return -1;
}

pid_t peer_pid(int fd)
{
	struct ucred peer;
	return peer_credentials(fd, &peer) < 0 ? -1 : peer.pid;
}
