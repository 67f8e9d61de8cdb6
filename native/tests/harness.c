#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_LIMIT_SECONDS 20

static struct test *first, **last = &first;

void test_add(struct test *test)
{
	*last = test;
	last = &test->next;
}

/* What a test leaves running ends with it: its group, and through the subreaper what left the group. */
static int run(const struct test *test)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		alarm(TIME_LIMIT_SECONDS);
		test->run();
		/* Not exit(): what a test leaves behind goes with its process and is no leak. Fuzzing looks for those. */
		fflush(NULL);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return status;
}

int main(int argc, char **argv)
{
	int passed = 0, failed = 0, skipped = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (const struct test *test = first; test; test = test->next) {
		int status;

		if (argc > 1 && strcmp(argv[1], test->name) != 0)
			continue;
		status = run(test);
		if (status == 0) {
			passed++;
		} else if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED) {
			skipped++;
		} else {
			failed++;
			printf("FAILED %s %s%s\n", argv[0], test->name, WIFSIGNALED(status) ? " (killed, or too slow)" : "");
		}
	}
	printf("%s: %d passed, %d failed, %d skipped\n", argv[0], passed, failed, skipped);
	return failed != 0 || passed + skipped == 0;
}
