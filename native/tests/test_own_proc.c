/* Whose processes /proc shows, where an engine would see others', and numbers that are the same by chance. */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "own_proc.h"
#include "unit.h"

enum { NO_RIGHT = 10, NO_NUMBER, OTHER_END };

static int end_of(pid_t child)
{
	int status;
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : OTHER_END;
}

/* A child that has one number in both namespaces. */
static pid_t fork_with_one_number(void)
{
	pid_t child = -1;
	for (pid_t number = 2000; child < 0 && number < 30000; number++) {
		pid_t numbers[] = { number, number };
		struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)numbers, .set_tid_size = 2 };
		child = (pid_t)syscall(SYS_clone3, &args, sizeof args);
		if (child < 0 && errno != EEXIST)
			break;
	}
	return child;
}

/* What is seen twice: at first, and by what that process starts. */
static int see_twice(void)
{
	enum own_proc first = own_proc_see(), then = own_proc_see();
	return first == then ? (int)first : OTHER_END;
}

static int see_in_new_namespace(pid_t (*birth)(void))
{
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		return NO_RIGHT;
	pid_t initial = fork();
	if (initial != 0)
		return end_of(initial);
	pid_t child = birth();
	if (child == 0)
		_exit(see_twice());
	_exit(child < 0 ? NO_NUMBER : end_of(child));
}

TEST(the_own_is_there)
{
	CHECK_EQUAL(own_proc_see(), OWN_PROC_THERE);
}

TEST(in_a_new_pid_namespace_it_is_made_and_no_place_for_an_engine)
{
	int seen = see_in_new_namespace(fork);
	if (seen == NO_RIGHT)
		test_skip("no right to make namespaces");
	CHECK_EQUAL(seen, OWN_PROC_HERE);
}

TEST(one_number_in_both_namespaces_is_no_proof)
{
	int seen = see_in_new_namespace(fork_with_one_number);
	if (seen == NO_RIGHT || seen == NO_NUMBER)
		test_skip("no right to choose a process's number in two namespaces");
	CHECK_EQUAL(seen, OWN_PROC_HERE);
}
