#include "oneshot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "birth.h"
#include "environment.h"
#include "text.h"
#include "util.h"

#define CONNECTION_FD 3
#define COMPLAINTS_LIMIT 4096

static int complaints = -1;

/* 0 and 1: nothing. 2: where it may complain. 3: the connection. It holds nothing of the caller's, however long it lasts. */
static _Noreturn void become_jvm(char **command, char **environment, int connection)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* First out of the way of each other. */
	int high = fcntl(connection, F_DUPFD, 10), said = fcntl(complaints, F_DUPFD, 10);
	if (null >= 0 && high >= 0 && said >= 0 && dup2(null, 0) >= 0 && dup2(null, 1) >= 0 && dup2(said, 2) >= 0 &&
	    dup2(high, CONNECTION_FD) >= 0 && syscall(SYS_close_range, CONNECTION_FD + 1, ~0u, 0) == 0 && chdir("/") == 0) {
		(void)umask(022);
		birth_reset_signals();
		(void)execve(command[0], command, environment);	/* returns only with an error */
	}
	say("coffer: cannot start ", command[0], ": ", error_text(errno));
	_exit(127);
}

/* One command is over before a compiler has earned what it costs: it would take as long again (docs/decisions/engine-jvm-flags.md). */
static void do_without_compiler(char **command)
{
	static char option[] = "-Xint";
	static const char compiler[] = "-XX:TieredStopAtLevel=";
	for (char **word = command; *word; word++)
		if (strncmp(*word, compiler, sizeof compiler - 1) == 0)
			*word = option;
}

int oneshot_start(const struct installation *installation, char **environment)
{
	static char option[] = "--connection", number[] = "3";
	static const struct places nowhere = { .root = "/nonexistent", .run = "/nonexistent" };
	int ends[2];
	char *more[] = { option, number, NULL };
	char **command = installation_command(installation, &nowhere, more);
	char **scrubbed = environment_scrub(environment, geteuid() == 0, NULL);
	if (!command || !command[0] || !scrubbed) {
		say("coffer: cannot read ", installation->lib, "/engine.args: ", error_text(errno), " (install Coffer anew)");
		return -1;
	}
	do_without_compiler(command);
	close_fd(&complaints);
	complaints = memfd_create("complaints", MFD_CLOEXEC);
	if (complaints < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		say("coffer: cannot start a JVM: ", error_text(errno));
		return -1;
	}
	autoclose int own = ends[0], other = ends[1];
	pid_t child = fork();
	if (child == 0)
		become_jvm(command, scrubbed, other);
	if (child < 0) {
		say("coffer: cannot start a JVM: ", error_text(errno));
		return -1;
	}
	return take_fd(&own);
}

void oneshot_show_complaints(void)
{
	char text[COMPLAINTS_LIMIT];
	ssize_t length = complaints < 0 ? -1 : pread(complaints, text, sizeof text, 0);
	/* There is no other place to say it. */
	if (length > 0 && write_whole(STDERR_FILENO, text, (size_t)length) < 0)
		return;
}
