/* The interpreter: slots, patches, rules, results. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"
#include "plan.h"

/* Opens /dev/null into slot 10, the test's usual success. */
static void open_null(struct builder *b)
{
	CALL(b, openat, INT(AT_FDCWD), POOL(text(b, "/dev/null")), INT(O_RDWR | O_CLOEXEC));
	into(b, 10);
}

TEST(a_result_goes_to_its_slot)
{
	struct builder *b = builder();

	stage(b, "test:0");
	CALL(b, getppid, INT(0));
	into(b, 10);
	CHECK_EQUAL(plan_slot(succeeded(b), 10), getppid());
}

TEST(slots_start_as_none_and_can_be_filled)
{
	struct builder *b = builder();
	struct plan *plan;

	stage(b, "test:0");
	CALL(b, getppid, INT(0));
	plan = opened(b);
	CHECK_EQUAL(plan_slot(plan, 10), -1);
	CHECK_EQUAL(plan_slot(plan, BUILDER_SLOTS), -1);
	CHECK_EQUAL(plan_slot(plan, -1), -1);
	CHECK_EQUAL(plan_set_slot(plan, 3, 77), 0);
	CHECK_EQUAL(plan_slot(plan, 3), 77);
	CHECK_EQUAL(plan_set_slot(plan, BUILDER_SLOTS, 1), -EINVAL);
	CHECK_EQUAL(plan_set_slot(plan, -1, 1), -EINVAL);
	plan_close(plan);
}

TEST(a_failure_without_a_rule_ends_the_plan)
{
	struct builder *b = builder();
	struct plan_failure failure;
	uint32_t bad;

	stage(b, "test:0");
	CALL(b, getpid, INT(0));
	bad = CALL(b, openat, INT(AT_FDCWD), POOL(text(b, "/nonexistent")), INT(O_RDONLY));
	CALL(b, kill, SLOT(9), INT(0));
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 0);
	CHECK_EQUAL(failure.insn, bad);
	CHECK_EQUAL(failure.error, ENOENT);
	CHECK_EQUAL(failure.signal, 0);
}

TEST(a_failure_that_is_passed_over_empties_the_result)
{
	struct builder *b = builder();
	struct plan *plan = NULL;

	stage(b, "test:0");
	open_null(b);
	CALL(b, openat, INT(AT_FDCWD), POOL(text(b, "/nonexistent")), INT(O_RDONLY));
	into(b, 10);
	on(b, EACCES, WIRE_ON_FAIL, 0);
	on(b, ENOENT, WIRE_ON_CONTINUE, 0);
	plan = succeeded(b);
	CHECK_EQUAL(plan_slot(plan, 10), -1);
}

TEST(the_first_matching_rule_wins)
{
	struct builder *b = builder();

	stage(b, "test:0");
	CALL(b, close, INT(-1));
	on(b, EBADF, WIRE_ON_FAIL, 0);
	on(b, WIRE_ERRNO_ANY, WIRE_ON_CONTINUE, 0);
	CHECK_EQUAL(failed(b).error, EBADF);
}

TEST(any_error_is_no_success)
{
	struct builder *b = builder();
	struct plan *plan;

	stage(b, "test:0");
	CALL(b, getppid, INT(0));
	on(b, WIRE_ERRNO_ANY, WIRE_ON_FAIL, 0);
	CALL(b, close, INT(-1));
	on(b, WIRE_ERRNO_ANY, WIRE_ON_CONTINUE, 0);
	plan = succeeded(b);
	plan_close(plan);
}

TEST(a_success_can_be_a_failure)
{
	struct builder *b = builder();
	struct plan_failure failure;

	stage(b, "test:0");
	CALL(b, getppid, INT(0));
	on(b, WIRE_ERRNO_SUCCESS, WIRE_ON_FAIL, 0);
	failure = failed(b);
	CHECK_EQUAL(failure.error, 0);
	CHECK_EQUAL(failure.insn, 0);
}

TEST(jumps_go_forward_to_an_instruction_or_the_end)
{
	struct builder *b = builder();
	struct plan *plan;

	stage(b, "test:0");
	CALL(b, close, INT(-1));
	on(b, EBADF, WIRE_ON_JUMP, 2);
	CALL(b, close, INT(-1));
	CALL(b, getppid, INT(0));
	into(b, 11);
	on(b, WIRE_ERRNO_SUCCESS, WIRE_ON_JUMP, 4);
	CALL(b, close, INT(-1));
	plan = succeeded(b);
	CHECK_EQUAL(plan_slot(plan, 11), getppid());
}

TEST(a_slot_is_an_argument)
{
	struct builder *b = builder();
	struct plan *plan;

	stage(b, "test:0");
	open_null(b);
	CALL(b, fcntl, SLOT(10), INT(F_GETFD));
	into(b, 11);
	plan = succeeded(b);
	CHECK_EQUAL(plan_slot(plan, 11), FD_CLOEXEC);
}

TEST(minus_one_is_the_null_pointer)
{
	struct builder *b = builder();

	stage(b, "test:0");
	CALL(b, openat, INT(AT_FDCWD), POOL(-1), INT(O_RDONLY));
	CHECK_EQUAL(failed(b).error, EFAULT);
}

TEST(pointers_are_patched)
{
	struct builder *b = builder();
	int64_t what = text(b, "hello");
	struct {
		uint64_t base, length;
	} parts = { 0, 5 };
	int64_t vector = bytes(b, &parts, sizeof parts);
	int64_t pipe = space(b, 8);
	struct plan *plan;
	char got[6] = "";

	stage(b, "test:0");
	CALL(b, pipe2, POOL(pipe), INT(O_CLOEXEC));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 10, .at = (uint32_t)pipe });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 11, .at = (uint32_t)pipe + 4 });
	CALL(b, writev, SLOT(11), POOL(vector), INT(1));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_POINTER, .at = (uint32_t)vector, .target = (uint32_t)what });
	plan = succeeded(b);
	CHECK_EQUAL(read((int)plan_slot(plan, 10), got, 5), 5);
	CHECK_TEXT(got, "hello");
}

TEST(a_load_waits_for_success)
{
	struct builder *b = builder();
	int64_t pipe = space(b, 8);
	struct plan *plan;

	stage(b, "test:0");
	CALL(b, pipe2, POOL(pipe), INT(-1));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 10, .at = (uint32_t)pipe });
	on(b, EINVAL, WIRE_ON_CONTINUE, 0);
	plan = succeeded(b);
	CHECK_EQUAL(plan_slot(plan, 10), -1);
}

/* Runs a plan that patches slot 3 with `value`, then writes `size` bytes of the pool into a pipe; returns what came. */
static const uint8_t *patched(struct wire_patch how, int64_t value, size_t size)
{
	static uint8_t got[64];
	struct builder *b = builder();
	struct plan *plan;
	struct plan_failure failure;
	int ends[2];
	int64_t at;

	memset(got, '-', sizeof got);
	at = bytes(b, got, sizeof got);
	CHECK_EQUAL(pipe(ends), 0);
	stage(b, "test:0");
	CALL(b, write, INT(ends[1]), POOL(at), INT(size));
	how.slot = 3;
	how.at += (uint32_t)at;
	patch(b, how);
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, value), 0);
	if (plan_run(plan, &failure) < 0) {
		memset(got, 0, sizeof got);
		got[0] = (uint8_t)failure.error;
		return got;
	}
	CHECK_EQUAL(read(ends[0], got, size), (ssize_t)size);
	return got;
}

TEST(a_slot_becomes_an_integer)
{
	CHECK(memcmp(patched((struct wire_patch){ .kind = WIRE_PATCH_SLOT_INT, .at = 2, .width = 4 }, 0x01020304, 8),
		     "--\4\3\2\1--", 8) == 0);
	CHECK(memcmp(patched((struct wire_patch){ .kind = WIRE_PATCH_SLOT_INT, .width = 8 }, -2, 9),
		     "\xfe\xff\xff\xff\xff\xff\xff\xff-", 9) == 0);
	CHECK_EQUAL(*patched((struct wire_patch){ .kind = WIRE_PATCH_SLOT_INT, .width = 4 }, 1ll << 40, 4), EOVERFLOW);
}

TEST(a_slot_becomes_text)
{
	const struct wire_patch wide = { .kind = WIRE_PATCH_SLOT_TEXT, .at = 1, .width = 6, .pad = '/' };
	const struct wire_patch narrow = { .kind = WIRE_PATCH_SLOT_TEXT, .width = 3, .pad = ' ' };
	const struct wire_patch widest = { .kind = WIRE_PATCH_SLOT_TEXT, .width = 30, .pad = 0 };

	CHECK(memcmp(patched(wide, 120, 8), "-120///-", 8) == 0);
	CHECK(memcmp(patched(narrow, 0, 4), "0  -", 4) == 0);
	CHECK(memcmp(patched(narrow, 999, 4), "999-", 4) == 0);
	CHECK(memcmp(patched(widest, INT64_MAX, 30), "9223372036854775807\0\0\0\0\0\0\0\0\0\0\0", 30) == 0);
	CHECK_EQUAL(*patched(narrow, 1000, 4), EOVERFLOW);
	CHECK_EQUAL(*patched(narrow, -1, 4), EBADF);
}

TEST(each_use_is_patched_anew)
{
	struct builder *b = builder();
	int64_t at = space(b, 8);
	struct plan *plan;
	char got[4];
	int ends[2];

	CHECK_EQUAL(pipe(ends), 0);
	stage(b, "test:0");
	for (int16_t slot = 3; slot < 5; slot++) {
		CALL(b, write, INT(ends[1]), POOL(at), INT(2));
		patch(b, (struct wire_patch){
			.kind = WIRE_PATCH_SLOT_TEXT, .slot = slot, .at = (uint32_t)at, .width = 2, .pad = ' ' });
	}
	plan = opened(b);
	CHECK_EQUAL(plan_set_slot(plan, 3, 42), 0);
	CHECK_EQUAL(plan_set_slot(plan, 4, 7), 0);
	CHECK_EQUAL(plan_run(plan, &(struct plan_failure){ 0 }), 0);
	CHECK_EQUAL(read(ends[0], got, 4), 4);
	CHECK(memcmp(got, "427 ", 4) == 0);
}

/* Those in the container have the page as well. */
TEST(a_page_that_was_scribbled_on_leads_nowhere)
{
	struct builder *b = builder();
	struct plan_failure failure = { 0 };
	struct wire_report *page;
	const char *why = NULL;
	struct plan *plan;
	int signal = 0, report = memfd_create("report", MFD_CLOEXEC);
	size_t size;
	uint8_t *file;

	stage(b, "test:0");
	CALL(b, getppid, INT(0));
	stage(b, "test:1");
	CALL(b, getppid, INT(0));
	file = image(b, &size);
	CHECK_EQUAL(plan_open(sealed(file, size), report, &plan, &why), 0);
	free(file);
	page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, report, 0);
	CHECK(page != MAP_FAILED);
	atomic_store(&page->stages[1].state, STAGE_RUNNING);
	atomic_store(&page->stages[1].insn, 0x7fffffff);
	atomic_store(&page->stages[1].pid, getpid());
	CHECK_EQUAL(stage_fate(plan, 1, &signal), FATE_RUNNING);
	for (uint64_t stage = 0; stage < 128; stage += 127) {
		atomic_store(&page->failure, 1ull << 63 | stage << 56 | (uint64_t)EPERM << 32 | 0x7fffffff);
		CHECK_EQUAL(plan_progress(plan, &failure), -1);
		CHECK_EQUAL(failure.error, EPROTO);
		CHECK_EQUAL(failure.stage, 0);
		CHECK_EQUAL(failure.insn, 0);
		CHECK_EQUAL(failure.op, 100);
	}
	plan_close(plan);
}
