#include "monitor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coffer.h"
#include "text.h"
#include "util.h"

#define ENGINE_FD 3

/* Zero pages that are touched as they are needed: two lines' buffers and the log's are most of it. */
static struct monitor the_monitor;

/*
 * No signal ends a monitor but SIGKILL and its own faults. They are blocked, not ignored: the executor clears
 * the mask of every process that it makes, and what is ignored would stay so through exec.
 */
static int take_signals(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT };
	sigset_t blocked, children;
	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		sigdelset(&blocked, faults[i]);
	if (sigprocmask(SIG_SETMASK, &blocked, NULL) < 0)
		return -1;
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int become_monitor(struct monitor *monitor)
{
	monitor->children = take_signals();
	if (monitor->children < 0)
		return -1;
	if (prctl(PR_SET_NAME, "coffer-monitor") < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return -1;
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void forget_descriptors(struct monitor *monitor)
{
	monitor->engine.fd = ENGINE_FD;
	monitor->children = monitor->lock = monitor->listener = monitor->terminal = -1;
	monitor->init_pidfd = monitor->oom_file = monitor->input.sink.fd = -1;
	for (int i = 0; i < 3; i++)
		monitor->container_ends[i] = -1;
	/* Not by assigning whole structures: that would touch every page of the lines' buffers. */
	for (int i = 0; i < 2; i++) {
		monitor->streams[i].fd = -1;
		monitor->streams[i].number = i;
	}
}

static int open_log(struct monitor *monitor)
{
	const struct setup *setup = &monitor->setup;
	monitor->log.format = setup->log_format;
	monitor->log.directory = setup->state_directory;
	monitor->log.name = setup->log_name;
	monitor->log.attributes = setup->log_attributes ? setup->log_attributes : "";
	monitor->log.max_files = setup->log_files;
	monitor->log.max_bytes = setup->log_bytes;
	return log_open(&monitor->log);
}

static int add_first_client(struct monitor *monitor)
{
	struct setup *setup = &monitor->setup;
	if (setup->client < 0)
		return 0;
	struct client *client = client_add(monitor, take_fd(&setup->client));
	if (!client)
		return -1;
	client_attach(client, setup->client_attach, true, setup->client_stdio);
	return 0;
}

/* On failure *tag is the record of SETUP that could not be fulfilled. */
static int set_up(struct monitor *monitor, uint32_t *tag)
{
	if (setup_receive(&monitor->setup, &monitor->engine, tag) < 0)
		return -1;
	*tag = SETUP_LISTEN;
	if (monitor->setup.listen && monitor_listen(monitor) < 0)
		return -1;
	*tag = SETUP_LOG;
	if (open_log(monitor) < 0)
		return -1;
	*tag = SETUP_STDIO;
	if (monitor_make_stdio(monitor) < 0)
		return -1;
	*tag = SETUP_FD_ROLES;
	return add_first_client(monitor);
}

static void child_died(void *who, short events)
{
	const struct monitor *monitor = who;
	(void)events;
	monitor_forget_signal(monitor);
}

static void nothing_to_read(void *who, short events)
{
	(void)who;
	(void)events;
	/* Being awake is enough: each round reaps. */
}

/* waitid()'s account of an end in the form of wait(). */
static int wait_status(const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return (info->si_status & 0xff) << 8;
	return info->si_status | (info->si_code == CLD_DUMPED ? 0x80 : 0);
}

/* The executor wants to see the dead before they are reaped. */
static void reap(struct monitor *monitor)
{
	siginfo_t info = { 0 };
	while (!monitor->failed && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 && info.si_pid > 0) {
		monitor_child_died(monitor, info.si_pid, wait_status(&info));
		if (info.si_pid == monitor->init) {
			monitor->init_dead = true;
			monitor->init_status = wait_status(&info);
		}
		/* After a failure it has been reaped with all the others. */
		if (waitpid(info.si_pid, NULL, __WALL) < 0)
			return;
		info.si_pid = 0;
	}
}

static void sweep_clients(struct monitor *monitor)
{
	struct client **place = &monitor->clients;
	while (*place) {
		struct client *client = *place;
		if (client->state != CLIENT_GONE) {
			place = &client->next;
			continue;
		}
		*place = client->next;
		client_free(client);
	}
}

/* Returns whether a client could go on at once. */
static bool serve_clients(struct monitor *monitor)
{
	bool more = false;
	for (struct client *client = monitor->clients; client; client = client->next) {
		client_frames(client);
		more |= client_catch_up(client);
		if (monitor->phase == PHASE_ENDED)
			client_finish(client, monitor->outcome.exit_code);
	}
	return more;
}

static void watch_all(struct monitor *monitor)
{
	bool input_full = input_is_full(&monitor->input);
	loop_watch(&monitor->loop, monitor->children, POLLIN, child_died, monitor);
	/* A process that was cloned without an exit signal ends without SIGCHLD. */
	if (!monitor->init_dead)
		loop_watch(&monitor->loop, monitor->init_pidfd, POLLIN, nothing_to_read, monitor);
	loop_watch(&monitor->loop, monitor->engine.fd, POLLIN, monitor_engine_ready, monitor);
	loop_watch(&monitor->loop, monitor->listener, POLLIN, monitor_accept, monitor);
	if (monitor->phase == PHASE_STARTING)
		monitor_watch_start(monitor);
	monitor_watch_streams(monitor);
	for (struct client *client = monitor->clients; client; client = client->next)
		client_watch(client, &monitor->loop, input_full);
}

/*
 * A start belongs to the engine that asked for it. When that engine is gone before the start is done it is taken
 * back: nobody was told of it, and the next engine must not find a container that comes to life behind its back.
 *
 * A round: serve, see what has become of the processes, and wait. What is looked at before the wait has all
 * been made to happen by then or is being waited for.
 */
static void run(struct monitor *monitor)
{
	while (!monitor->failed) {
		reap(monitor);
		if (monitor->phase == PHASE_STARTING)
			monitor_progress(monitor);
		if (monitor->phase == PHASE_STARTING && monitor->engine.fd < 0)
			monitor_fail(monitor, (const uint32_t[]){ STAGE_MONITOR, 0, 0 }, ECANCELED, 0);
		if (monitor->phase == PHASE_RUNNING && monitor->init_dead)
			monitor_end(monitor);
		bool more = serve_clients(monitor);
		watch_all(monitor);
		sweep_clients(monitor);
		if (monitor->failed || (monitor->phase == PHASE_ENDED && !monitor->clients))
			break;
		loop_round(&monitor->loop, more ? 0 : -1);
	}
}

int monitor_main(void)
{
	struct monitor *monitor = &the_monitor;
	uint32_t where[3] = { STAGE_MONITOR, 0, 0 };
	forget_descriptors(monitor);
	if (become_monitor(monitor) < 0 || set_up(monitor, &where[1]) < 0) {
		monitor_fail(monitor, where, errno, 0);
		return 1;
	}
	monitor_start(monitor);
	run(monitor);
	log_close(&monitor->log);
	return monitor->failed ? 1 : 0;
}
