/* A container's terminal in the foreground: its master on one side, the caller's 0 and 1 on the other. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "runner_state.h"
#include "terminal.h"
#include "util.h"

void console_open(struct console *console, int master, const struct caller *caller)
{
	console->master = master;
	/* Of its own open file description: the container has only the other side. */
	if (master >= 0 && fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		close_fd(&console->master);
	console->typing = console->master >= 0 && caller->streams[0].kind != STDIO_NULL;
	console->typed_length = 0;
}

void console_resize(const struct console *console)
{
	struct winsize size = { 0 };
	uint8_t known[4];
	/* The container's programs see SIGWINCH; where that fails they keep the size they had. */
	if (console->master >= 0 && terminal_size(known) && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		(void)ioctl(console->master, TIOCSWINSZ, &size);
}

/* Returns whether there may be more at once. */
static bool show(struct console *console)
{
	uint8_t shown[4096];
	ssize_t length = read(console->master, shown, sizeof shown);
	if (length > 0)
		/* Who does not want to see it any more does not stop the container. */
		return write_whole(STDOUT_FILENO, shown, (size_t)length) == 0 || errno == EPIPE;
	/* EIO: nobody has the other side open. */
	if (length == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&console->master);
	return false;
}

static void master_ready(void *who, short events)
{
	struct console *console = who;
	if (events & POLLOUT) {
		ssize_t length = write(console->master, console->typed + console->typed_at, console->typed_length);
		if (length > 0) {
			console->typed_at += (size_t)length;
			console->typed_length -= (size_t)length;
		} else if (errno != EAGAIN && errno != EINTR) {
			console->typed_length = 0;
		}
	}
	if (events & ~POLLOUT)
		(void)show(console);
}

static void typed_ready(void *who, short events)
{
	struct console *console = who;
	(void)events;
	ssize_t length = read(STDIN_FILENO, console->typed, sizeof console->typed);
	console->typed_at = 0;
	console->typed_length = length > 0 ? (size_t)length : 0;
	if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN))
		console->typing = false;
}

void console_watch(struct console *console, struct loop *loop)
{
	bool pending = console->typed_length > 0;
	loop_watch(loop, console->master, (short)(POLLIN | (pending ? POLLOUT : 0)), master_ready, console);
	if (console->master >= 0 && console->typing && !pending)
		loop_watch(loop, STDIN_FILENO, POLLIN, typed_ready, console);
}

void console_finish(struct console *console)
{
	while (console->master >= 0 && show(console))
		continue;
	close_fd(&console->master);
}
