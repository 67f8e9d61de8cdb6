/* Generated from dev.coffer.plan.wire.WireForm by `make headers`. Do not edit.
 * The wire form of a plan; docs/contributors/wire-form.md says what it means. */
#ifndef COFFER_WIRE_H
#define COFFER_WIRE_H

#include <stdint.h>

#define WIRE_MAGIC 0x4c504643u
#define WIRE_VERSION 2
#define WIRE_ARCH_X86_64 1
#define WIRE_ARCH_AARCH64 2

#define WIRE_MAX_SIZE 16777216u
#define WIRE_MAX_STAGES 16u
#define WIRE_MAX_SLOTS 2048u
#define WIRE_NO_SLOT (-1)
#define WIRE_STAGE_NAME 16

/* instruction codes */
#define WIRE_SYSCALL 0
#define WIRE_CLONE 1
#define WIRE_SYNC 2
#define WIRE_GRAB_FD 3
#define WIRE_BARRIER 4
#define WIRE_HOOK 5
#define WIRE_OPEN_IN 6
#define WIRE_EXPECT 7
#define WIRE_WRITE_ALL 8
#define WIRE_ARRANGE_FDS 9
#define WIRE_EXEC_SEARCH 10
#define WIRE_REAP 11
#define WIRE_COPY_TREE 12
#define WIRE_NETLINK 13

/* argument kinds */
#define WIRE_ARG_INT 0
#define WIRE_ARG_POOL 1
#define WIRE_ARG_SLOT 2

/* patch kinds */
#define WIRE_PATCH_POINTER 0
#define WIRE_PATCH_SLOT_INT 1
#define WIRE_PATCH_SLOT_TEXT 2
#define WIRE_PATCH_LOAD 3

/* rule actions */
#define WIRE_ON_FAIL 0
#define WIRE_ON_CONTINUE 1
#define WIRE_ON_JUMP 2
#define WIRE_ERRNO_ANY 65535
#define WIRE_ERRNO_SUCCESS 0

/* instruction flags */
#define WIRE_FLAG_PUBLISH 1u
#define WIRE_FLAG_END_ALONE 2u

/* sync directions */
#define WIRE_SYNC_SEND 0
#define WIRE_SYNC_RECEIVE 1
#define WIRE_SYNC_PARENT (-1)

/* open-in kinds */
#define WIRE_OPEN_IN_DIRECTORY 0
#define WIRE_OPEN_IN_FILE 1
#define WIRE_OPEN_IN_LIKE_SLOT 2

/* how a hook has failed, in the place of an errno */
#define WIRE_HOOK_EXITED 4096
#define WIRE_HOOK_KILLED 8192

/* the end of what a hook says */
#define WIRE_HOOK_OUTPUT 8192

struct wire_header {
	uint32_t magic;
	uint16_t version;
	uint16_t arch;
	uint32_t size;
	uint32_t flags;
	uint32_t stage_count, stage_off;
	uint32_t insn_count, insn_off;
	uint32_t patch_count, patch_off;
	uint32_t rule_count, rule_off;
	uint32_t pool_size, pool_off;
	uint32_t slot_count, input_slots;
};

struct wire_stage {
	uint32_t first, count;
	char name[WIRE_STAGE_NAME];
};

struct wire_insn {
	uint16_t code;
	uint16_t op;
	uint32_t nr;
	uint8_t kind[6];
	int16_t result;
	uint32_t patch_first;
	uint16_t patch_count, rule_count;
	uint32_t rule_first;
	uint32_t flags;
	int64_t arg[6];
};

struct wire_patch {
	uint8_t kind;
	uint8_t pad;
	int16_t slot;
	uint32_t at;
	uint32_t target;
	uint32_t width;
};

struct wire_rule {
	uint16_t error;
	uint16_t action;
	uint32_t target;
};

struct wire_stage_report {
	_Atomic uint32_t state, insn;
	_Atomic int32_t pid, hook;
};

struct wire_report {
	_Atomic uint64_t failure;
	_Atomic int64_t published;
	struct wire_stage_report stages[WIRE_MAX_STAGES];
};

_Static_assert(sizeof(struct wire_header) == 64, "wire_header");
_Static_assert(sizeof(struct wire_stage) == 24, "wire_stage");
_Static_assert(sizeof(struct wire_insn) == 80, "wire_insn");
_Static_assert(sizeof(struct wire_patch) == 16, "wire_patch");
_Static_assert(sizeof(struct wire_rule) == 8, "wire_rule");
_Static_assert(sizeof(struct wire_stage_report) == 16, "wire_stage_report");
_Static_assert(sizeof(struct wire_report) == 272, "wire_report");

#endif
