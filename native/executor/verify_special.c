/* What the arguments of each special must be. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "plan.h"
#include "kernel.h"

/* What an argument is; UNUSED must be an integer, of which nothing is read. */
enum form {
	UNUSED,
	NUMBER,		/* an integer */
	SLOT,
	SLOT_OR_NONE,	/* a slot, or the integer -1 */
	SLOT_NUMBER,	/* the number of a slot as an integer, or -1 */
	TEXT,
	TEXT_OR_NULL,
	VECTOR,		/* strings' addresses up to a NULL */
	BYTES,		/* as many as the next argument says */
	SLOTS,		/* as many i32 slot numbers as the next argument says */
	LENGTH,		/* a number from 0 */
};

static const uint8_t forms[][6] = {
	[WIRE_CLONE] = { NUMBER, NUMBER, NUMBER, SLOT_OR_NONE, SLOT_NUMBER },
	[WIRE_SYNC] = { NUMBER, NUMBER, NUMBER, SLOT_NUMBER },
	[WIRE_GRAB_FD] = { SLOT },
	[WIRE_BARRIER] = { SLOT },
	[WIRE_HOOK] = { TEXT, VECTOR, VECTOR, TEXT, SLOT_OR_NONE, LENGTH },
	[WIRE_OPEN_IN] = { SLOT, TEXT, NUMBER, SLOT_OR_NONE, NUMBER, NUMBER },
	[WIRE_EXPECT] = { SLOT, NUMBER, NUMBER, NUMBER },
	[WIRE_WRITE_ALL] = { SLOT, BYTES, LENGTH },
	[WIRE_ARRANGE_FDS] = { SLOTS, LENGTH },
	[WIRE_EXEC_SEARCH] = { TEXT, VECTOR, VECTOR, TEXT_OR_NULL },
	[WIRE_REAP] = { NUMBER },
	[WIRE_COPY_TREE] = { SLOT, SLOT },
	[WIRE_NETLINK] = { SLOT, BYTES, LENGTH },
};

static const char *verify_text(const struct tables *tables, uint64_t offset, uint64_t *budget)
{
	const uint8_t *start = tables->pool + offset;
	uint64_t left = tables->header->pool_size - offset;
	uint64_t look = left < *budget ? left : *budget;
	const uint8_t *end = look == 0 ? NULL : memchr(start, '\0', look);

	if (!end)
		return look < left ? "too much to check" : "a string has no end";
	*budget -= (uint64_t)(end - start) + 1;
	return NULL;
}

static const char *verify_vector(const struct tables *tables, uint64_t offset, uint64_t *budget)
{
	const uint64_t pool = (uintptr_t)tables->pool;
	const uint64_t size = tables->header->pool_size;

	if (offset % 8 != 0)
		return "a vector is not aligned";
	for (; offset + 8 <= size; offset += 8) {
		uint64_t address;
		const char *wrong;

		memcpy(&address, tables->pool + offset, sizeof address);
		if (address == 0)
			return NULL;
		if (address < pool || address - pool >= size)
			return "a vector's entry leads out of the pool";
		wrong = verify_text(tables, address - pool, budget);
		if (wrong)
			return wrong;
	}
	return "a vector has no end";
}

static const char *verify_array(const struct tables *tables, uint64_t offset, int64_t length, size_t each)
{
	uint64_t left = tables->header->pool_size - offset;

	if (length < 0 || (uint64_t)length > left / each)
		return "bytes lie outside the pool";
	return NULL;
}

static const char *verify_slots(const struct tables *tables, uint64_t offset, int64_t count)
{
	const char *wrong = verify_array(tables, offset, count, sizeof(int32_t));

	if (!wrong && count > ARRANGE_LIMIT)
		wrong = "too many descriptors to arrange";
	for (int64_t i = 0; i < count && !wrong; i++) {
		int32_t slot;

		memcpy(&slot, tables->pool + offset + (size_t)i * sizeof slot, sizeof slot);
		if (slot < WIRE_NO_SLOT || slot >= (int64_t)tables->header->slot_count)
			wrong = "a descriptor comes from no slot";
	}
	return wrong;
}

static const char *verify_pool_form(const struct tables *tables, const struct wire_insn *insn, int i, uint64_t *budget)
{
	const int64_t offset = insn->arg[i];
	const enum form form = forms[insn->code][i];

	if (insn->kind[i] != WIRE_ARG_POOL)
		return "an argument should lie in the pool";
	if (offset == -1)
		return form == TEXT_OR_NULL ? NULL : "an argument is missing";
	switch (form) {
	case TEXT:
	case TEXT_OR_NULL:
		return verify_text(tables, (uint64_t)offset, budget);
	case VECTOR:
		return verify_vector(tables, (uint64_t)offset, budget);
	case BYTES:
		return verify_array(tables, (uint64_t)offset, insn->arg[i + 1], 1);
	case SLOTS:
		return verify_slots(tables, (uint64_t)offset, insn->arg[i + 1]);
	default:
		return "an argument is of the wrong kind";
	}
}

static const char *verify_form(const struct tables *tables, const struct wire_insn *insn, int i, uint64_t *budget)
{
	const bool is_int = insn->kind[i] == WIRE_ARG_INT;
	const int64_t value = insn->arg[i];

	switch ((enum form)forms[insn->code][i]) {
	case UNUSED:
	case NUMBER:
		return is_int ? NULL : "an argument should be a number";
	case LENGTH:
		return is_int && value >= 0 && value <= INT32_MAX ? NULL : "an argument should be a length";
	case SLOT:
		return insn->kind[i] == WIRE_ARG_SLOT ? NULL : "an argument should be a slot";
	case SLOT_OR_NONE:
		return insn->kind[i] == WIRE_ARG_SLOT || (is_int && value == WIRE_NO_SLOT)
			? NULL : "an argument should be a slot or -1";
	case SLOT_NUMBER:
		return is_int && value >= WIRE_NO_SLOT && value < (int64_t)tables->header->slot_count
			? NULL : "an argument should be a slot's number or -1";
	case TEXT:
	case TEXT_OR_NULL:
	case VECTOR:
	case BYTES:
	case SLOTS:
		return verify_pool_form(tables, insn, i, budget);
	}
	return "an argument of no form";
}

static const char *verify_clone(const struct tables *tables, uint32_t stage, const struct wire_insn *insn)
{
	/* Only forward: no stage is ever its own ancestor. */
	if (insn->arg[0] <= (int64_t)stage || insn->arg[0] >= (int64_t)tables->header->stage_count)
		return "a clone leads to an earlier stage or to none";
	if (insn->arg[1] & ~(int64_t)CLONE_FLAGS)
		return "a clone with flags that share memory or descriptors, or that the executor sets itself";
	if (insn->arg[2] < 0 || insn->arg[2] > 64)
		return "a clone with an exit signal that does not exist";
	return NULL;
}

static const char *verify_sync(const struct tables *tables, uint32_t stage, const struct wire_insn *insn)
{
	const int64_t peer = insn->arg[0];

	if (peer == WIRE_SYNC_PARENT && stage == 0)
		return "the first stage has no parent";
	if (peer != WIRE_SYNC_PARENT && (peer < 0 || peer >= (int64_t)tables->header->stage_count))
		return "a peer that does not exist";
	if (insn->arg[1] != WIRE_SYNC_SEND && insn->arg[1] != WIRE_SYNC_RECEIVE)
		return "unknown direction";
	if (insn->arg[2] < 0 || insn->arg[2] > UINT8_MAX)
		return "a tag is one byte";
	return NULL;
}

static const char *verify_open_in(const struct wire_insn *insn)
{
	if (insn->arg[2] < WIRE_OPEN_IN_DIRECTORY || insn->arg[2] > WIRE_OPEN_IN_LIKE_SLOT)
		return "unknown kind of thing to open";
	if (insn->arg[2] == WIRE_OPEN_IN_LIKE_SLOT && insn->kind[3] != WIRE_ARG_SLOT)
		return "like what?";
	if (insn->arg[4] & ~07777)
		return "mode bits that do not exist";
	if (insn->arg[5] & ~(int64_t)OPEN_IN_FLAGS)
		return "open flags that could create or truncate";
	return NULL;
}

const char *verify_arguments(const struct tables *tables, uint32_t stage, uint32_t at, uint64_t *budget)
{
	const struct wire_insn *insn = &tables->insns[at];
	const char *wrong = NULL;

	if (insn->code == WIRE_SYSCALL)
		return NULL;
	for (int i = 0; i < 6 && !wrong; i++)
		wrong = verify_form(tables, insn, i, budget);
	if (wrong)
		return wrong;
	switch (insn->code) {
	case WIRE_CLONE:
		return verify_clone(tables, stage, insn);
	case WIRE_SYNC:
		return verify_sync(tables, stage, insn);
	case WIRE_OPEN_IN:
		return verify_open_in(insn);
	case WIRE_REAP:
		if (stage == 0)
			return "the first stage cannot stay as a reaper";
		if (insn->arg[0] < 0 || insn->arg[0] >= (int64_t)tables->header->stage_count)
			return "a child that does not exist";
		return NULL;
	default:
		return NULL;
	}
}
