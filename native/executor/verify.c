/* The decoder: refuses every file that the interpreter could not run to its end without leaving its tables. */
#include <string.h>

#include "plan.h"

#if defined(__x86_64__)
#define OWN_ARCH WIRE_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH WIRE_ARCH_AARCH64
#else
#error "the executor is written for x86_64 and aarch64"
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the wire form is little-endian and read in place"
#endif

/* Patches and rules may be shared between instructions; this bounds the time that a small, malicious file can cost. */
#define WORK_BUDGET (64u << 20)

struct range {
	uint64_t start, end;
};

static bool disjoint(const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (ranges[i].start < ranges[j].end && ranges[j].start < ranges[i].end)
				return false;
	return true;
}

/* 64-bit products of 32-bit numbers do not overflow. */
static struct range range_of(uint32_t offset, uint32_t count, size_t each)
{
	return (struct range){ offset, offset + (uint64_t)count * each };
}

static const char *place_tables(struct tables *tables)
{
	const struct wire_header *header = tables->header;
	const struct range ranges[] = {
		{ 0, sizeof *header },
		range_of(header->stage_off, header->stage_count, sizeof(struct wire_stage)),
		range_of(header->insn_off, header->insn_count, sizeof(struct wire_insn)),
		range_of(header->patch_off, header->patch_count, sizeof(struct wire_patch)),
		range_of(header->rule_off, header->rule_count, sizeof(struct wire_rule)),
		range_of(header->pool_off, header->pool_size, 1),
	};
	const size_t count = sizeof ranges / sizeof *ranges;

	for (size_t i = 0; i < count; i++) {
		if (ranges[i].end > tables->size)
			return "a table lies outside the file";
		if (ranges[i].start % 8 != 0)
			return "a table is not aligned";
	}
	if (!disjoint(ranges, count))
		return "tables overlap";
	tables->stages = (const void *)(tables->base + header->stage_off);
	tables->insns = (const void *)(tables->base + header->insn_off);
	tables->patches = (const void *)(tables->base + header->patch_off);
	tables->rules = (const void *)(tables->base + header->rule_off);
	tables->pool = tables->base + header->pool_off;
	return NULL;
}

static const char *verify_header(const struct tables *tables)
{
	const struct wire_header *header = tables->header;

	if (header->magic != WIRE_MAGIC)
		return "not a plan";
	if (header->version != WIRE_VERSION)
		return "unknown version";
	if (header->arch != OWN_ARCH)
		return "made for another architecture";
	if (header->size != tables->size)
		return "wrong size";
	if (header->flags != 0)
		return "unknown flags";
	if (header->stage_count == 0 || header->stage_count > WIRE_MAX_STAGES)
		return "too few or too many stages";
	if (header->slot_count > WIRE_MAX_SLOTS || header->input_slots > header->slot_count)
		return "too many slots";
	return NULL;
}

/* Stages follow each other and cover all instructions, so an instruction belongs to exactly one. */
static const char *verify_stages(const struct tables *tables)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < tables->header->stage_count; i++) {
		const struct wire_stage *stage = &tables->stages[i];

		if (stage->first != next)
			return "stages do not follow each other";
		next += stage->count;
		if (stage->count == 0)
			return "a stage is empty";
		if (next > tables->header->insn_count)
			return "a stage lies outside the instructions";
		if (stage->name[0] == '\0' || memchr(stage->name, '\0', sizeof stage->name) == NULL)
			return "a stage has no name";
	}
	return next == tables->header->insn_count ? NULL : "instructions without a stage";
}

static bool is_slot(const struct tables *tables, int64_t slot)
{
	return slot >= 0 && slot < (int64_t)tables->header->slot_count;
}

static const char *verify_patch(const struct tables *tables, const struct wire_patch *patch)
{
	uint32_t width = patch->width;

	switch (patch->kind) {
	case WIRE_PATCH_POINTER:
		width = 8;
		if (patch->at % 8 != 0)
			return "a patched pointer is not aligned";
		if (patch->target >= tables->header->pool_size)
			return "a pointer leads out of the pool";
		break;
	case WIRE_PATCH_SLOT_INT:
		if (width != 4 && width != 8)
			return "a patched integer has an odd width";
		break;
	case WIRE_PATCH_SLOT_TEXT:
		if (width == 0)
			return "a patched text has no width";
		break;
	case WIRE_PATCH_LOAD:
		width = 4;
		break;
	default:
		return "unknown kind of patch";
	}
	if (patch->kind != WIRE_PATCH_POINTER && !is_slot(tables, patch->slot))
		return "a patch names no slot";
	if (patch->at + (uint64_t)width > tables->header->pool_size)
		return "a patch lies outside the pool";
	return NULL;
}

static const char *verify_patches(const struct tables *tables, const struct wire_insn *insn, uint64_t *budget)
{
	if (insn->patch_first + (uint64_t)insn->patch_count > tables->header->patch_count)
		return "patches lie outside their table";
	if (insn->patch_count > *budget)
		return "too much to check";
	*budget -= insn->patch_count;
	for (uint32_t i = 0; i < insn->patch_count; i++) {
		const struct wire_patch *patch = &tables->patches[insn->patch_first + i];
		const char *wrong = verify_patch(tables, patch);

		if (wrong)
			return wrong;
		if (patch->kind == WIRE_PATCH_POINTER) {
			/* Addresses do not change any more: with them in place, vectors can be checked now. */
			uint64_t address = (uintptr_t)(tables->pool + patch->target);

			memcpy(tables->pool + patch->at, &address, sizeof address);
		}
	}
	return NULL;
}

static const char *verify_rules(const struct tables *tables, const struct wire_stage *stage, uint32_t at, uint64_t *budget)
{
	const struct wire_insn *insn = &tables->insns[at];

	if (insn->rule_first + (uint64_t)insn->rule_count > tables->header->rule_count)
		return "rules lie outside their table";
	if (insn->rule_count > *budget)
		return "too much to check";
	*budget -= insn->rule_count;
	for (uint32_t i = 0; i < insn->rule_count; i++) {
		const struct wire_rule *rule = &tables->rules[insn->rule_first + i];

		if (rule->action > WIRE_ON_JUMP)
			return "unknown action of a rule";
		if (rule->action == WIRE_ON_JUMP && (rule->target <= at || rule->target > stage->first + stage->count))
			return "a jump leads backwards or out of its stage";
	}
	return NULL;
}

static const char *verify_insn(const struct tables *tables, uint32_t stage, uint32_t at, uint64_t *budget)
{
	const struct wire_insn *insn = &tables->insns[at];
	const char *wrong = NULL;

	if (insn->code > WIRE_NETLINK)
		return "unknown instruction";
	if (insn->result != WIRE_NO_SLOT && !is_slot(tables, insn->result))
		return "a result goes to no slot";
	if (insn->flags & ~(insn->code == WIRE_HOOK ? WIRE_FLAG_END_ALONE : WIRE_FLAG_PUBLISH))
		return "unknown flags of an instruction";
	for (int i = 0; i < 6 && !wrong; i++) {
		switch (insn->kind[i]) {
		case WIRE_ARG_INT:
			break;
		case WIRE_ARG_POOL:
			if (insn->arg[i] < -1 || insn->arg[i] > (int64_t)tables->header->pool_size)
				wrong = "an argument lies outside the pool";
			break;
		case WIRE_ARG_SLOT:
			if (!is_slot(tables, insn->arg[i]))
				wrong = "an argument names no slot";
			break;
		default:
			wrong = "unknown kind of argument";
		}
	}
	if (!wrong)
		wrong = verify_patches(tables, insn, budget);
	if (!wrong)
		wrong = verify_rules(tables, &tables->stages[stage], at, budget);
	if (!wrong)
		wrong = verify_arguments(tables, stage, at, budget);
	return wrong;
}

static const char *verify_insns(const struct tables *tables)
{
	uint64_t budget = WORK_BUDGET;

	for (uint32_t stage = 0; stage < tables->header->stage_count; stage++) {
		const struct wire_stage *run = &tables->stages[stage];

		for (uint32_t at = run->first; at < run->first + run->count; at++) {
			const char *wrong = verify_insn(tables, stage, at, &budget);

			if (wrong)
				return wrong;
		}
	}
	return NULL;
}

/* Every stage but the first is cloned by exactly one other (perhaps from several places: alternatives). */
static const char *verify_tree(const struct tables *tables)
{
	int cloner[WIRE_MAX_STAGES];

	for (uint32_t i = 0; i < WIRE_MAX_STAGES; i++)
		cloner[i] = -1;
	for (uint32_t stage = 0; stage < tables->header->stage_count; stage++) {
		const struct wire_stage *run = &tables->stages[stage];

		for (uint32_t at = run->first; at < run->first + run->count; at++) {
			const struct wire_insn *insn = &tables->insns[at];
			int64_t peer = insn->arg[0];

			if (insn->code == WIRE_CLONE) {
				if (cloner[peer] >= 0 && cloner[peer] != (int)stage)
					return "a stage is cloned by two others";
				cloner[peer] = (int)stage;
			} else if (insn->code == WIRE_REAP || (insn->code == WIRE_SYNC && peer != WIRE_SYNC_PARENT)) {
				if (cloner[peer] != (int)stage)
					return "a peer that was not cloned here";
			}
		}
	}
	return NULL;
}

bool tables_verify(struct tables *tables, uint8_t *base, size_t size, const char **why)
{
	const char *wrong = NULL;

	*tables = (struct tables){ .base = base, .size = size, .header = (const void *)base };
	if (size < sizeof(struct wire_header) || size > WIRE_MAX_SIZE)
		wrong = "too small or too large";
	if (!wrong)
		wrong = verify_header(tables);
	if (!wrong)
		wrong = place_tables(tables);
	if (!wrong)
		wrong = verify_stages(tables);
	if (!wrong)
		wrong = verify_insns(tables);
	if (!wrong)
		wrong = verify_tree(tables);
	*why = wrong;
	return wrong == NULL;
}
