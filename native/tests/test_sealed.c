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
#define ENGINE "COFFER_OCI_ENGINE"
#define FORGED "/nonexistent/bin/coffer-oci"
/* Where the tests say what has to be found again. */
#define EXPECTED "TEST_BINARY"
#define EXPECTED_ENGINE "TEST_ENGINE"

enum { NOT_FOUND_AGAIN = 10, WRITABLE, OTHER_ERROR, OTHER_ENGINE };

static int look(void)
{
	char binary[PATH_MAX];
	const char *expected = getenv(EXPECTED), *given = getenv(EXPECTED_ENGINE);
	int engine;

	if (!sealed_find(binary, &engine) || !expected || strcmp(binary, expected) != 0 || getenv(VARIABLE) || getenv(ENGINE))
		return NOT_FOUND_AGAIN;
	if (engine != (given ? atoi(given) : -1) || (engine >= 0 && fcntl(engine, F_GETFD) != FD_CLOEXEC))
		return OTHER_ENGINE;
	/* A copy in memory is sealed instead. */
	if (fcntl(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), F_GET_SEALS) > 0)
		return 0;
	if (access("/proc/self/exe", W_OK) == 0)
		return WRITABLE;
	return errno == EROFS ? 0 : OTHER_ERROR;
}

/* A caller that has named another binary, whose files would be run in place of our own, and an engine. */
static void enter_with_forged_name(int engine)
{
	char *argv[] = { (char *)"coffer-oci", (char *)"run", NULL }, binary[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", binary, sizeof binary - 1);

	binary[length > 0 ? length : 0] = '\0';
	CHECK_EQUAL(setenv(EXPECTED, binary, 1), 0);
	CHECK_EQUAL(setenv(VARIABLE, FORGED, 1), 0);
	CHECK_EQUAL(setenv(ENGINE, "0", 1), 0);
	sealed_enter(argv, binary, engine);
}

/* What sealed_enter executes is this program again. */
__attribute__((constructor)) static void be_executed(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "run") == 0)
		_exit(look());
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
	enter_with_forged_name(-1);
	return 1;
}

static int run_forged(void)
{
	enter_with_forged_name(-1);
	return 1;
}

static int run_with_engine(void)
{
	int engine = fcntl(0, F_DUPFD_CLOEXEC, 20);

	CHECK_EQUAL(engine, 20);
	CHECK_EQUAL(setenv(EXPECTED_ENGINE, "20", 1), 0);
	enter_with_forged_name(engine);
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

TEST(an_engine_that_was_asked_goes_along)
{
	CHECK_EQUAL(code_of(run_with_engine), 0);
}

TEST(a_binary_that_is_no_copy_is_what_it_is)
{
	char binary[PATH_MAX];
	int engine;

	CHECK_EQUAL(setenv(VARIABLE, FORGED, 1), 0);
	CHECK_EQUAL(setenv(ENGINE, "0", 1), 0);
	CHECK(!sealed_find(binary, &engine));
	CHECK(strstr(binary, "test_sealed") != NULL);
	CHECK_EQUAL(engine, -1);
}

TEST(what_starts_processes_wants_a_copy)
{
	char *run[] = { (char *)"coffer-oci", (char *)"--debug", (char *)"run", NULL };
	char *state[] = { (char *)"coffer-oci", (char *)"state", NULL };

	CHECK(sealed_is_wanted(3, run));
	CHECK(!sealed_is_wanted(2, state));
}
