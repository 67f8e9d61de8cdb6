/* What the executor's own files share: a decoded plan, and the page on which all its processes report. */
#ifndef COFFER_PLAN_H
#define COFFER_PLAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "executor.h"
#include "wire.h"

#define NO_FD (-1)
#define NONE_PUBLISHED (-1)

/* A special answers with an errno, 0 for success, or with this: the plan has failed and that is already recorded. */
#define ALREADY_FAILED (-1)

enum stage_state {
	STAGE_IDLE,		/* no process yet */
	STAGE_RUNNING,		/* also after exec: then insn is the exec's */
	STAGE_LEFT,		/* ran off its end */
	STAGE_REAPING,		/* stays, and reports for its child */
	STAGE_ABANDONED,	/* gave up because a peer was gone; the peer's failure is the one that counts */
};

/* The tables of a mapped file; valid after tables_verify() said so. */
struct tables {
	uint8_t *base;
	size_t size;
	const struct wire_header *header;
	const struct wire_stage *stages;
	const struct wire_insn *insns;
	const struct wire_patch *patches;
	const struct wire_rule *rules;
	uint8_t *pool;
};

struct plan {
	struct tables tables;
	struct wire_report *report;
	uint32_t stage;				/* the one that this process runs */
	int channels[WIRE_MAX_STAGES];		/* to the stages that this process cloned, or NO_FD */
	/*
	 * The ends that lead to the parent (the last one) and to the parent's ancestors. All are held until exec, so that an
	 * ancestor sees the end of file of its own channel only when everything below has exec'ed or left.
	 */
	int upstream[WIRE_MAX_STAGES];
	int upstream_count;
	int64_t slots[WIRE_MAX_SLOTS];
};

/* verify.c: checks a whole file of `size` bytes at `base` (8-byte aligned). false: *why says what is wrong. */
must_check bool tables_verify(struct tables *tables, uint8_t *base, size_t size, const char **why);

/* verify_special.c: checks the arguments of an instruction. `budget` bounds the bytes looked at. */
must_check const char *verify_arguments(const struct tables *tables, uint32_t stage, uint32_t insn, uint64_t *budget);

/* run.c */
must_check int stage_run(struct plan *plan);

/* report.c */
void report_failure(struct plan *plan, uint32_t stage, uint32_t insn, int error, int signal);
must_check bool report_read(const struct plan *plan, struct plan_failure *out);

enum fate {
	FATE_RUNNING,	/* alive, or so it seems */
	FATE_STARTED,	/* exec'ed, or not started, or left as it should */
	FATE_DIED,	/* ended before it had exec'ed; *signal says of what, 0 when it cannot be known here */
};

/* What became of a stage whose channel has ended. Waits a moment for a process that is just about to end. */
must_check enum fate stage_fate(struct plan *plan, uint32_t stage, int *signal);

/* The name of a process or zombie, from /proc. */
must_check bool process_name(pid_t pid, char name[WIRE_STAGE_NAME]);

/* The address of a pool argument, NULL for -1. */
static inline uint8_t *pool_at(const struct plan *plan, int64_t offset)
{
	return offset < 0 ? NULL : plan->tables.pool + offset;
}

/* specials: 0, an errno, or ALREADY_FAILED; *result is the value for the result slot. */
typedef int special(struct plan *plan, const struct wire_insn *insn, int64_t *result);

/* Ends the process, also under a filter that forbids even that: the C library would try it again for ever. */
_Noreturn void leave(int code);

must_check int special_clone(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_sync(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_grab_fd(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_barrier(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_hook(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_open_in(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_expect(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_write_all(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_arrange_fds(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_exec_search(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_reap(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_copy_tree(struct plan *plan, const struct wire_insn *insn, int64_t *result);
must_check int special_netlink(struct plan *plan, const struct wire_insn *insn, int64_t *result);

/* sync.c: what to answer when a peer is gone: EPIPE, or ALREADY_FAILED when it had failed or was killed. */
must_check int peer_gone(struct plan *plan, int64_t peer);

/* publish.c: offers a descriptor to GRAB_FD and waits until it was taken. 0 or an errno. */
must_check int publish(struct plan *plan, int64_t fd);

/* The value of an argument; for POOL the address. */
must_check int64_t argument(const struct plan *plan, const struct wire_insn *insn, int index);

/* A pool string that is still ended by a NUL after all patches, else NULL. */
must_check const char *pool_text(const struct plan *plan, int64_t offset);

/* child.c: default dispositions and an empty mask, whatever the parent had. 0 or an errno. */
must_check int reset_signals(void);

#endif
