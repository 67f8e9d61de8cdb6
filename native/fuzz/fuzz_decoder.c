/* Whatever the bytes, the decoder says yes or no in bounded time and stays within them. What it accepts keeps its word. */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the interpreter relies on without looking again. */
static void walk(const struct tables *tables)
{
	for (uint32_t i = 0; i < tables->header->stage_count; i++) {
		const struct wire_stage *stage = &tables->stages[i];

		for (uint32_t at = stage->first; at < stage->first + stage->count; at++) {
			const struct wire_insn *insn = &tables->insns[at];

			for (uint32_t j = 0; j < insn->rule_count; j++) {
				const struct wire_rule *rule = &tables->rules[insn->rule_first + j];

				if (rule->action == WIRE_ON_JUMP && (rule->target <= at || rule->target > stage->first + stage->count))
					abort();
			}
			for (uint32_t j = 0; j < insn->patch_count; j++)
				if (tables->patches[insn->patch_first + j].at >= tables->header->pool_size)
					abort();
			if (insn->code == WIRE_CLONE && insn->arg[0] <= (int64_t)i)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* As long as the file and no byte longer, so that the sanitizer sees every step beyond. */
	uint8_t *file = malloc(size);
	struct wire_header *header = (void *)file;
	struct tables tables;
	const char *why;

	if (!file)
		abort();
	memcpy(file, data, size);
	/* Else every input that grew or shrank would end here. */
	if (size >= sizeof *header)
		header->size = (uint32_t)size;
	if (tables_verify(&tables, file, size, &why))
		walk(&tables);
	else if (!why)
		abort();
	free(file);
	return 0;
}
