/* What is recorded and started when the container has ended. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monitor.h"
#include "text.h"
#include "util.h"

/* How long FAILED waits for the plan's processes to die; one in uninterruptible sleep must not hold it up for ever. */
#define KILL_PATIENCE_MS 5000

/* The count behind "oom_kill " in memory.events (cgroup v2) or memory.oom_control (v1); 0 when there is none. */
static uint64_t read_oom_kills(int fd)
{
	static const char key[] = "oom_kill ";
	char content[512];
	if (fd < 0)
		return 0;
	ssize_t length = pread(fd, content, sizeof content - 1, 0);
	if (length <= 0)
		return 0;
	content[length] = '\0';
	for (char *line = content; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, sizeof key - 1) == 0)
			return strtoull(line + sizeof key - 1, NULL, 10);
	}
	return 0;
}

static bool watches_oom(const struct monitor *monitor)
{
	return monitor->setup.oom_path && monitor->setup.oom_path[0];
}

/* Before the plan runs, or a program that is killed at once would count as an earlier one. The cgroup is rarely there. */
void monitor_note_oom_kills(struct monitor *monitor)
{
	autoclose int earlier = watches_oom(monitor) ? open(monitor->setup.oom_path, O_RDONLY | O_CLOEXEC) : -1;
	monitor->oom_kills = read_oom_kills(earlier);
}

void monitor_open_oom(struct monitor *monitor)
{
	if (!watches_oom(monitor))
		return;
	monitor->oom_file = open(monitor->setup.oom_path, O_RDONLY | O_CLOEXEC);
	if (monitor->oom_file < 0)
		say("coffer-monitor: cannot open ", monitor->setup.oom_path, ": ", error_text(errno),
		    " (out-of-memory kills will not be seen)");
}

static void conclude(struct monitor *monitor)
{
	struct outcome *outcome = &monitor->outcome;
	int status = monitor->init_status;
	outcome->finished = clock_now();
	outcome->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	outcome->exit_code = outcome->signal ? 128 + outcome->signal : WEXITSTATUS(status);
	outcome->oom_killed = read_oom_kills(monitor->oom_file) > monitor->oom_kills;
}

static void format_record(const struct monitor *monitor, struct text *text)
{
	const struct outcome *outcome = &monitor->outcome;
	text_add(text, "{\"exitCode\":");
	text_add_decimal(text, (uint64_t)outcome->exit_code);
	text_add(text, ",\"signal\":");
	text_add_decimal(text, (uint64_t)outcome->signal);
	text_add(text, outcome->oom_killed ? ",\"oomKilled\":true,\"pid\":" : ",\"oomKilled\":false,\"pid\":");
	text_add_decimal(text, (uint64_t)monitor->init);
	text_add(text, ",\"startedAt\":\"");
	text_add_time(text, monitor->started, false);
	text_add(text, "\",\"finishedAt\":\"");
	text_add_time(text, outcome->finished, false);
	text_add(text, "\"}\n");
}

static int write_record(const struct monitor *monitor)
{
	char content[320], temporary[300];
	int directory = monitor->setup.state_directory;
	struct text text = text_over(content, sizeof content);
	struct text name = text_over(temporary, sizeof temporary);
	format_record(monitor, &text);
	text_add(&name, monitor->setup.exit_name);
	text_add(&name, ".tmp");
	autoclose int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || write_whole(fd, text.data, text.length) < 0)
		return -1;
	if (monitor->setup.exit_sync && fsync(fd) < 0)
		return -1;
	if (renameat(directory, temporary, directory, monitor->setup.exit_name) < 0)
		return -1;
	return monitor->setup.exit_sync ? fsync(directory) : 0;
}

void monitor_end(struct monitor *monitor)
{
	monitor_drain(monitor);
	conclude(monitor);
	/* Nobody is served by giving up here: the engine that is connected still learns the code. */
	if (write_record(monitor) < 0)
		say("coffer-monitor: cannot write ", monitor->setup.exit_name, " of ", monitor->setup.id, ": ",
		    error_text(errno));
	monitor->phase = PHASE_ENDED;
	/* The record is there before the lock goes: who sees the lock free sees the record too. */
	monitor_unlisten(monitor);
	monitor_send_exited(monitor);
	if (monitor->engine.fd < 0)
		monitor_start_engine(monitor);
}

static void become_engine(char **command)
{
	sigset_t none;
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	int null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
		_exit(127);
	/* Everything else that is open is close-on-exec; descriptor 2 goes on to be the engine's log. */
	execv(command[0], command);
	say("coffer-monitor: cannot start engine ", command[0], ": ", error_text(errno));
	_exit(127);
}

void monitor_start_engine(struct monitor *monitor)
{
	char **command = monitor->setup.engine_command;
	if (!command || !command[0])
		return;
	pid_t middle = fork();
	if (middle == 0) {
		pid_t engine = setsid() < 0 ? -1 : fork();
		if (engine == 0)
			become_engine(command);
		_exit(engine < 0);
	}
	int status;
	if (middle < 0 || waitpid(middle, &status, 0) != middle || status != 0)
		say("coffer-monitor: cannot start engine ", command[0], ": no process could be made");
}

/* The children as the kernel lists them; a subreaper's include those of children that have died. */
static void kill_listed(void)
{
	char list[4096];
	autoclose int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read_whole(fd, list, sizeof list - 1);
	if (length <= 0)
		return;
	list[length] = '\0';
	/* Each is ours to reap and has not been: its pid cannot be another's. */
	for (char *at = list, *end; ; at = end) {
		long pid = strtol(at, &end, 10);
		if (end == at || pid <= 1)
			break;
		(void)kill((pid_t)pid, SIGKILL);
	}
}

void monitor_forget_signal(const struct monitor *monitor)
{
	struct signalfd_siginfo info;
	if (read(monitor->children, &info, sizeof info) < 0 && errno != EAGAIN)
		say("coffer-monitor: cannot read signalfd: ", error_text(errno));
}

void monitor_kill_children(struct monitor *monitor)
{
	uint64_t deadline = clock_monotonic() + KILL_PATIENCE_MS * 1000000ull;
	struct pollfd died = { .fd = monitor->children, .events = POLLIN };
	while (clock_monotonic() < deadline) {
		pid_t reaped;
		kill_listed();
		do
			reaped = waitpid(-1, NULL, WNOHANG | __WALL);
		while (reaped > 0);
		if (reaped < 0)
			return;
		if (poll(&died, 1, 100) > 0)
			monitor_forget_signal(monitor);
	}
}
