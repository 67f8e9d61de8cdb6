/*
 * Who is in a new pid namespace with the /proc of another one (`unshare --pid --fork` without --mount-proc) finds others'
 * processes there by the numbers of its own.
 */
#ifndef COFFER_OWN_PROC_H
#define COFFER_OWN_PROC_H

enum own_proc {
	/* /proc is ours. */
	OWN_PROC_THERE,
	/* It was not: this process has a mount namespace with one that is. */
	OWN_PROC_MADE,
	/* It is not, and errno says why there can be none. */
	OWN_PROC_FAILED,
};

/* Lets this process, and those that it starts, see its own pid namespace in /proc; nobody else sees that. */
enum own_proc own_proc_see(void);

#endif
