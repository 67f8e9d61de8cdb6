/* Calls and structures of the kernel that a C library lacks. */
#ifndef COFFER_KERNEL_H
#define COFFER_KERNEL_H

#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNAL_COUNT 64

/* linux/sched.h cannot be included beside sched.h. CLONE_ARGS_SIZE_VER2, Linux 5.7. */
struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

#define CLONE_JOIN_CGROUP 0x200000000ull	/* CLONE_INTO_CGROUP */

/* What a plan may ask of CLONE: namespaces, and being a sibling. */
#define CLONE_FLAGS (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
	CLONE_NEWNET | CLONE_NEWTIME | CLONE_PARENT)

/* What a plan may ask of OPEN_IN. */
#define OPEN_IN_FLAGS (O_ACCMODE | O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_APPEND)

#define ARRANGE_LIMIT 4096

/* As the calls of those names: -1 and errno. The C library's wrappers keep caches and handlers that a raw clone breaks. */
static inline __attribute__((warn_unused_result)) pid_t call_clone(const struct clone_arguments *arguments)
{
	return (pid_t)syscall(SYS_clone3, arguments, sizeof *arguments);
}

static inline __attribute__((warn_unused_result)) int call_openat2(int fd, const char *path, const struct open_how *how)
{
	return (int)syscall(SYS_openat2, fd, path, how, sizeof *how);
}

static inline __attribute__((warn_unused_result)) int call_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static inline __attribute__((warn_unused_result)) int call_pidfd_getfd(int pidfd, int fd)
{
	return (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
}

static inline __attribute__((warn_unused_result)) int call_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

#endif
