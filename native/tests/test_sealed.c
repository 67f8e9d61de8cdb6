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
#define FORGED "/nonexistent/bin/coffer-oci"
/* Where the tests say what has to be found again. */
#define EXPECTED "TEST_BINARY"

enum { NOT_FOUND_AGAIN = 10, WRITABLE, OTHER_ERROR };

static int look(int argc, char **argv)
{
	char binary[PATH_MAX];
	const char *expected = getenv(EXPECTED);

	sealed_enter(argc, argv, binary);
	if (!expected || strcmp(binary, expected) != 0 || getenv(VARIABLE))
		return NOT_FOUND_AGAIN;
	/* A copy in memory is sealed instead. */
	if (fcntl(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), F_GET_SEALS) > 0)
		return 0;
	if (access("/proc/self/exe", W_OK) == 0)
		return WRITABLE;
	return errno == EROFS ? 0 : OTHER_ERROR;
}

/* A caller that has named another binary, whose files would be run in place of our own. */
static void enter_with_forged_name(void)
{
	char *argv[] = { (char *)"coffer-oci", (char *)"run", NULL }, binary[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", binary, sizeof binary - 1);

	binary[length > 0 ? length : 0] = '\0';
	CHECK_EQUAL(setenv(EXPECTED, binary, 1), 0);
	CHECK_EQUAL(setenv(VARIABLE, FORGED, 1), 0);
	sealed_enter(2, argv, binary);
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
	int fd;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount("proc", "/proc", "proc", 0, NULL) < 0)
		return EXIT_SKIPPED;
	fd = open("/proc/sys/vm/memfd_noexec", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "2", 1) != 1)
		return EXIT_SKIPPED;
	enter_with_forged_name();
	return 1;
}

static int run_forged(void)
{
	enter_with_forged_name();
	return 1;
}

static int code_of(int (*run)(void))
{
	int status;
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0)
		_exit(run());
	CHECK_EQUAL(waitpid(child, &status, 0), child);
	CHECK(WIFEXITED(status));
	return WEXITSTATUS(status);
}

TEST(a_view_cannot_be_written_through)
{
	int code;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		test_skip("no right to make namespaces");
	code = code_of(run_without_executable_memory);
	if (code == EXIT_SKIPPED)
		test_skip("no vm.memfd_noexec here");
	CHECK_EQUAL(code, 0);
}

TEST(the_caller_does_not_name_the_binary)
{
	CHECK_EQUAL(code_of(run_forged), 0);
}

TEST(a_binary_that_is_no_copy_is_what_it_is)
{
	char *argv[] = { (char *)"coffer-oci", (char *)"state", NULL }, binary[PATH_MAX];

	CHECK_EQUAL(setenv(VARIABLE, FORGED, 1), 0);
	sealed_enter(2, argv, binary);
	CHECK(strstr(binary, "test_sealed") != NULL);
}
