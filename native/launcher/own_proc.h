/*
 * Who is in a new pid namespace with the /proc of another one (`unshare --pid --fork` without --mount-proc) finds others'
 * processes there by the numbers of its own.
 */
#ifndef COFFER_OWN_PROC_H
#define COFFER_OWN_PROC_H

enum own_proc {
	/* /proc is of our pid namespace. */
	OWN_PROC_THERE,
	/* It is here, made now or by whoever started us, but not where an engine would live: among the first process's mounts. */
	OWN_PROC_HERE,
	/* It is not, and errno says why it cannot be. */
	OWN_PROC_FAILED,
};

/* Lets this process, and those that it starts, see its own pid namespace in /proc; nobody else sees that. */
enum own_proc own_proc_see(void);

#endif
