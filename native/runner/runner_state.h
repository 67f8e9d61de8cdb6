/* What a runner knows while it serves. */
#ifndef COFFER_RUNNER_STATE_H
#define COFFER_RUNNER_STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "executor.h"
#include "loop.h"
#include "runner.h"

enum runner_phase {
	RUNNER_IDLE,		/* no plan, or it is over: the engine decides what is next */
	RUNNER_STARTING,	/* the plan's other stages have not exec'ed yet */
	RUNNER_STARTED,		/* the engine has been told, and will say whether to wait */
	RUNNER_WAITING,		/* in the foreground: until the container's process ends */
};

/* Between a terminal of the container and the caller's 0 and 1. */
struct console {
	int master;		/* -1: the container has no terminal, or somebody else has it */
	bool typing;		/* the caller's 0 is still read */
	uint8_t typed[4096];
	size_t typed_at, typed_length;
};

struct runner {
	struct frame_reader *engine;	/* fd -1: gone */
	const struct caller *caller;
	struct loop loop;
	enum runner_phase phase;
	struct plan *plan;
	pid_t init;
	int init_pidfd;
	bool until_exec;
	struct console console;
	char **errand;		/* a command line to run at the end where the engine is gone, or NULL */
	bool ended;		/* what was waited for has, with this code */
	int end_code;
	bool over;
	int code;
};

/* What a RUN frame asks for; the descriptors are the runner's. */
struct run_request {
	bool until_exec;
	uint8_t streams;	/* STREAMS_… */
	uint16_t preserved;
	int plan, report;
	int inputs[PROTO_MAX_FDS];
	uint32_t input_count;
};

/* run_request.c: 0, or -1 and errno. Descriptors that were taken are in the request either way. */
must_check int run_request_read(struct run_request *request, struct frame_reader *engine, const struct frame *frame);
void run_request_close(struct run_request *request);

/* start.c: runs the plan and tells the engine how that went. */
void runner_start(struct runner *runner, struct run_request *request);
void runner_watch_start(struct runner *runner);
void runner_progress(struct runner *runner);

/* Kills what the plan has started, and forgets it. */
void runner_kill(struct runner *runner);

/* errand.c */
void errand_keep(struct runner *runner, struct cursor *payload);
void errand_run(struct runner *runner);
void errand_forget(struct runner *runner);

/* console.c */
void console_open(struct console *console, int master, const struct caller *caller);
void console_watch(struct console *console, struct loop *loop);
void console_resize(const struct console *console);

/* Writes what the container has left in its terminal, and closes it. */
void console_finish(struct console *console);

#endif
