/* The lock that proves that the monitor lives, and the socket for engines and clients that come later. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "monitor.h"
#include "text.h"
#include "util.h"

#define SOCKET_NAME "monitor.sock"
#define LOCK_NAME "monitor.lock"

/* Through the directory's descriptor a socket's name fits into sun_path, whatever the data root is called. */
static struct sockaddr_un address_in(int directory)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct text path = text_over(address.sun_path, sizeof address.sun_path);
	text_add(&path, "/proc/self/fd/");
	text_add_decimal(&path, (uint64_t)directory);
	text_add(&path, "/" SOCKET_NAME);
	return address;
}

static int take_lock(struct monitor *monitor)
{
	int directory = monitor->setup.run_directory;
	monitor->lock = openat(directory, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (monitor->lock < 0)
		return -1;
	return flock(monitor->lock, LOCK_EX | LOCK_NB);
}

int monitor_listen(struct monitor *monitor)
{
	int directory = monitor->setup.run_directory;
	struct sockaddr_un address = address_in(directory);
	if (take_lock(monitor) < 0)
		return -1;
	/* Who holds the lock may take a dead monitor's socket away. */
	if (unlinkat(directory, SOCKET_NAME, 0) < 0 && errno != ENOENT)
		return -1;
	monitor->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (monitor->listener < 0)
		return -1;
	mode_t mask = umask(0177);
	int bound = bind(monitor->listener, (struct sockaddr *)&address, sizeof address);
	(void)umask(mask);
	return bound < 0 ? -1 : listen(monitor->listener, 64);
}

void monitor_unlisten(struct monitor *monitor)
{
	/* A socket that stays behind refuses connections: whoever comes sees the same. */
	if (monitor->listener >= 0)
		(void)unlinkat(monitor->setup.run_directory, SOCKET_NAME, 0);
	close_fd(&monitor->listener);
	close_fd(&monitor->lock);
}

void monitor_accept(void *who, short events)
{
	struct monitor *monitor = who;
	(void)events;
	int fd = accept4(monitor->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (check_peer(fd) < 0) {
		close_fd(&fd);
		return;
	}
	(void)client_add(monitor, fd);
}
