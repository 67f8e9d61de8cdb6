#include "own_proc.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "text.h"
#include "util.h"

/* The first process's root directory, which only who may trace that process can look into. */
#define FIRST_ROOT "/proc/1/root"
/* What stands before NSpid in the status of a process with hundreds of groups. */
#define STATUS_SIZE 8192

static const char *below(char path[PATH_MAX], const char *root, const char *name)
{
	struct text text = text_over(path, PATH_MAX);
	text_add(&text, root);
	text_add(&text, name);
	return path;
}

/* How many pid namespaces there are from the mount's down to our own; 0 where that is not told (proc_pid_status(5), NSpid). */
static int count_namespaces(const char *root)
{
	static const char field[] = "\nNSpid:";
	char path[PATH_MAX], status[STATUS_SIZE];
	int count = 0;
	autoclose int fd = open(below(path, root, "/proc/self/status"), O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read_whole(fd, status, sizeof status - 1);
	status[length > 0 ? length : 0] = '\0';
	const char *at = strstr(status, field);
	for (at = at ? at + sizeof field - 1 : ""; *at && *at != '\n'; at++)
		count += *at == '\t';
	return count;
}

/*
 * The link says which process of the mount's pid namespace we are, and leads nowhere where we are in none of it. In two
 * namespaces we may have one number by chance.
 */
static bool is_own(const char *root)
{
	char path[PATH_MAX], number[24] = "", link[24] = "";
	struct text text = text_over(number, sizeof number);
	text_add_decimal(&text, (uint64_t)getpid());
	/* Without any /proc there is none of others'. */
	if (readlink(below(path, root, "/proc/self"), link, sizeof link - 1) < 0)
		return access(below(path, root, "/proc/1"), F_OK) < 0;
	return strcmp(link, number) == 0 && count_namespaces(root) <= 1;
}

/* In the host's pid namespace, whose number is always the same, any /proc that knows us is ours: others know their own alone. */
static bool in_first_namespace(void)
{
	char link[32] = "";
	return readlink("/proc/self/ns/pid", link, sizeof link - 1) > 0 && strcmp(link, "pid:[4026531836]") == 0;
}

enum own_proc own_proc_see(void)
{
	if (in_first_namespace())
		return OWN_PROC_THERE;
	if (is_own(""))
		return is_own(FIRST_ROOT) ? OWN_PROC_THERE : OWN_PROC_HERE;
	/* What is mounted on a shared mount would show in the caller's namespace. */
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/proc", NULL, MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return OWN_PROC_FAILED;
	return OWN_PROC_HERE;
}
