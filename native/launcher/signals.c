#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util.h"

static int taken_fd = -1;
static sigset_t before_taken;

/* Faults are the launcher's own, and the rest is between it, the kernel and the shell. */
static const int never_passed_on[] = {
	SIGCHLD, SIGPIPE, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU, SIGSTOP, SIGKILL, SIGURG,
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS,
};

/* Each of these would end or stop the launcher, or have it find the terminal changed. */
static const int terminals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH, SIGTSTP, SIGCONT };

bool signals_is_local(int number)
{
	for (size_t i = 0; i < sizeof never_passed_on / sizeof never_passed_on[0]; i++)
		if (never_passed_on[i] == number)
			return true;
	return false;
}

void signals_take(bool terminal, bool proxy)
{
	sigset_t set;
	if (!terminal && !proxy && taken_fd < 0)
		return;
	sigemptyset(&set);
	if (proxy) {
		sigfillset(&set);
		for (size_t i = 0; i < sizeof never_passed_on / sizeof never_passed_on[0]; i++)
			sigdelset(&set, never_passed_on[i]);
	}
	for (size_t i = 0; terminal && i < sizeof terminals / sizeof terminals[0]; i++)
		sigaddset(&set, terminals[i]);
	int fd = signalfd(taken_fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	/* Without a signalfd their defaults stay: less is passed on, and nothing is lost unseen. */
	if (fd < 0)
		return;
	(void)sigprocmask(SIG_SETMASK, &set, taken_fd < 0 ? &before_taken : NULL);
	taken_fd = fd;
}

void signals_release(void)
{
	if (taken_fd < 0)
		return;
	close_fd(&taken_fd);
	(void)sigprocmask(SIG_SETMASK, &before_taken, NULL);
}

int signals_fd(void)
{
	return taken_fd;
}

int signals_next(void)
{
	struct signalfd_siginfo info;
	if (taken_fd < 0 || read(taken_fd, &info, sizeof info) != sizeof info)
		return 0;
	return (int)info.ssi_signo;
}

static void raise_by_default(int number, sigset_t *before)
{
	sigset_t one;
	(void)signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	(void)raise(number);
	(void)sigprocmask(SIG_UNBLOCK, &one, before);
}

void signals_stop(int number)
{
	sigset_t before;
	raise_by_default(number, &before);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

void signals_die(int number)
{
	sigset_t before;
	raise_by_default(number, &before);
}
