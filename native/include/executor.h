/*
 * The executor: decodes a plan and runs it (docs/contributors/wire-form.md). It decides nothing.
 *
 *   plan_open ─► plan_set_slot … ─► plan_run ─► poll(plan_pending) ─► plan_progress … ─► plan_close
 *                                                    │
 *                                  a child ended ────┴─► plan_child_died, then plan_progress, then reap
 *
 * One process, one thread. No signal handler may be installed for a signal that is not blocked.
 */
#ifndef COFFER_EXECUTOR_H
#define COFFER_EXECUTOR_H

#include <stdint.h>
#include <sys/types.h>

#define must_check __attribute__((warn_unused_result))

struct plan;

/* The first failure of a plan: an errno, or (with error 0) the signal that ended the stage's process. */
struct plan_failure {
	uint32_t stage, insn, op;
	int32_t error, signal;
};

/*
 * Maps a sealed memfd and checks all of it; fd stays the caller's. Returns 0 or a negative errno: -EBADMSG when the
 * plan is refused, with *why set to what is wrong with it; else *why is NULL.
 */
must_check int plan_open(int fd, int report, struct plan **out, const char **why);

/* Fills a slot before plan_run(); -EINVAL: the plan has no such slot. Descriptors stay the caller's. */
must_check int plan_set_slot(struct plan *plan, int slot, int64_t value);

/* A slot of this process, -1 when nothing is in it or the plan has no such slot. */
int64_t plan_slot(const struct plan *plan, int slot);

/* Runs stage 0 in this process; children are cloned as it says. 0, or -1 with *out filled in. Never call it twice. */
must_check int plan_run(struct plan *plan, struct plan_failure *out);

/* The channels whose end of file tells that children have exec'ed or left; poll them for POLLIN. Returns their number. */
must_check int plan_pending(const struct plan *plan, int *fds, int max);

/*
 * Call it when one of those is readable or hung up, and after each plan_child_died() that said 0.
 * 1: all children have exec'ed or left, the start has succeeded. -1: it has failed, *out is filled in.
 * 0: not known yet; when plan_pending() has become 0, only a child's end can tell.
 */
must_check int plan_progress(struct plan *plan, struct plan_failure *out);

/*
 * A child ended before the start was known to have succeeded: was that a failure of the plan? 1 and *out, or 0.
 * Call it BEFORE reaping (take the status by waitid with WNOWAIT): the zombie's name tells whether it had exec'ed.
 * wait_status has wait()'s form.
 */
must_check int plan_child_died(struct plan *plan, pid_t pid, int wait_status, struct plan_failure *out);

/* Unmaps the plan and closes its channels; descriptors in slots are the caller's business. */
void plan_close(struct plan *plan);

#endif
