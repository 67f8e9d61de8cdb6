/* Builds plans for tests: stages of instructions, in order. What is added belongs to the latest stage or instruction. */
#ifndef COFFER_BUILDER_H
#define COFFER_BUILDER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "executor.h"
#include "wire.h"

#define BUILDER_SLOTS 64
#define BUILDER_INPUTS 8
#define BUILDER_POOL 65536

struct operand {
	uint8_t kind;
	int64_t value;
};

#define INT(value) ((struct operand){ WIRE_ARG_INT, (int64_t)(value) })
#define POOL(offset) ((struct operand){ WIRE_ARG_POOL, (int64_t)(offset) })
#define SLOT(number) ((struct operand){ WIRE_ARG_SLOT, (number) })
#define NONE INT(-1)

struct builder {
	struct wire_header header;
	struct wire_stage stages[WIRE_MAX_STAGES];
	struct wire_insn insns[256];
	struct wire_patch patches[512];
	struct wire_rule rules[256];
	_Alignas(8) uint8_t pool[BUILDER_POOL];
	uint32_t vector_patches;	/* those that wait for the instruction that uses the vector */
};

/* A builder with nothing in it yet; freed with the test. */
struct builder *builder(void);
void stage(struct builder *b, const char *name);

/* Returns the instruction's index. Its op is 100 more. */
uint32_t insn(struct builder *b, uint16_t code, long nr, const struct operand *operands, size_t count);

#define OPERANDS(...) (struct operand[]){ __VA_ARGS__ }, sizeof((struct operand[]){ __VA_ARGS__ }) / sizeof(struct operand)
#define CALL(b, name, ...) insn(b, WIRE_SYSCALL, SYS_##name, OPERANDS(__VA_ARGS__))
#define SPECIAL(b, name, ...) insn(b, WIRE_##name, 0, OPERANDS(__VA_ARGS__))

void into(struct builder *b, int slot);
void on(struct builder *b, uint16_t error, uint16_t action, uint32_t target);
void patch(struct builder *b, struct wire_patch patch);
int64_t space(struct builder *b, size_t size);
int64_t bytes(struct builder *b, const void *data, size_t size);
int64_t text(struct builder *b, const char *string);

/* To be called right before the instruction that uses it. */
int64_t vector(struct builder *b, const char *const *strings);
#define VECTOR_OF(b, ...) vector(b, (const char *const[]){ __VA_ARGS__, NULL })
#define NO_STRINGS(b) vector(b, (const char *const[]){ NULL })

/* The file's bytes; the caller frees them. */
uint8_t *image(const struct builder *b, size_t *size);
int sealed(const void *data, size_t size);

/* A plan that must be good. */
struct plan *opened(const struct builder *b);

/* Runs it as the monitor would until the start is decided: 1, or -1 and *failure. Reaps children that end meanwhile. */
int started(struct plan *plan, struct plan_failure *failure);

/* Runs a plan that must succeed, and gives it back for its slots. */
struct plan *succeeded(const struct builder *b);

/* Runs a plan that must fail, and says how. */
struct plan_failure failed(const struct builder *b);

/* Waits for the child in a slot, gives what wait() says. */
int status_of(const struct plan *plan, int slot);

#endif
