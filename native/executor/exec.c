/* EXEC_SEARCH: execve, with the search that a shell does. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "kernel.h"
#include "plan.h"

/* Errors of one entry that say nothing about the next. */
static bool go_on_after(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == ELOOP || error == ENAMETOOLONG;
}

static int try_entry(const char *directory, size_t length, const char *name, char *const argv[], char *const envp[])
{
	char path[PATH_MAX];
	size_t name_size = strlen(name) + 1;

	/* An empty entry is the working directory. */
	if (length == 0) {
		directory = ".";
		length = 1;
	}
	if (length + 1 + name_size > sizeof path)
		return ENAMETOOLONG;
	memcpy(path, directory, length);
	path[length] = '/';
	memcpy(path + length + 1, name, name_size);
	(void)execve(path, argv, envp);	/* returns only with an error */
	return errno;
}

static int search(const char *name, const char *entries, char *const argv[], char *const envp[])
{
	int worst = ENOENT;

	for (;;) {
		size_t length = strcspn(entries, ":");
		int error = try_entry(entries, length, name, argv, envp);

		if (!go_on_after(error))
			return error;
		if (error == EACCES)
			worst = EACCES;
		if (entries[length] == '\0')
			return worst;
		entries += length + 1;
	}
}

int special_exec_search(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	const char *name = pool_text(plan, insn->arg[0]);
	char *const *argv = (char *const *)(void *)pool_at(plan, insn->arg[1]);
	char *const *envp = (char *const *)(void *)pool_at(plan, insn->arg[2]);
	const char *entries = insn->arg[3] < 0 ? NULL : pool_text(plan, insn->arg[3]);

	*result = -1;
	if (!name || (insn->arg[3] >= 0 && !entries))
		return EINVAL;
	if (strchr(name, '/')) {
		(void)execve(name, argv, envp);	/* returns only with an error */
		return errno;
	}
	if (name[0] == '\0' || !entries)
		return ENOENT;
	return search(name, entries, argv, envp);
}
