#include "sample_plan.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bytes.h"
#include "proto.h"
#include "wire.h"

#define SLOTS 16
#define MASTER 10
#define PEER 11
#define TERMINAL_TAG 1

struct sample {
	struct wire_stage stages[2];
	struct wire_insn insns[32];
	struct wire_patch patches[32];
	uint32_t stage_count, insn_count, patch_count;
	struct bytes pool;
};

struct value {
	uint8_t kind;
	int64_t number;
};

#define INT(n) { WIRE_ARG_INT, (n) }
#define SLOT(n) { WIRE_ARG_SLOT, (n) }
#define POOL(n) { WIRE_ARG_POOL, (n) }
#define VALUES(...) (const struct value[6]){ __VA_ARGS__ }

static int64_t put(struct sample *sample, const void *data, size_t length)
{
	static const uint8_t zeros[8];
	int64_t at = (int64_t)bytes_length(&sample->pool);
	(void)bytes_add(&sample->pool, data, length);
	(void)bytes_add(&sample->pool, zeros, 8 - length % 8);
	return at;
}

static void begin(struct sample *sample, const char *name)
{
	struct wire_stage *stage = &sample->stages[sample->stage_count++];
	stage->first = sample->insn_count;
	strncpy(stage->name, name, sizeof stage->name - 1);
}

static struct wire_insn *add(struct sample *sample, uint16_t code, uint32_t nr, int16_t result, const struct value *values)
{
	struct wire_insn *insn = &sample->insns[sample->insn_count];
	*insn = (struct wire_insn){ .code = code, .op = (uint16_t)sample->insn_count, .nr = nr, .result = result,
		.patch_first = sample->patch_count };
	for (int i = 0; i < 6; i++) {
		insn->kind[i] = values[i].kind;
		insn->arg[i] = values[i].number;
	}
	sample->insn_count++;
	sample->stages[sample->stage_count - 1].count++;
	return insn;
}

static void call(struct sample *sample, uint32_t nr, int16_t result, const struct value *values)
{
	(void)add(sample, WIRE_SYSCALL, nr, result, values);
}

static int64_t put_vector(struct sample *sample, const char *const *strings, uint32_t count)
{
	uint64_t nulls[8] = { 0 };
	int64_t vector = put(sample, nulls, (count + 1) * sizeof nulls[0]);
	for (uint32_t i = 0; i < count; i++)
		sample->patches[sample->patch_count++] = (struct wire_patch){ .kind = WIRE_PATCH_POINTER,
			.at = (uint32_t)vector + i * 8, .target = (uint32_t)put(sample, strings[i], strlen(strings[i]) + 1) };
	return vector;
}

static void exec_shell(struct sample *sample, const char *command)
{
	uint32_t first = sample->patch_count;
	int64_t argv = put_vector(sample, (const char *const[]){ "sh", "-c", command }, 3);
	int64_t envp = put_vector(sample, (const char *const[]){ "PATH=/usr/bin:/bin" }, 1);
	int64_t path = put(sample, "/bin/sh", 8);
	struct wire_insn *insn = add(sample, WIRE_EXEC_SEARCH, 0, -1, VALUES(POOL(path), POOL(argv), POOL(envp), POOL(-1)));
	insn->patch_first = first;
	insn->patch_count = (uint16_t)(sample->patch_count - first);
}

static void clone_init(struct sample *sample)
{
	(void)add(sample, WIRE_CLONE, 0, SLOT_INIT_PID,
		  VALUES(INT(1), INT(0), INT(SIGCHLD), INT(-1), INT(SLOT_INIT_PIDFD), INT(0)));
}

static void own_terminal(struct sample *sample)
{
	static const int32_t unlock;
	int64_t path = put(sample, "/dev/ptmx", 10), zero = put(sample, &unlock, sizeof unlock);
	call(sample, SYS_openat, MASTER, VALUES(INT(AT_FDCWD), POOL(path), INT(O_RDWR | O_NOCTTY | O_CLOEXEC), INT(0)));
	call(sample, SYS_ioctl, -1, VALUES(SLOT(MASTER), INT(TIOCSPTLCK), POOL(zero)));
	call(sample, SYS_ioctl, PEER, VALUES(SLOT(MASTER), INT(TIOCGPTPEER), INT(O_RDWR | O_NOCTTY | O_CLOEXEC)));
	(void)add(sample, WIRE_SYNC, 0, -1, VALUES(INT(WIRE_SYNC_PARENT), INT(WIRE_SYNC_SEND), INT(TERMINAL_TAG), INT(MASTER)));
	call(sample, SYS_setsid, -1, VALUES(INT(0)));
	call(sample, SYS_ioctl, -1, VALUES(SLOT(PEER), INT(TIOCSCTTY), INT(0)));
}

static void put_table(struct bytes *file, uint32_t *offset, const void *data, size_t length)
{
	static const uint8_t zeros[8];
	*offset = (uint32_t)bytes_length(file);
	(void)bytes_add(file, data, length);
	(void)bytes_add(file, zeros, (8 - length % 8) % 8);
}

static int seal(struct sample *sample)
{
	struct bytes file = { 0 };
	struct wire_header header = { .magic = WIRE_MAGIC, .version = WIRE_VERSION, .arch = WIRE_ARCH_X86_64,
		.stage_count = sample->stage_count, .insn_count = sample->insn_count, .patch_count = sample->patch_count,
		.pool_size = (uint32_t)bytes_length(&sample->pool), .slot_count = SLOTS, .input_slots = SLOT_FIRST_INPUT };
#ifdef __aarch64__
	header.arch = WIRE_ARCH_AARCH64;
#endif
	(void)bytes_add(&file, &header, sizeof header);
	put_table(&file, &header.stage_off, sample->stages, sample->stage_count * sizeof sample->stages[0]);
	put_table(&file, &header.insn_off, sample->insns, sample->insn_count * sizeof sample->insns[0]);
	put_table(&file, &header.patch_off, sample->patches, sample->patch_count * sizeof sample->patches[0]);
	put_table(&file, &header.rule_off, NULL, 0);
	put_table(&file, &header.pool_off, bytes_front(&sample->pool), bytes_length(&sample->pool));
	header.size = (uint32_t)bytes_length(&file);
	memcpy(bytes_front(&file), &header, sizeof header);
	int fd = memfd_create("plan", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (fd < 0 || write(fd, bytes_front(&file), bytes_length(&file)) != (ssize_t)bytes_length(&file) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return -1;
	bytes_free(&file);
	bytes_free(&sample->pool);
	return fd;
}

int sample_plan(const char *command, bool terminal)
{
	static const int32_t pipes[] = { 0, 1, 2 }, terminals[] = { PEER, PEER, PEER };
	struct sample sample = { 0 };
	begin(&sample, "stage-0");
	clone_init(&sample);
	if (terminal)
		(void)add(&sample, WIRE_SYNC, 0, -1,
			  VALUES(INT(1), INT(WIRE_SYNC_RECEIVE), INT(TERMINAL_TAG), INT(SLOT_TERMINAL)));
	begin(&sample, "stage-1");
	if (terminal)
		own_terminal(&sample);
	else
		call(&sample, SYS_setsid, -1, VALUES(INT(0)));
	int64_t array = put(&sample, terminal ? terminals : pipes, sizeof pipes);
	(void)add(&sample, WIRE_ARRANGE_FDS, 0, -1, VALUES(POOL(array), INT(3)));
	exec_shell(&sample, command);
	return seal(&sample);
}

int failing_plan(void)
{
	struct sample sample = { 0 };
	begin(&sample, "stage-0");
	clone_init(&sample);
	begin(&sample, "stage-1");
	call(&sample, SYS_setsid, -1, VALUES(INT(0)));
	int64_t path = put(&sample, "/nonexistent", 13);
	call(&sample, SYS_chdir, -1, VALUES(POOL(path)));
	sample.insns[sample.insn_count - 1].op = 7;
	return seal(&sample);
}
