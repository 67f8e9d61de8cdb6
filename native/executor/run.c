/* The interpreter: patch, call, look up what the errno means, go on. Only forward, so it ends. */
#include <errno.h>
#include <string.h>

#include "kernel.h"
#include "plan.h"

#define DECIMAL_DIGITS 20

int64_t argument(const struct plan *plan, const struct wire_insn *insn, int index)
{
	int64_t value = insn->arg[index];

	switch (insn->kind[index]) {
	case WIRE_ARG_POOL:
		return (int64_t)(intptr_t)pool_at(plan, value);
	case WIRE_ARG_SLOT:
		return plan->slots[value];
	default:
		return value;
	}
}

const char *pool_text(const struct plan *plan, int64_t offset)
{
	uint8_t *start = pool_at(plan, offset);

	return memchr(start, '\0', plan->tables.header->pool_size - (size_t)offset) ? (const char *)start : NULL;
}

static int put_decimal(uint8_t *at, uint32_t width, uint8_t pad, int64_t value)
{
	uint8_t digits[DECIMAL_DIGITS];
	uint32_t count = 0;

	if (value < 0)
		return EBADF;
	do
		digits[count++] = (uint8_t)('0' + value % 10);
	while ((value /= 10) != 0);
	if (count > width)
		return EOVERFLOW;
	memset(at, pad, width);
	for (uint32_t i = 0; i < count; i++)
		at[i] = digits[count - 1 - i];
	return 0;
}

static int patch_before(struct plan *plan, const struct wire_patch *patch)
{
	uint8_t *at = plan->tables.pool + patch->at;
	int64_t value = patch->kind == WIRE_PATCH_POINTER
		? (int64_t)(intptr_t)(plan->tables.pool + patch->target) : plan->slots[patch->slot];

	switch (patch->kind) {
	case WIRE_PATCH_SLOT_INT:
		if (patch->width == 4 && (value < INT32_MIN || value > INT32_MAX))
			return EOVERFLOW;
		memcpy(at, &value, patch->width);
		return 0;
	case WIRE_PATCH_SLOT_TEXT:
		return put_decimal(at, patch->width, patch->pad, value);
	case WIRE_PATCH_POINTER:
		memcpy(at, &value, sizeof value);
		return 0;
	default:
		return 0;
	}
}

static int patches_before(struct plan *plan, const struct wire_insn *insn)
{
	int error = 0;

	for (uint32_t i = 0; i < insn->patch_count && error == 0; i++)
		error = patch_before(plan, &plan->tables.patches[insn->patch_first + i]);
	return error;
}

static void loads_after(struct plan *plan, const struct wire_insn *insn)
{
	for (uint32_t i = 0; i < insn->patch_count; i++) {
		const struct wire_patch *patch = &plan->tables.patches[insn->patch_first + i];
		int32_t value;

		if (patch->kind != WIRE_PATCH_LOAD)
			continue;
		memcpy(&value, plan->tables.pool + patch->at, sizeof value);
		plan->slots[patch->slot] = value;
	}
}

static int raw_call(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	long arg[6];

	for (int i = 0; i < 6; i++)
		arg[i] = (long)argument(plan, insn, i);
	for (;;) {
		*result = syscall((long)insn->nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
		if (*result != -1)
			return 0;
		/* An interrupted close has closed: again, it could hit another descriptor. */
		if (errno != EINTR || insn->nr == SYS_close)
			return errno;
	}
}

static int call(struct plan *plan, const struct wire_insn *insn, int64_t *result)
{
	static special *const specials[] = {
		[WIRE_SYSCALL] = raw_call,
		[WIRE_CLONE] = special_clone,
		[WIRE_SYNC] = special_sync,
		[WIRE_GRAB_FD] = special_grab_fd,
		[WIRE_BARRIER] = special_barrier,
		[WIRE_HOOK] = special_hook,
		[WIRE_OPEN_IN] = special_open_in,
		[WIRE_EXPECT] = special_expect,
		[WIRE_WRITE_ALL] = special_write_all,
		[WIRE_ARRANGE_FDS] = special_arrange_fds,
		[WIRE_EXEC_SEARCH] = special_exec_search,
		[WIRE_REAP] = special_reap,
		[WIRE_COPY_TREE] = special_copy_tree,
		[WIRE_NETLINK] = special_netlink,
	};
	int error = patches_before(plan, insn);

	if (error == 0)
		error = specials[insn->code](plan, insn, result);
	if (error == 0 && (insn->flags & WIRE_FLAG_PUBLISH))
		error = publish(plan, *result);
	if (error == 0)
		loads_after(plan, insn);
	if (insn->result != WIRE_NO_SLOT)
		plan->slots[insn->result] = error == 0 ? *result : -1;
	return error;
}

static const struct wire_rule *rule_for(const struct plan *plan, const struct wire_insn *insn, int error)
{
	for (uint32_t i = 0; i < insn->rule_count; i++) {
		const struct wire_rule *rule = &plan->tables.rules[insn->rule_first + i];

		if (rule->error == error || (rule->error == WIRE_ERRNO_ANY && error != 0))
			return rule;
	}
	return NULL;
}

/* When the parent is gone, its own end is the failure that counts, and whoever waits for it sees that. */
static void fail(struct plan *plan, uint32_t at, int error)
{
	const struct wire_insn *insn = &plan->tables.insns[at];

	if (insn->code == WIRE_SYNC && insn->arg[0] == WIRE_SYNC_PARENT && error == EPIPE)
		atomic_store(&plan->report->stages[plan->stage].state, STAGE_ABANDONED);
	else
		report_failure(plan, plan->stage, at, error, 0);
}

int stage_run(struct plan *plan)
{
	const struct wire_stage *stage = &plan->tables.stages[plan->stage];
	struct wire_stage_report *report = &plan->report->stages[plan->stage];
	uint32_t at = stage->first;

	while (at < stage->first + stage->count) {
		const struct wire_insn *insn = &plan->tables.insns[at];
		const struct wire_rule *rule;
		int64_t result = 0;
		int error;

		atomic_store(&report->insn, at);
		error = call(plan, insn, &result);
		if (error == ALREADY_FAILED)
			return -1;
		rule = rule_for(plan, insn, error);
		if (rule ? rule->action == WIRE_ON_FAIL : error != 0) {
			fail(plan, at, error);
			return -1;
		}
		at = rule && rule->action == WIRE_ON_JUMP ? rule->target : at + 1;
	}
	return 0;
}
