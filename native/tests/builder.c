#include "builder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

struct builder *builder(void)
{
	struct builder *b = calloc(1, sizeof *b);

	CHECK(b != NULL);
	b->header.magic = WIRE_MAGIC;
	b->header.version = WIRE_VERSION;
#if defined(__x86_64__)
	b->header.arch = WIRE_ARCH_X86_64;
#else
	b->header.arch = WIRE_ARCH_AARCH64;
#endif
	b->header.slot_count = BUILDER_SLOTS;
	b->header.input_slots = BUILDER_INPUTS;
	return b;
}

void stage(struct builder *b, const char *name)
{
	struct wire_stage *stage = &b->stages[b->header.stage_count++];

	CHECK(strlen(name) < sizeof stage->name);
	stage->first = b->header.insn_count;
	strcpy(stage->name, name);
}

uint32_t insn(struct builder *b, uint16_t code, long nr, const struct operand *operands, size_t count)
{
	uint32_t index = b->header.insn_count++;
	struct wire_insn *insn = &b->insns[index];

	insn->code = code;
	insn->op = (uint16_t)(100 + index);
	insn->nr = (uint32_t)nr;
	insn->result = WIRE_NO_SLOT;
	for (size_t i = 0; i < count; i++) {
		insn->kind[i] = operands[i].kind;
		insn->arg[i] = operands[i].value;
	}
	insn->patch_first = b->header.patch_count;
	insn->patch_count = (uint16_t)b->vector_patches;
	b->header.patch_count += b->vector_patches;
	b->vector_patches = 0;
	insn->rule_first = b->header.rule_count;
	b->stages[b->header.stage_count - 1].count++;
	return index;
}

static struct wire_insn *latest(struct builder *b)
{
	return &b->insns[b->header.insn_count - 1];
}

void into(struct builder *b, int slot)
{
	latest(b)->result = (int16_t)slot;
}

void on(struct builder *b, uint16_t error, uint16_t action, uint32_t target)
{
	b->rules[b->header.rule_count++] = (struct wire_rule){ error, action, target };
	latest(b)->rule_count++;
}

void patch(struct builder *b, struct wire_patch patch)
{
	b->patches[b->header.patch_count++] = patch;
	latest(b)->patch_count++;
}

int64_t space(struct builder *b, size_t size)
{
	uint32_t at = (b->header.pool_size + 7) / 8 * 8;

	CHECK(at + size <= sizeof b->pool);
	b->header.pool_size = at + (uint32_t)size;
	return at;
}

int64_t bytes(struct builder *b, const void *data, size_t size)
{
	int64_t at = space(b, size);

	memcpy(b->pool + at, data, size);
	return at;
}

int64_t text(struct builder *b, const char *string)
{
	return bytes(b, string, strlen(string) + 1);
}

int64_t vector(struct builder *b, const char *const *strings)
{
	size_t count = 0;
	int64_t at;

	while (strings[count])
		count++;
	at = space(b, (count + 1) * 8);
	for (size_t i = 0; i < count; i++)
		b->patches[b->header.patch_count + b->vector_patches++] = (struct wire_patch){
			.kind = WIRE_PATCH_POINTER, .at = (uint32_t)(at + 8 * (int64_t)i), .target = (uint32_t)text(b, strings[i]),
		};
	return at;
}

static uint32_t put(uint8_t *file, uint32_t *at, const void *data, size_t size)
{
	uint32_t here = *at;

	memcpy(file + here, data, size);
	*at = (here + (uint32_t)size + 7) / 8 * 8;
	return here;
}

uint8_t *image(const struct builder *b, size_t *size)
{
	struct wire_header header = b->header;
	uint8_t *file = calloc(1, sizeof *b);
	uint32_t at = sizeof header;

	CHECK(file != NULL);
	header.stage_off = put(file, &at, b->stages, header.stage_count * sizeof *b->stages);
	header.insn_off = put(file, &at, b->insns, header.insn_count * sizeof *b->insns);
	header.patch_off = put(file, &at, b->patches, header.patch_count * sizeof *b->patches);
	header.rule_off = put(file, &at, b->rules, header.rule_count * sizeof *b->rules);
	header.pool_off = put(file, &at, b->pool, header.pool_size);
	header.size = at;
	memcpy(file, &header, sizeof header);
	*size = at;
	return file;
}

int sealed(const void *data, size_t size)
{
	int fd = memfd_create("plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	CHECK(fd >= 0);
	CHECK_EQUAL(write(fd, data, size), (ssize_t)size);
	CHECK_EQUAL(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL), 0);
	return fd;
}

struct plan *opened(const struct builder *b)
{
	size_t size;
	uint8_t *file = image(b, &size);
	int fd = sealed(file, size);
	struct plan *plan = NULL;
	const char *why = NULL;
	int result = plan_open(fd, -1, &plan, &why);

	CHECK_TEXT(why ? why : "", "");
	CHECK_EQUAL(result, 0);
	CHECK_EQUAL(close(fd), 0);
	free(file);
	return plan;
}

/* The monitor's order: plan_child_died first, then reaping, but for children that the test itself wants to wait for. */
static int ended_children(struct plan *plan, struct plan_failure *failure)
{
	siginfo_t info = { .si_pid = 0 };
	int status;

	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0)
		return 0;
	status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
	return plan_child_died(plan, info.si_pid, status, failure);
}

int started(struct plan *plan, struct plan_failure *failure)
{
	for (;;) {
		struct pollfd pending[WIRE_MAX_STAGES];
		int fds[WIRE_MAX_STAGES];
		int count = plan_pending(plan, fds, WIRE_MAX_STAGES);
		int result = plan_progress(plan, failure);

		if (result != 0)
			return result;
		if (ended_children(plan, failure) == 1)
			return -1;
		for (int i = 0; i < count; i++)
			pending[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		CHECK(poll(pending, (nfds_t)count, 5) >= 0);
	}
}

struct plan *succeeded(const struct builder *b)
{
	struct plan *plan = opened(b);
	struct plan_failure failure = { 0 };
	int result = plan_run(plan, &failure);

	if (result == 0)
		result = started(plan, &failure);
	CHECK_EQUAL(failure.error, 0);
	CHECK_EQUAL(failure.signal, 0);
	CHECK(result >= 0);
	return plan;
}

struct plan_failure failed(const struct builder *b)
{
	struct plan *plan = opened(b);
	struct plan_failure failure = { 0 };
	int result = plan_run(plan, &failure);

	if (result == 0)
		result = started(plan, &failure);
	CHECK_EQUAL(result, -1);
	CHECK_EQUAL(failure.op, failure.insn + 100);
	plan_close(plan);
	/* The name of a zombie of this plan would be taken for that of the next one's stage. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	return failure;
}

int status_of(const struct plan *plan, int slot)
{
	int status = -1;

	CHECK_EQUAL(waitpid((pid_t)plan_slot(plan, slot), &status, 0), plan_slot(plan, slot));
	return status;
}
