/*
 * What a shell cannot ask the kernel. Inside a container: `probe lseek A B C`, `probe sched_get_priority_max`, `probe trap`, `probe mkdir`
 * make one call and print "result errno"; `probe open PATH r|w|rw` and `probe mknod PATH c|b|p MAJOR MINOR` likewise;
 * `probe scheduler`, `probe priority`, `probe policy` print what the process was born with. Beside one: `probe console
 * SOCKET` receives a terminal as an engine would and copies it to standard output; `probe agent SOCKET VALUE` answers one
 * seccomp notification with a value.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define IOPRIO_WHO_PROCESS 1

static int say(long result)
{
	printf("%ld %d\n", result < 0 ? -1 : result, result < 0 ? errno : 0);
	return 0;
}

static int done(const char *what)
{
	perror(what);
	return 1;
}

static int try_open(char **words)
{
	int flags = strcmp(words[1], "r") == 0 ? O_RDONLY : strcmp(words[1], "w") == 0 ? O_WRONLY : O_RDWR;
	int fd = open(words[0], flags | O_NONBLOCK);

	return say(fd < 0 ? fd : 0);
}

static int try_mknod(char **words)
{
	mode_t type = words[1][0] == 'c' ? S_IFCHR : words[1][0] == 'b' ? S_IFBLK : S_IFIFO;

	return say(mknod(words[0], type | 0600, makedev(atoi(words[2]), atoi(words[3]))));
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	printf("trapped %d\n", info->si_syscall == SYS_sched_get_priority_max);
	fflush(stdout);
	_exit(0);
}

static int trap(void)
{
	struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};

	if (sigaction(SIGSYS, &action, NULL))
		return done("sigaction");
	return say(syscall(SYS_sched_get_priority_max, 0));
}

/* The layout of struct sched_attr in its first version. */
struct schedule {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

static int scheduler(void)
{
	struct schedule schedule = {.size = sizeof(schedule)};

	if (syscall(SYS_sched_getattr, 0, &schedule, sizeof(schedule), 0))
		return done("sched_getattr");
	printf("%u %llu %d %u %llu %llu %llu\n", schedule.policy, (unsigned long long)schedule.flags, schedule.nice,
	       schedule.priority, (unsigned long long)schedule.runtime, (unsigned long long)schedule.deadline,
	       (unsigned long long)schedule.period);
	return 0;
}

static int io_priority(void)
{
	long priority = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);

	if (priority < 0)
		return done("ioprio_get");
	printf("%ld %ld\n", priority >> 13, priority & 0x1fff);
	return 0;
}

static int memory_policy(void)
{
	int mode = -1;
	unsigned long nodes[16] = {0};

	if (syscall(SYS_get_mempolicy, &mode, nodes, sizeof(nodes) * 8, NULL, 0))
		return done("get_mempolicy");
	printf("%d %lx\n", mode, nodes[0]);
	return 0;
}

static int accept_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (listener < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 1))
		return -1;
	return accept(listener, NULL, NULL);
}

/* Receives one descriptor and, into text, what came with it. */
static int receive(int connection, char *text, size_t size)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec data = {text, size - 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	ssize_t count = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fd;

	if (count < 0 || !header || header->cmsg_type != SCM_RIGHTS)
		return -1;
	text[count] = 0;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static int console(const char *path)
{
	char buffer[4096];
	int terminal = receive(accept_at(path), buffer, sizeof(buffer));
	struct winsize size;
	ssize_t count;

	if (terminal < 0)
		return done("no descriptor came");
	if (ioctl(terminal, TIOCGWINSZ, &size))
		return done("not a terminal");
	printf("name %s\nsize %d %d\n", buffer, size.ws_row, size.ws_col);
	fflush(stdout);
	if (write(terminal, "typed\n", 6) != 6)
		return done("write");
	while ((count = read(terminal, buffer, sizeof(buffer))) > 0)
		if (write(STDOUT_FILENO, buffer, (size_t)count) != count)
			return done("write");
	return 0;
}

static int agent(const char *path, const char *value)
{
	char text[8192];
	int listener = receive(accept_at(path), text, sizeof(text));
	struct seccomp_notif notification = {0};
	struct seccomp_notif_resp response = {0};

	if (listener < 0)
		return done("no descriptor came");
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notification))
		return done("no notification");
	printf("%s\n", text);
	printf("\ncall %d\n", notification.data.nr == SYS_sched_get_priority_max);
	fflush(stdout);
	response.id = notification.id;
	response.val = atoi(value);
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) ? done("no response") : 0;
}

static long long number(const char *word)
{
	return (long long)strtoull(word, NULL, 0);
}

int main(int count, char **words)
{
	const char *what = count > 1 ? words[1] : "";

	if (strcmp(what, "lseek") == 0 && count == 5)
		return say(syscall(SYS_lseek, number(words[2]), number(words[3]), number(words[4])));
	if (strcmp(what, "sched_get_priority_max") == 0)
		return say(syscall(SYS_sched_get_priority_max, 0));
	if (strcmp(what, "mkdir") == 0)
		return say(mkdir("/probe-was-here", 0700));
	if (strcmp(what, "trap") == 0)
		return trap();
	if (strcmp(what, "open") == 0 && count == 4)
		return try_open(words + 2);
	if (strcmp(what, "mknod") == 0 && count == 6)
		return try_mknod(words + 2);
	if (strcmp(what, "scheduler") == 0)
		return scheduler();
	if (strcmp(what, "priority") == 0)
		return io_priority();
	if (strcmp(what, "policy") == 0)
		return memory_policy();
	if (strcmp(what, "console") == 0 && count == 3)
		return console(words[2]);
	if (strcmp(what, "agent") == 0 && count == 4)
		return agent(words[2], words[3]);
	fprintf(stderr, "probe: what?\n");
	return 2;
}
