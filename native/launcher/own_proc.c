#include "own_proc.h"

#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "text.h"

/* The link says which process of the mount's pid namespace we are, and leads nowhere where we are in none of it. */
static bool is_own(void)
{
	char number[24] = "", link[24] = "";
	struct text text = text_over(number, sizeof number);
	text_add_decimal(&text, (uint64_t)getpid());
	/* Without any /proc there is none of others'. */
	return readlink("/proc/self", link, sizeof link - 1) < 0 ? access("/proc/1", F_OK) < 0 : strcmp(link, number) == 0;
}

enum own_proc own_proc_see(void)
{
	if (is_own())
		return OWN_PROC_THERE;
	/* What is mounted on a shared mount would show in the caller's namespace. */
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/proc", NULL, MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return OWN_PROC_FAILED;
	return OWN_PROC_MADE;
}
