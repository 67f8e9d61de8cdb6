/* The binary is nobody's to write while a container runs from it, also where the host lets no memory be executed. */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sealed.h"
#include "unit.h"

#define VARIABLE "COFFER_OCI_BINARY"

enum { NOT_FOUND_AGAIN = 10, WRITABLE, OTHER_ERROR };

static int look(int argc, char **argv)
{
	char binary[PATH_MAX];
	const char *known = getenv(VARIABLE);
	char *expected = known ? strdup(known) : NULL;

	sealed_enter(argc, argv, binary);
	if (!expected || strcmp(binary, expected) != 0 || getenv(VARIABLE))
		return NOT_FOUND_AGAIN;
	free(expected);
	if (access("/proc/self/exe", W_OK) == 0)
		return WRITABLE;
	return errno == EROFS ? 0 : OTHER_ERROR;
}

/* What sealed_enter executes is this program again. */
__attribute__((constructor)) static void be_executed(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "run") == 0)
		_exit(look(argc, argv));
}

/* The setting is the pid namespace's own, and its file shows that of whom looks. */
static int run_without_executable_memory(void)
{
	char *argv[] = { (char *)"coffer-oci", (char *)"run", NULL }, binary[PATH_MAX];
	int fd;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount("proc", "/proc", "proc", 0, NULL) < 0)
		return EXIT_SKIPPED;
	fd = open("/proc/sys/vm/memfd_noexec", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "2", 1) != 1)
		return EXIT_SKIPPED;
	sealed_enter(2, argv, binary);
	return 1;
}

TEST(a_view_cannot_be_written_through)
{
	int status;
	pid_t child;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		test_skip("no right to make namespaces");
	child = fork();
	CHECK(child >= 0);
	if (child == 0)
		_exit(run_without_executable_memory());
	CHECK_EQUAL(waitpid(child, &status, 0), child);
	CHECK(WIFEXITED(status));
	if (WEXITSTATUS(status) == EXIT_SKIPPED)
		test_skip("no vm.memfd_noexec here");
	CHECK_EQUAL(WEXITSTATUS(status), 0);
}
