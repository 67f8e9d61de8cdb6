/* Small plans made by hand: what the compiler would make for a process with no isolation at all. */
#ifndef COFFER_SAMPLE_PLAN_H
#define COFFER_SAMPLE_PLAN_H

#include <stdbool.h>

/* The size that a terminal has from the start: whoever execs in it must not see another. */
#define SAMPLE_ROWS 11
#define SAMPLE_COLUMNS 22

/* Runs a shell command as the container's process, on pipes or on a terminal of its own. Returns a memfd. */
int sample_plan(const char *command, bool terminal);

/* Clones a stage that waits for a byte on its standard input before it would go on. */
int waiting_plan(void);

/* Clones a stage that fails at its second instruction, op 102, with ENOENT; stage 0 goes well. */
int failing_plan(void);

#endif
