/* The decoder refuses what it should, and says why. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"
#include "kernel.h"

/* A plan that uses every kind of thing once, so that each can be spoilt. */
enum {
	I_CALL, I_CLONE, I_SYNC, I_GRAB, I_HOOK, I_OPEN_IN, I_ARRANGE, I_WRITE, I_EXPECT, I_BARRIER, I_EXEC, I_CHILD_SYNC,
	I_CHILD_CLONE, I_CHILD_REAP, I_LAST,
};

static struct builder *sample(void)
{
	struct builder *b = builder();
	int64_t arguments, environment;

	stage(b, "test:0");
	CALL(b, pipe2, POOL(space(b, 8)), INT(0));
	into(b, 10);
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 11, .at = 4 });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_SLOT_INT, .slot = 11, .at = 0, .width = 4 });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_SLOT_TEXT, .slot = 11, .at = 0, .width = 3 });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_POINTER, .at = 0, .target = 3 });
	on(b, EPERM, WIRE_ON_JUMP, I_SYNC);
	SPECIAL(b, CLONE, INT(1), INT(CLONE_NEWPID), INT(17), SLOT(3), INT(12));
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_SEND), INT(255), INT(12));
	SPECIAL(b, GRAB_FD, SLOT(12));
	arguments = VECTOR_OF(b, "a", "b");
	environment = VECTOR_OF(b, "c=d");
	SPECIAL(b, HOOK, POOL(text(b, "/bin/true")), POOL(arguments), POOL(environment), POOL(text(b, "{}")), NONE, INT(0));
	SPECIAL(b, OPEN_IN, SLOT(3), POOL(text(b, "/a")), INT(WIRE_OPEN_IN_LIKE_SLOT), SLOT(4), INT(0755), INT(O_PATH));
	SPECIAL(b, ARRANGE_FDS, POOL(bytes(b, (int32_t[]){ 1, -1, 2, 0 }, 16)), INT(4));
	SPECIAL(b, WRITE_ALL, SLOT(3), POOL(text(b, "x")), INT(1));
	SPECIAL(b, EXPECT, SLOT(3), INT(0), INT(-1), INT(0));
	SPECIAL(b, BARRIER, SLOT(3));
	arguments = VECTOR_OF(b, "a");
	environment = NO_STRINGS(b);
	SPECIAL(b, EXEC_SEARCH, POOL(text(b, "a")), POOL(arguments), POOL(environment), POOL(-1));
	stage(b, "test:1");
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_RECEIVE), INT(0), NONE);
	SPECIAL(b, CLONE, INT(2), INT(0), INT(17), NONE, NONE);
	SPECIAL(b, REAP, INT(2));
	stage(b, "test:2");
	CALL(b, getpid, INT(0));
	return b;
}

static const char *verdict(const uint8_t *file, size_t size)
{
	int fd = sealed(file, size);
	struct plan *plan = NULL;
	const char *why = NULL;
	int result = plan_open(fd, -1, &plan, &why);

	CHECK_EQUAL(close(fd), 0);
	if (result == 0) {
		plan_close(plan);
		return "good";
	}
	CHECK_EQUAL(result, -EBADMSG);
	CHECK(why != NULL);
	return why;
}

static const char *verdict_of(const struct builder *b)
{
	size_t size;
	uint8_t *file = image(b, &size);
	const char *why = verdict(file, size);

	free(file);
	return why;
}

/* Spoils a field of a fresh sample, and compares the decoder's words. */
#define REFUSED(spoil, words) do { \
	struct builder *b = sample(); \
	spoil; \
	CHECK_TEXT(verdict_of(b), words); \
	free(b); \
} while (0)

#define REFUSED_HEADER(spoil, words) do { \
	struct builder *b = sample(); \
	size_t size; \
	uint8_t *file = image(b, &size); \
	struct wire_header *header = (void *)file; \
	spoil; \
	CHECK_TEXT(verdict(file, size), words); \
	free(file); \
	free(b); \
} while (0)

TEST(the_sample_is_good)
{
	REFUSED((void)b, "good");
}

TEST(a_bad_header_is_refused)
{
	REFUSED_HEADER(header->magic++, "not a plan");
	REFUSED_HEADER(header->version++, "unknown version");
	REFUSED_HEADER(header->arch = 3 - header->arch, "made for another architecture");
	REFUSED_HEADER(header->size++, "wrong size");
	REFUSED_HEADER(header->flags = 1, "unknown flags");
	REFUSED_HEADER(header->stage_count = 0, "too few or too many stages");
	REFUSED_HEADER(header->stage_count = WIRE_MAX_STAGES + 1, "too few or too many stages");
	REFUSED_HEADER(header->slot_count = WIRE_MAX_SLOTS + 1, "too many slots");
	REFUSED_HEADER(header->input_slots = header->slot_count + 1, "too many slots");
	REFUSED_HEADER(header->flags = 0; size = 63, "too small or too large");
	REFUSED_HEADER(header->flags = 0; size = 0, "too small or too large");
}

TEST(tables_that_lie_wrongly_are_refused)
{
	REFUSED_HEADER(header->insn_count = UINT32_MAX, "a table lies outside the file");
	REFUSED_HEADER(header->insn_off = UINT32_MAX & ~7u, "a table lies outside the file");
	REFUSED_HEADER(header->pool_size = (uint32_t)size, "a table lies outside the file");
	REFUSED_HEADER(header->pool_off += 4; header->pool_size -= 8, "a table is not aligned");
	REFUSED_HEADER(header->rule_off = header->patch_off, "tables overlap");
	REFUSED_HEADER(header->stage_off = 0, "tables overlap");
	REFUSED_HEADER(header->pool_off = header->insn_off, "tables overlap");
	REFUSED_HEADER(header->patch_count += 2, "tables overlap");
}

TEST(an_unsealed_file_is_refused)
{
	struct builder *b = sample();
	size_t size;
	uint8_t *file = image(b, &size);
	int fd = memfd_create("plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct plan *plan;
	const char *why;

	CHECK_EQUAL(write(fd, file, size), (ssize_t)size);
	CHECK_EQUAL(plan_open(fd, -1, &plan, &why), -EBADMSG);
	CHECK_TEXT(why, "not sealed");
	CHECK_EQUAL(plan_open(STDERR_FILENO, -1, &plan, &why), -EBADMSG);
	CHECK_EQUAL(plan_open(-1, -1, &plan, &why), -EBADF);
}

TEST(bad_stages_are_refused)
{
	REFUSED(b->stages[0].first = 1, "stages do not follow each other");
	REFUSED(b->stages[1].first = 0, "stages do not follow each other");
	REFUSED(b->stages[2].count = UINT32_MAX, "a stage lies outside the instructions");
	REFUSED(b->stages[0].count = 0, "a stage is empty");
	REFUSED(b->stages[0].name[0] = 0, "a stage has no name");
	REFUSED(memset(b->stages[0].name, 'x', 16), "a stage has no name");
	REFUSED(b->header.stage_count = 2, "instructions without a stage");
}

TEST(bad_instructions_are_refused)
{
	REFUSED(b->insns[I_CALL].code = WIRE_NETLINK + 1, "unknown instruction");
	REFUSED(b->insns[I_LAST].code = UINT16_MAX, "unknown instruction");
	REFUSED(b->insns[I_CALL].flags = 2, "unknown flags of an instruction");
	REFUSED(b->insns[I_CALL].result = BUILDER_SLOTS, "a result goes to no slot");
	REFUSED(b->insns[I_CALL].result = -2, "a result goes to no slot");
	REFUSED(b->insns[I_CALL].kind[5] = 3, "unknown kind of argument");
	REFUSED(b->insns[I_CALL].arg[0] = -2, "an argument lies outside the pool");
	REFUSED(b->insns[I_CALL].arg[0] = b->header.pool_size + 1, "an argument lies outside the pool");
	REFUSED(b->insns[I_CALL].arg[0] = INT64_MIN, "an argument lies outside the pool");
	REFUSED(b->insns[I_GRAB].arg[0] = BUILDER_SLOTS, "an argument names no slot");
	REFUSED(b->insns[I_GRAB].arg[0] = -1, "an argument names no slot");
}

TEST(bad_patches_are_refused)
{
	REFUSED(b->insns[I_CALL].patch_first = UINT32_MAX, "patches lie outside their table");
	REFUSED(b->insns[I_LAST].patch_count = UINT16_MAX, "patches lie outside their table");
	REFUSED(b->patches[0].kind = 4, "unknown kind of patch");
	REFUSED(b->patches[0].slot = -1, "a patch names no slot");
	REFUSED(b->patches[0].slot = BUILDER_SLOTS, "a patch names no slot");
	REFUSED(b->patches[0].at = b->header.pool_size - 3, "a patch lies outside the pool");
	REFUSED(b->patches[1].width = 2, "a patched integer has an odd width");
	REFUSED(b->patches[1].at = UINT32_MAX, "a patch lies outside the pool");
	REFUSED(b->patches[2].width = 0, "a patched text has no width");
	REFUSED(b->patches[2].width = UINT32_MAX, "a patch lies outside the pool");
	REFUSED(b->patches[3].at = 4, "a patched pointer is not aligned");
	REFUSED(b->patches[3].target = b->header.pool_size, "a pointer leads out of the pool");
	REFUSED(b->patches[3].at = b->header.pool_size / 8 * 8, "a patch lies outside the pool");
}

TEST(bad_rules_are_refused)
{
	REFUSED(b->insns[I_CALL].rule_first = UINT32_MAX, "rules lie outside their table");
	REFUSED(b->insns[I_LAST].rule_count = 9, "rules lie outside their table");
	REFUSED(b->rules[0].action = 3, "unknown action of a rule");
	REFUSED(b->rules[0].target = I_CALL, "a jump leads backwards or out of its stage");
	REFUSED(b->rules[0].target = I_CHILD_SYNC + 1, "a jump leads backwards or out of its stage");
	REFUSED(b->rules[0].target = I_CHILD_SYNC, "good");
}

TEST(bad_clones_are_refused)
{
	REFUSED(b->insns[I_CLONE].arg[0] = 0, "a clone leads to an earlier stage or to none");
	REFUSED(b->insns[I_CLONE].arg[0] = 3, "a clone leads to an earlier stage or to none");
	REFUSED(b->insns[I_CHILD_CLONE].arg[0] = 1, "a clone leads to an earlier stage or to none");
	REFUSED(b->insns[I_CLONE].arg[0] = 2, "a peer that was not cloned here");
	REFUSED(b->insns[I_CLONE].kind[0] = WIRE_ARG_SLOT, "an argument should be a number");
	REFUSED(b->insns[I_CLONE].arg[1] = CLONE_VM,
		"a clone with flags that share memory or descriptors, or that the executor sets itself");
	REFUSED(b->insns[I_CLONE].arg[2] = 65, "a clone with an exit signal that does not exist");
	REFUSED(b->insns[I_CLONE].kind[3] = WIRE_ARG_INT, "an argument should be a slot or -1");
	REFUSED(b->insns[I_CLONE].arg[4] = BUILDER_SLOTS, "an argument should be a slot's number or -1");
	REFUSED(b->insns[I_WRITE] = b->insns[I_CLONE]; b->insns[I_WRITE].arg[0] = 2, "a stage is cloned by two others");
}

TEST(bad_peers_are_refused)
{
	REFUSED(b->insns[I_SYNC].arg[0] = WIRE_SYNC_PARENT, "the first stage has no parent");
	REFUSED(b->insns[I_SYNC].arg[0] = 3, "a peer that does not exist");
	REFUSED(b->insns[I_SYNC].arg[0] = -2, "a peer that does not exist");
	REFUSED(b->insns[I_SYNC].arg[0] = 2, "a peer that was not cloned here");
	REFUSED(b->insns[I_SYNC].arg[1] = 2, "unknown direction");
	REFUSED(b->insns[I_SYNC].arg[2] = 256, "a tag is one byte");
	REFUSED(b->insns[I_SYNC].arg[3] = -2, "an argument should be a slot's number or -1");
	REFUSED(b->insns[I_CHILD_REAP].arg[0] = 1, "a peer that was not cloned here");
	REFUSED(b->insns[I_CHILD_REAP].arg[0] = 3, "a child that does not exist");
	REFUSED(b->insns[I_WRITE] = b->insns[I_CHILD_REAP]; b->insns[I_WRITE].arg[0] = 1,
		"the first stage cannot stay as a reaper");
}

/* Writes over a pool's bytes once POINTER patches would not touch them. */
static void spoil_pool(struct builder *b, int64_t at, uint64_t value)
{
	memcpy(b->pool + at, &value, sizeof value);
}

TEST(bad_operands_of_specials_are_refused)
{
	REFUSED(b->insns[I_HOOK].arg[0] = -1, "an argument is missing");
	REFUSED(b->insns[I_HOOK].arg[0] = b->header.pool_size, "a string has no end");
	REFUSED(memset(b->pool + b->header.pool_size - 1, 'x', 1), "a string has no end");
	REFUSED(b->insns[I_HOOK].arg[1] += 4, "a vector is not aligned");
	REFUSED(b->insns[I_HOOK].patch_count--, "good");
	REFUSED(spoil_pool(b, b->insns[I_HOOK].arg[1] + 16, 8), "a vector's entry leads out of the pool");
	REFUSED(b->insns[I_EXEC].arg[2] = b->header.pool_size / 8 * 8, "a vector has no end");
	REFUSED(b->insns[I_HOOK].arg[4] = 5, "an argument should be a slot or -1");
	REFUSED(b->insns[I_HOOK].arg[5] = -1, "an argument should be a length");
	REFUSED(b->insns[I_WRITE].arg[2] = INT64_MAX, "bytes lie outside the pool");
	REFUSED(b->insns[I_WRITE].arg[2] = b->header.pool_size, "bytes lie outside the pool");
	REFUSED(b->insns[I_WRITE].kind[1] = WIRE_ARG_INT, "an argument should lie in the pool");
	REFUSED(b->insns[I_ARRANGE].arg[1] = b->header.pool_size, "bytes lie outside the pool");
	REFUSED(b->insns[I_ARRANGE].arg[1] = 5000, "bytes lie outside the pool");
	REFUSED(spoil_pool(b, b->insns[I_ARRANGE].arg[0], BUILDER_SLOTS), "a descriptor comes from no slot");
	REFUSED(spoil_pool(b, b->insns[I_ARRANGE].arg[0], (uint32_t)-2), "a descriptor comes from no slot");
	REFUSED(b->insns[I_OPEN_IN].arg[2] = 3, "unknown kind of thing to open");
	REFUSED(b->insns[I_OPEN_IN].kind[3] = WIRE_ARG_INT; b->insns[I_OPEN_IN].arg[3] = -1, "like what?");
	REFUSED(b->insns[I_OPEN_IN].arg[4] = 010000, "mode bits that do not exist");
	REFUSED(b->insns[I_OPEN_IN].arg[5] = O_CREAT, "open flags that could create or truncate");
	REFUSED(b->insns[I_EXPECT].kind[0] = WIRE_ARG_INT, "an argument should be a slot");
	REFUSED(b->insns[I_BARRIER].kind[5] = WIRE_ARG_SLOT, "an argument should be a number");
}

/* A small file whose instructions all share one long table would cost minutes without a bound. */
TEST(work_is_bounded)
{
	struct builder *b = builder();
	int64_t arguments, environment, name;

	b->header.patch_count = 0;
	stage(b, "test:0");
	name = space(b, BUILDER_POOL - 64 * 1024 / 4);
	memset(b->pool + name, 'x', BUILDER_POOL - 64 * 1024 / 4 - 1);
	arguments = NO_STRINGS(b);
	environment = NO_STRINGS(b);
	for (int i = 0; i < 256; i++)
		SPECIAL(b, EXEC_SEARCH, POOL(name), POOL(arguments), POOL(environment), POOL(name));
	CHECK_TEXT(verdict_of(b), "good");
	for (size_t i = 0; i < 512; i++)
		b->patches[i] = (struct wire_patch){ .kind = WIRE_PATCH_POINTER, .at = (uint32_t)space(b, 8),
			.target = (uint32_t)name };
	b->header.patch_count = 512;
	for (size_t i = 0; i < 256; i++) {
		b->insns[i].arg[1] = b->patches[0].at;
		b->insns[i].patch_first = 0;
		b->insns[i].patch_count = 512;
	}
	(void)space(b, 8);
	CHECK_TEXT(verdict_of(b), "too much to check");
}

/* Any single byte of a file changed to anything interesting: refused or good, never worse. The sanitizers watch. */
TEST(no_single_byte_breaks_the_decoder)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct builder *b = sample();
	size_t size;
	uint8_t *file = image(b, &size);
	uint8_t *copy = malloc(size);
	size_t refused = 0;

	CHECK(copy != NULL);
	for (size_t at = 0; at < size; at++)
		for (size_t i = 0; i < sizeof values; i++) {
			memcpy(copy, file, size);
			copy[at] = values[i];
			refused += strcmp(verdict(copy, size), "good") != 0;
		}
	CHECK(refused > size);
}

TEST(no_truncation_breaks_the_decoder)
{
	struct builder *b = sample();
	size_t size;
	uint8_t *file = image(b, &size);
	const struct wire_header *header = (void *)file;

	/* The pool is the last part; what pads it may go. */
	for (size_t left = 0; left < header->pool_off + header->pool_size; left++) {
		memcpy(file + 8, &(uint32_t){ (uint32_t)left }, 4);
		CHECK(strcmp(verdict(file, left), "good") != 0);
	}
}
