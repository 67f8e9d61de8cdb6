/* The monitor: all that stays of Coffer for one container. */
#ifndef COFFER_MONITOR_H
#define COFFER_MONITOR_H

#include "client.h"
#include "executor.h"
#include "input.h"
#include "log.h"
#include "loop.h"
#include "must_check.h"
#include "setup.h"
#include "stream.h"

enum phase {
	PHASE_STARTING,		/* the plan is not through yet */
	PHASE_RUNNING,
	PHASE_ENDED,		/* the exit is recorded; clients are still owed output */
};

struct outcome {
	int exit_code, signal;
	bool oom_killed;
	uint64_t finished;
};

struct monitor {
	struct setup setup;
	struct loop loop;
	struct log log;
	struct stream streams[2];
	struct input input;
	struct client *clients;
	struct frame_reader engine;	/* fd -1: none is connected */

	int children;			/* a signalfd of SIGCHLD */
	int lock, listener;
	enum phase phase;
	bool failed;

	struct plan *plan;
	int container_ends[3];		/* the stdio that the plan gives to the container */
	int terminal;
	uint16_t rows, columns;
	pid_t init;
	int init_pidfd;
	bool init_dead;
	int init_status;
	uint64_t started;
	int oom_file;
	uint64_t oom_kills;
	struct outcome outcome;
};

/* listen.c: the lock and the socket in the run directory */
must_check int monitor_listen(struct monitor *monitor);
void monitor_unlisten(struct monitor *monitor);
void monitor_accept(void *monitor, short events);

/* stdio.c: how the container's streams are made and served */
must_check int monitor_make_stdio(struct monitor *monitor);
void monitor_close_container_ends(struct monitor *monitor);
void monitor_take_terminal(struct monitor *monitor, int fd);
void monitor_resize(struct monitor *monitor, uint16_t rows, uint16_t columns);
void monitor_watch_streams(struct monitor *monitor);
void monitor_drain(struct monitor *monitor);

/*
 * start.c: runs the plan. Its first stage runs to its end at once; what the other stages do until they exec goes on
 * beside everything else.
 */
void monitor_start(struct monitor *monitor);
void monitor_watch_start(struct monitor *monitor);

/* A child has died, and is not reaped yet: it may have been one that the start still needed. */
void monitor_child_died(struct monitor *monitor, pid_t pid, int status);

/* Looks whether the start has succeeded or failed by now. */
void monitor_progress(struct monitor *monitor);

/* Tells the engine, kills what the plan made, and sets monitor->failed. */
void monitor_fail(struct monitor *monitor, const uint32_t where[3], int error, int signal);

/* engine.c: the frames of the engine */
void monitor_engine_ready(void *monitor, short events);
void monitor_adopt_engine(struct monitor *monitor, struct frame_reader *reader);
void monitor_drop_engine(struct monitor *monitor);
void monitor_send_status(struct monitor *monitor);
void monitor_send_started(struct monitor *monitor);
void monitor_send_exited(struct monitor *monitor);

void monitor_send_failed(struct monitor *monitor, const uint32_t where[3], int error, int signal);
void monitor_signal(struct monitor *monitor, int number);

/* ending.c: what is recorded and started when the container has ended */
void monitor_note_oom_kills(struct monitor *monitor);
void monitor_open_oom(struct monitor *monitor);
void monitor_end(struct monitor *monitor);
void monitor_start_engine(struct monitor *monitor);
void monitor_kill_children(struct monitor *monitor);

/* Makes the signalfd unreadable: how many children have died is for waitid() to say. */
void monitor_forget_signal(const struct monitor *monitor);

#endif
