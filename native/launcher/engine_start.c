#include "engine_start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "birth.h"
#include "environment.h"
#include "text.h"
#include "util.h"

#define READY_FD 3
#define PATIENCE_MS 60000
#define LOG_LIMIT 1048576
#define LOG_TAIL 4096

static int connect_to(const char *directory)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct text path = text_over(address.sun_path, sizeof address.sun_path);
	text_add(&path, directory);
	text_add(&path, "/engine.sock");
	if (path.overflow) {
		errno = ENAMETOOLONG;
		return -1;
	}
	autoclose int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0 || check_peer(fd) < 0)
		return -1;
	return take_fd(&fd);
}

static int connect_in(const char *run)
{
	int fd = connect_to(run);
	if (fd >= 0 || errno != ENAMETOOLONG)
		return fd;
	char path[32];
	struct text text = text_over(path, sizeof path);
	autoclose int directory = open(run, O_PATH | O_DIRECTORY | O_CLOEXEC);
	text_add(&text, "/proc/self/fd/");
	text_add_decimal(&text, (uint64_t)directory);
	return directory < 0 ? -1 : connect_to(path);
}

/* The run directory of an engine that we would start, by a name that leads there from here: it may see other mounts. */
static const char *engine_home(const struct places *places, const char *program, char path[PATH_MAX])
{
	struct text text = text_over(path, PATH_MAX);
	text_add(&text, birth_root(program));
	text_add(&text, places->run);
	return text.overflow ? places->run : path;
}

int engine_connect(const struct places *places, const struct installation *installation)
{
	char home[PATH_MAX];
	int engine = connect_in(places->run);
	if (engine >= 0 || (errno != ENOENT && errno != ECONNREFUSED))
		return engine;
	char **command = installation_command(installation, places, NULL);
	return connect_in(command && command[0] ? engine_home(places, command[0], home) : places->run);
}

/* The run directory and what is missing above it, for nobody else to look into. */
static int make_directories(const char *path)
{
	char made[PATH_MAX];
	struct text text = text_over(made, sizeof made);
	for (const char *at = path; *at; ) {
		size_t length = strcspn(at + 1, "/") + 1;
		text_add_bytes(&text, at, length);
		if (mkdir(made, 0700) < 0 && errno != EEXIST)
			return -1;
		at += length;
	}
	return 0;
}

static int open_run_directory(const char *path)
{
	struct stat status;
	if (make_directories(path) < 0)
		return -1;
	autoclose int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || fstat(directory, &status) < 0)
		return -1;
	/* Who owns the directory can put another engine's socket there. */
	if (status.st_uid != geteuid() || (status.st_mode & 022)) {
		errno = EPERM;
		return -1;
	}
	return take_fd(&directory);
}

static int open_log(int directory, off_t *start)
{
	struct stat status;
	if (fstatat(directory, "engine.log", &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_size > LOG_LIMIT)
		/* When it fails the log goes on growing, and the next start tries again. */
		(void)!renameat(directory, "engine.log", directory, "engine.log.1");
	autoclose int log = openat(directory, "engine.log", O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (log < 0 || fstat(log, &status) < 0)
		return -1;
	*start = status.st_size;
	return take_fd(&log);
}

/* 0: /dev/null, 1 and 2: the log, 3: where the engine says that it listens, and nothing else. */
static int arrange_descriptors(int log, int ready)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* First out of the way of each other. */
	int high = fcntl(ready, F_DUPFD, 10), log_high = fcntl(log, F_DUPFD, 10);
	if (null < 0 || high < 0 || log_high < 0 || dup2(null, 0) < 0 || dup2(log_high, 1) < 0 || dup2(log_high, 2) < 0)
		return -1;
	if (dup2(high, READY_FD) < 0)
		return -1;
	return (int)syscall(SYS_close_range, READY_FD + 1, ~0u, 0);
}

static void become_engine(char **command, char **environment, int log, int ready)
{
	if (arrange_descriptors(log, ready) < 0)
		_exit(127);
	birth_forget_caller(command[0]);
	(void)execve(command[0], command, environment);	/* returns only with an error */
	say("coffer: cannot start ", command[0], ": ", error_text(errno));
	_exit(127);
}

/* Twice, so that the engine is nobody's child and no session's leader. */
static int spawn(char **command, char **environment, int log, int ready)
{
	int status;
	pid_t middle = fork();
	if (middle == 0) {
		pid_t engine = setsid() < 0 ? -1 : fork();
		if (engine == 0)
			become_engine(command, environment, log, ready);
		_exit(engine < 0);
	}
	if (middle < 0)
		return -1;
	if (waitpid(middle, &status, 0) == middle && status == 0)
		return 0;
	errno = EAGAIN;
	return -1;
}

/* Waits for the byte that says that the engine listens. 0, or -1: it is gone, or takes longer than anybody waits. */
static int wait_until_ready(int ready, const char **why)
{
	struct pollfd poll_ready = { .fd = ready, .events = POLLIN };
	char byte;
	int count;
	do
		count = poll(&poll_ready, 1, PATIENCE_MS);
	while (count < 0 && errno == EINTR);
	*why = "it did not answer within 60 seconds";
	if (count <= 0)
		return -1;
	*why = "it left at once";
	return read_whole(ready, &byte, 1) == 1 ? 0 : -1;
}

/* Who can do without an engine need not hear why there is none. */
static void say_failure(const struct places *places, const char *why, bool quietly)
{
	if (quietly)
		return;
	say("coffer: cannot start the engine: ", why, " (see ", places->run, "/engine.log)");
}

/* What the engine itself had to say since it was started, at most the last of it. */
static void show_log(int log, off_t start)
{
	char tail[LOG_TAIL];
	struct stat status;
	if (fstat(log, &status) < 0 || status.st_size <= start)
		return;
	if (status.st_size - start > LOG_TAIL)
		start = status.st_size - LOG_TAIL;
	ssize_t length = pread(log, tail, sizeof tail, start);
	/* There is no other place to say it. */
	if (length > 0 && write_whole(2, tail, (size_t)length) < 0)
		return;
}

static int start(const struct places *places, char **command, char **environment, int directory, bool quietly)
{
	const char *why;
	int ends[2];
	off_t log_start = 0;
	autoclose int log = open_log(directory, &log_start);
	if (log < 0 || pipe2(ends, O_CLOEXEC) < 0) {
		say_failure(places, error_text(errno), quietly);
		return -1;
	}
	autoclose int ready = ends[0], writer = ends[1];
	if (spawn(command, environment, log, writer) < 0) {
		say_failure(places, error_text(errno), quietly);
		return -1;
	}
	close_fd(&writer);
	if (wait_until_ready(ready, &why) == 0)
		return 0;
	if (!quietly)
		show_log(log, log_start);
	say_failure(places, why, quietly);
	return -1;
}

/* One launcher starts; the others wait for it at the lock and then find what it has started. */
static int find_locked(const struct places *places, const struct installation *installation, char **environment, bool quietly)
{
	static char ready_variable[] = "COFFER_READY_FD=3";
	char path[PATH_MAX];
	char **command = installation_command(installation, places, NULL);
	char **scrubbed = environment_scrub(environment, geteuid() == 0, ready_variable);
	if (!command || !command[0] || !scrubbed) {
		say("coffer: cannot read ", installation->lib, "/engine.args: ", error_text(errno), " (install Coffer anew)");
		return -1;
	}
	const char *home = engine_home(places, command[0], path);
	autoclose int directory = open_run_directory(home);
	autoclose int lock = directory < 0 ? -1 :
		openat(directory, "start.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0 || flock(lock, LOCK_EX) < 0) {
		if (!quietly)
			say("coffer: cannot use the run directory ", places->run, ": ", error_text(errno),
			    " (it must be your own, and writable by nobody else)");
		return -1;
	}
	int engine = connect_in(home);
	if (engine >= 0 || start(places, command, scrubbed, directory, quietly) < 0)
		return engine;
	engine = connect_in(home);
	if (engine < 0)
		say_failure(places, error_text(errno), quietly);
	return engine;
}

int engine_find(const struct places *places, const struct installation *installation, char **environment)
{
	int engine = connect_in(places->run);
	if (engine >= 0)
		return engine;
	if (errno == EPERM || errno == EACCES) {
		say("coffer: cannot use the engine at ", places->run, ": it is another user's");
		return -1;
	}
	return find_locked(places, installation, environment, false);
}

int engine_find_quietly(const struct places *places, const struct installation *installation, char **environment)
{
	int engine = connect_in(places->run);
	if (engine >= 0 || errno == EPERM || errno == EACCES)
		return engine;
	return find_locked(places, installation, environment, true);
}

void engine_serve(const struct places *places, const struct installation *installation, char **more, char **environment)
{
	size_t kept = 0;
	char **command = installation_command(installation, places, more);
	for (char **variable = environment; *variable; variable++)
		if (!environment_meddles(*variable))
			environment[kept++] = *variable;
	environment[kept] = NULL;
	if (command && command[0])
		(void)execve(command[0], command, environment);	/* returns only with an error */
	say("coffer: cannot start the engine of ", installation->lib, ": ", error_text(errno), " (install Coffer anew)");
}
