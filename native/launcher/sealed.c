#include "sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "text.h"
#include "util.h"

#define BINARY_VARIABLE "COFFER_OCI_BINARY"
#define ENGINE_VARIABLE "COFFER_OCI_ENGINE"
#define NAME "coffer-oci"

#ifndef MFD_EXEC
#define MFD_EXEC 16u
#endif

bool sealed_is_wanted(int argc, char **argv)
{
	static const char *const commands[] = { "create", "run", "exec", "restore" };
	for (int i = 1; i < argc; i++)
		for (size_t j = 0; j < sizeof commands / sizeof commands[0]; j++)
			if (strcmp(argv[i], commands[j]) == 0)
				return true;
	return false;
}

static int make_file(void)
{
	int fd = memfd_create(NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
	/* Linux before 6.3 does not know the flag. */
	return fd < 0 && errno == EINVAL ? memfd_create(NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

static int make_copy(const char *binary)
{
	struct stat status;
	autoclose int source = open(binary, O_RDONLY | O_CLOEXEC), copy = make_file();
	if (source < 0 || copy < 0 || fstat(source, &status) < 0)
		return -1;
	for (off_t left = status.st_size; left > 0; ) {
		ssize_t copied = sendfile(copy, source, NULL, (size_t)left);
		if (copied <= 0)
			return -1;
		left -= copied;
	}
	if (fchmod(copy, 0500) < 0 || fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return -1;
	return take_fd(&copy);
}

/* The binary itself by a mount of its own that cannot be written through, and that nobody can find to make it writable. */
static int make_view(const char *binary)
{
	const struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
	autoclose int view = (int)syscall(SYS_open_tree, AT_FDCWD, binary, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (view < 0 || syscall(SYS_mount_setattr, view, "", AT_EMPTY_PATH, &attributes, sizeof attributes) < 0)
		return -1;
	return take_fd(&view);
}

static void execute(int fd, char **argv, char **environment)
{
	if (fd >= 0)
		(void)syscall(SYS_execveat, fd, "", argv, environment, AT_EMPTY_PATH);	/* returns only with an error */
}

/* What the caller calls our binary and an engine is not for the caller to say: their files would be run. */
static char **told(char *binary, char *engine)
{
	static const char *const own[] = { BINARY_VARIABLE "=", ENGINE_VARIABLE "=" };
	size_t count = 0, kept = 0;
	while (environ[count])
		count++;
	char **environment = calloc(count + 3, sizeof *environment);
	for (size_t i = 0; environment && i < count; i++)
		if (strncmp(environ[i], own[0], strlen(own[0])) != 0 && strncmp(environ[i], own[1], strlen(own[1])) != 0)
			environment[kept++] = environ[i];
	if (environment) {
		environment[kept++] = binary;
		environment[kept] = engine;
	}
	return environment;
}

void sealed_enter(char **argv, const char *binary, int engine)
{
	char path[PATH_MAX + sizeof BINARY_VARIABLE + 1], number[sizeof ENGINE_VARIABLE + 24];
	struct text variable = text_over(path, sizeof path), second = text_over(number, sizeof number);
	text_add(&variable, BINARY_VARIABLE "=");
	text_add(&variable, binary);
	text_add(&second, ENGINE_VARIABLE "=");
	text_add_decimal(&second, engine < 0 ? 0 : (uint64_t)engine);
	char **environment = binary[0] ? told(path, engine < 0 ? NULL : number) : NULL;
	if (environment && !variable.overflow && (engine < 0 || fcntl(engine, F_SETFD, 0) == 0)) {
		autoclose int copy = make_copy(binary);
		execute(copy, argv, environment);
		/* Where the host lets no memory be executed (vm.memfd_noexec), a view has to do. */
		autoclose int view = make_view(binary);
		execute(view, argv, environment);
	}
	if (engine >= 0)
		(void)fcntl(engine, F_SETFD, FD_CLOEXEC);	/* of an open descriptor it cannot fail */
	free(environment);
}

/*
 * Whether this is the copy, or the file by the view, which is the root of a mount that is no place's. No variable can
 * make it look so.
 */
static bool is_entered(const char *executed)
{
	static const char *const names[] = { "/memfd:" NAME, "/memfd:" NAME " (deleted)", "/", "/ (deleted)" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(executed, names[i]) == 0)
			return true;
	return false;
}

bool sealed_find(char binary[PATH_MAX], int *engine)
{
	ssize_t length = readlink("/proc/self/exe", binary, PATH_MAX - 1);
	binary[length > 0 ? length : 0] = '\0';
	*engine = -1;
	if (!is_entered(binary))
		return false;
	const char *known = getenv(BINARY_VARIABLE), *number = getenv(ENGINE_VARIABLE);
	int asked = number ? (int)strtol(number, NULL, 10) : -1;
	struct text text = text_over(binary, PATH_MAX);
	text_add(&text, known ? known : "");
	if (asked >= 0 && fcntl(asked, F_SETFD, FD_CLOEXEC) == 0)
		*engine = asked;
	(void)unsetenv(BINARY_VARIABLE);	/* of a name without = it cannot fail */
	(void)unsetenv(ENGINE_VARIABLE);
	return true;
}
