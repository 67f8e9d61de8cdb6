#include "terminal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What a signal's handler needs to find; everything else goes by arguments. */
static struct {
	int fd;
	bool guarded;
	enum terminal_mode mode;
	struct termios found;
} terminal = { .fd = -1 };

/* The process is about to die of a fault of its own: the handler is gone already (SA_RESETHAND). */
static void on_fault(int number)
{
	terminal_restore();
	(void)raise(number);
}

static void guard(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };
	struct sigaction action = { .sa_handler = on_fault, .sa_flags = SA_RESETHAND };
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		(void)sigaction(faults[i], &action, NULL);
	terminal.guarded = true;
}

void terminal_init(int fd, const struct termios *found)
{
	terminal.fd = fd;
	if (fd >= 0)
		terminal.found = *found;
}

/* It fails when the terminal is gone, and then there is nothing to set or to put back. */
static void apply(const struct termios *settings)
{
	if (terminal.fd >= 0)
		(void)tcsetattr(terminal.fd, TCSANOW, settings);
}

void terminal_resume(void)
{
	struct termios settings = terminal.found;
	switch (terminal.mode) {
	case TERMINAL_AS_FOUND:
	case TERMINAL_LINES:
		return;
	case TERMINAL_RAW:
		cfmakeraw(&settings);
		settings.c_cc[VMIN] = 1;
		settings.c_cc[VTIME] = 0;
		break;
	case TERMINAL_SILENT:
		settings.c_lflag = (settings.c_lflag & ~(tcflag_t)ECHO) | ECHONL | ICANON | ISIG;
		break;
	}
	if (!terminal.guarded)
		guard();
	apply(&settings);
}

void terminal_restore(void)
{
	if (terminal.mode == TERMINAL_RAW || terminal.mode == TERMINAL_SILENT)
		apply(&terminal.found);
}

void terminal_set(enum terminal_mode mode)
{
	terminal_restore();
	terminal.mode = mode;
	terminal_resume();
}

enum terminal_mode terminal_current(void)
{
	return terminal.mode;
}

bool terminal_size(uint8_t payload[4])
{
	struct winsize size;
	if (terminal.fd < 0 || ioctl(terminal.fd, TIOCGWINSZ, &size) < 0)
		return false;
	memcpy(payload, &size.ws_row, 2);
	memcpy(payload + 2, &size.ws_col, 2);
	return true;
}
