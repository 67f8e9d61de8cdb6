/* SYNC: what a stage and its parent exchange, and what becomes of one that waits for a peer. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "builder.h"
#include "harness.h"

#define PID 20
#define PIDFD 21

static uint32_t clone_stage(struct builder *b, int stage)
{
	uint32_t at = SPECIAL(b, CLONE, INT(stage), INT(0), INT(SIGCHLD), NONE, INT(PIDFD));

	into(b, PID);
	return at;
}

/* exec of /bin/sh -c script */
static uint32_t shell(struct builder *b, const char *script)
{
	int64_t arguments = VECTOR_OF(b, "sh", "-c", script);
	int64_t environment = NO_STRINGS(b);

	return SPECIAL(b, EXEC_SEARCH, POOL(text(b, "sh")), POOL(arguments), POOL(environment), POOL(text(b, "/bin:/usr/bin")));
}

TEST(tags_and_descriptors_travel)
{
	struct builder *b = builder();
	int64_t pipe = space(b, 8);
	struct plan *plan;
	char byte;

	stage(b, "test:0");
	clone_stage(b, 1);
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT('f'), INT(30));
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_SEND), INT(0), NONE);
	CALL(b, fcntl, SLOT(30), INT(F_GETFD));
	into(b, 31);
	stage(b, "test:1");
	CALL(b, pipe2, POOL(pipe), INT(O_CLOEXEC));
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 10, .at = (uint32_t)pipe });
	patch(b, (struct wire_patch){ .kind = WIRE_PATCH_LOAD, .slot = 11, .at = (uint32_t)pipe + 4 });
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_SEND), INT('f'), INT(10));
	SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_RECEIVE), INT(0), NONE);
	SPECIAL(b, WRITE_ALL, SLOT(11), POOL(text(b, "x")), INT(1));
	plan = succeeded(b);
	CHECK_EQUAL(plan_slot(plan, 31), FD_CLOEXEC);
	CHECK_EQUAL(read((int)plan_slot(plan, 30), &byte, 1), 1);
	CHECK_EQUAL(byte, 'x');
}

TEST(another_tag_or_a_missing_descriptor_is_a_breach)
{
	for (int variant = 0; variant < 3; variant++) {
		struct builder *b = builder();
		struct plan_failure failure;

		stage(b, "test:0");
		clone_stage(b, 1);
		SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT(variant == 0 ? 'b' : 'a'), INT(variant == 1 ? 30 : -1));
		stage(b, "test:1");
		CALL(b, dup, INT(2));
		into(b, 10);
		SPECIAL(b, SYNC, INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_SEND), INT('a'), INT(variant == 2 ? 10 : -1));
		failure = failed(b);
		CHECK_EQUAL(failure.stage, 0);
		CHECK_EQUAL(failure.error, EPROTO);
	}
}

TEST(waiting_for_a_peer_until_it_has_started_ends_with_a_broken_pipe)
{
	struct builder *b = builder();
	struct plan *plan;

	stage(b, "test:0");
	clone_stage(b, 1);
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	on(b, EPIPE, WIRE_ON_CONTINUE, 0);
	CALL(b, getppid, INT(0));
	into(b, 30);
	stage(b, "test:1");
	shell(b, "sleep 0.05");
	plan = succeeded(b);
	CHECK_EQUAL(plan_slot(plan, 30), getppid());
	CHECK_EQUAL(status_of(plan, PID), 0);
}

TEST(a_rule_for_a_broken_pipe_does_not_hide_the_peers_failure)
{
	struct builder *b = builder();
	struct plan_failure failure;

	stage(b, "test:0");
	clone_stage(b, 1);
	SPECIAL(b, SYNC, INT(1), INT(WIRE_SYNC_RECEIVE), INT('a'), NONE);
	on(b, EPIPE, WIRE_ON_CONTINUE, 0);
	stage(b, "test:1");
	CALL(b, close, INT(-1));
	failure = failed(b);
	CHECK_EQUAL(failure.stage, 1);
	CHECK_EQUAL(failure.error, EBADF);
}
