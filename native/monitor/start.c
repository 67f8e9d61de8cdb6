/* Runs the plan, and finds out what has become of it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "monitor.h"
#include "text.h"
#include "util.h"
#include "wire.h"

void monitor_fail(struct monitor *monitor, const uint32_t where[3], int error, int signal)
{
	monitor->failed = true;
	monitor_kill_children(monitor);
	monitor_unlisten(monitor);
	monitor_send_failed(monitor, where, error, signal);
}

static void fail_of_plan(struct monitor *monitor, const struct plan_failure *failure)
{
	const uint32_t where[3] = { failure->stage, failure->insn, failure->op };
	monitor_fail(monitor, where, failure->error, failure->signal);
}

static int fill_slots(struct monitor *monitor)
{
	const struct setup *setup = &monitor->setup;
	for (int i = 0; i < 3; i++) {
		int result = plan_set_slot(monitor->plan, SLOT_STDIN + i, monitor->container_ends[i]);
		if (result < 0)
			return result;
	}
	for (uint32_t i = 0; i < setup->input_count; i++) {
		int result = plan_set_slot(monitor->plan, SLOT_FIRST_INPUT + (int)i, setup->inputs[i]);
		if (result < 0)
			return result;
	}
	return 0;
}

/* What was only for the plan: a mount, a pipe's end or a terminal's other side that the monitor kept would outlive its use. */
static void close_plan_inputs(struct monitor *monitor)
{
	struct setup *setup = &monitor->setup;
	monitor_close_container_ends(monitor);
	for (uint32_t i = 0; i < setup->input_count; i++)
		close_fd(&setup->inputs[i]);
	setup->input_count = 0;
	close_fd(&setup->plan);
}

void monitor_start(struct monitor *monitor)
{
	struct plan_failure failure;
	const uint32_t where[3] = { STAGE_MONITOR, SETUP_FD_ROLES, 0 };
	const char *why = NULL;
	int result = plan_open(monitor->setup.plan, -1, &monitor->plan, &why);
	if (result == 0)
		result = fill_slots(monitor);
	if (result < 0) {
		say("coffer-monitor: cannot read the plan of ", monitor->setup.id, ": ", why ? why : error_text(-result));
		monitor_fail(monitor, where, -result, 0);
		return;
	}
	monitor_note_oom_kills(monitor);
	if (plan_run(monitor->plan, &failure) < 0) {
		fail_of_plan(monitor, &failure);
		return;
	}
	monitor->init = (pid_t)plan_slot(monitor->plan, SLOT_INIT_PID);
	monitor->init_pidfd = (int)plan_slot(monitor->plan, SLOT_INIT_PIDFD);
	if (monitor->init <= 0) {
		monitor_fail(monitor, where, EPROTO, 0);
		return;
	}
	monitor_take_terminal(monitor, (int)plan_slot(monitor->plan, SLOT_TERMINAL));
	monitor_open_oom(monitor);
	close_plan_inputs(monitor);
}

static void channel_ready(void *who, short events)
{
	(void)who;
	(void)events;
	/* Being awake is enough: each round asks for progress. */
}

void monitor_watch_start(struct monitor *monitor)
{
	int fds[WIRE_MAX_STAGES];
	int count = plan_pending(monitor->plan, fds, WIRE_MAX_STAGES);
	for (int i = 0; i < count; i++)
		loop_watch(&monitor->loop, fds[i], POLLIN, channel_ready, monitor);
}

void monitor_progress(struct monitor *monitor)
{
	struct plan_failure failure;
	if (monitor->failed)
		return;
	int result = plan_progress(monitor->plan, &failure);
	if (result < 0)
		fail_of_plan(monitor, &failure);
	if (result <= 0)
		return;
	monitor->started = clock_now();
	monitor->phase = PHASE_RUNNING;
	plan_close(monitor->plan);
	monitor->plan = NULL;
	monitor_send_started(monitor);
}

void monitor_child_died(struct monitor *monitor, pid_t pid, int status)
{
	struct plan_failure failure;
	if (monitor->phase == PHASE_STARTING && plan_child_died(monitor->plan, pid, status, &failure) == 1)
		fail_of_plan(monitor, &failure);
}
