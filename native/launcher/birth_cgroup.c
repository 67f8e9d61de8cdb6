/* A caller's end (a logout, the stop of a unit) kills its cgroup: the engine and its monitors must not be in it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "birth.h"
#include "text.h"
#include "util.h"

#define OWN_NAME "coffer-engine"
#define MOUNTS_LIMIT 262144

static int open_in(const char *directory, const char *name, int flags)
{
	char path[PATH_MAX];
	struct text text = text_over(path, sizeof path);
	text_add(&text, directory);
	text_add(&text, "/");
	text_add(&text, name);
	return open(path, flags | O_CLOEXEC);
}

/* A new v1 cpuset is empty and takes no process until it has what its parent has. */
static void copy_setting(const char *from, const char *to, const char *name)
{
	char value[512];
	autoclose int source = open_in(from, name, O_RDONLY);
	autoclose int target = source < 0 ? -1 : open_in(to, name, O_WRONLY);
	ssize_t length = target < 0 ? -1 : read_whole(source, value, sizeof value);
	/* When it is refused, so is the process; then it stays where it was. */
	if (length > 0 && write_whole(target, value, (size_t)length) < 0)
		return;
}

static void enter(const char *mount)
{
	char own[PATH_MAX];
	struct text text = text_over(own, sizeof own);
	text_add(&text, mount);
	text_add(&text, "/" OWN_NAME);
	if (text.overflow || (mkdir(own, 0755) < 0 && errno != EEXIST))
		return;
	copy_setting(mount, own, "cpuset.cpus");
	copy_setting(mount, own, "cpuset.mems");
	autoclose int processes = open_in(own, "cgroup.procs", O_WRONLY);
	/* A hierarchy that refuses is one that the caller's end may reach; the others still count. */
	if (processes >= 0 && write_whole(processes, "0", 1) < 0)
		return;
}

/* A line of mountinfo: "id parent dev root MOUNT options [tags] - TYPE source options". */
static void enter_if_cgroup(char *line)
{
	char *type = strstr(line, " - cgroup"), *rest = NULL, *field = NULL;
	if (!type)
		return;
	*type = '\0';
	for (int i = 0; i < 5; i++)
		field = strtok_r(i == 0 ? line : NULL, " ", &rest);
	/* A mount point with a blank in it is written with escapes; nobody mounts cgroups there. */
	if (field && !strchr(field, '\\'))
		enter(field);
}

void birth_enter_cgroup(void)
{
	autoclose int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	char *mounts = fd < 0 ? NULL : malloc(MOUNTS_LIMIT);
	char *rest = NULL;
	if (!mounts)
		return;
	ssize_t length = read_whole(fd, mounts, MOUNTS_LIMIT - 1);
	mounts[length > 0 ? length : 0] = '\0';
	for (char *line = strtok_r(mounts, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		enter_if_cgroup(line);
	free(mounts);
}
