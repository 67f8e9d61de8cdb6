#include "birth.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "text.h"
#include "util.h"

/*
 * What a host refuses here (a lower nice value to a user, a higher limit without CAP_SYS_RESOURCE) the
 * engine does without: each of these is as good as it can be, and none is worth no engine.
 */
#define BEST_EFFORT(call) do { if ((call) < 0) { /* as good as it gets */ } } while (0)

void birth_reset_signals(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;
	for (int number = 1; number < _NSIG; number++)
		BEST_EFFORT(sigaction(number, &standard, NULL));
	sigemptyset(&none);
	BEST_EFFORT(sigprocmask(SIG_SETMASK, &none, NULL));
}

static void reset_scheduling(void)
{
	struct sched_param ordinary = { 0 };
	cpu_set_t all;
	CPU_ZERO(&all);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &all);
	/* musl's sched_setscheduler() is a stub that says ENOSYS. */
	BEST_EFFORT(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &ordinary));
	BEST_EFFORT(sched_setaffinity(0, sizeof all, &all));
	BEST_EFFORT(setpriority(PRIO_PROCESS, 0, 0));
}

static void reset_oom_score(void)
{
	autoclose int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		BEST_EFFORT(write_whole(fd, "0", 1));
}

/* What the first process of the host has is what services are given; only root may look at it. */
static void reset_limits(void)
{
	struct rlimit limit;
	for (int resource = 0; resource < RLIM_NLIMITS; resource++)
		if (geteuid() == 0 && prlimit(1, resource, NULL, &limit) == 0)
			BEST_EFFORT(setrlimit(resource, &limit));
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	BEST_EFFORT(setrlimit(RLIMIT_NOFILE, &limit));
}

static bool is_same_file(const char *one, const char *other)
{
	struct stat first, second;
	return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_ino == second.st_ino &&
		first.st_dev == second.st_dev;
}

static const char own[] = "/proc/self/ns/mnt", host[] = "/proc/1/ns/mnt";

const char *birth_root(const char *program)
{
	static const char root[] = "/proc/1/root";
	char path[PATH_MAX];
	struct text text = text_over(path, sizeof path);
	text_add(&text, root);
	text_add(&text, program);
	bool goes = geteuid() == 0 && !is_same_file(own, host) && !text.overflow && access(path, X_OK) == 0;
	return goes ? root : "";
}

/* A caller's private mounts must not become the engine's. Where the engine's own files are not to be seen there, it stays. */
static void leave_mount_namespace(const char *program)
{
	if (geteuid() != 0 || is_same_file(own, host))
		return;
	autoclose int back = open(own, O_RDONLY | O_CLOEXEC);
	autoclose int there = open(host, O_RDONLY | O_CLOEXEC);
	if (back < 0 || there < 0 || setns(there, CLONE_NEWNS) < 0)
		return;
	if (access(program, X_OK) < 0)
		BEST_EFFORT(setns(back, CLONE_NEWNS));
}

void birth_forget_caller(const char *program)
{
	birth_reset_signals();
	birth_enter_cgroup();
	leave_mount_namespace(program);
	BEST_EFFORT(chdir("/"));
	(void)umask(022);
	reset_scheduling();
	reset_limits();
	reset_oom_score();
}
