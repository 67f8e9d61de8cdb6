/* A monitor's life with its engine: start, end, what is recorded, failures, and engines that come and go. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "driver.h"
#include "sample_plan.h"
#include "unit.h"
#include "util.h"

/* The code and signal of EXITED; -1 when it does not come. */
static int await_exit(struct driven *driven, int *signal)
{
	struct frame frame;
	CHECK(await_frame(&driven->engine, FRAME_EXITED, &frame));
	*signal = (int)payload_u32(&frame, 4);
	return (int)payload_u32(&frame, 0);
}

TEST(a_process_starts_and_exits)
{
	struct frame frame;
	int signal = -1;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("echo out; echo err >&2; exit 3", false),
		.log = LOG_JSON_FILE, .sync = true });
	CHECK(await_frame(&driven.engine, FRAME_STARTED, &frame) && frame.length == 12);
	pid_t pid = (pid_t)payload_u32(&frame, 0);
	int pidfd = frame_take_fd(&driven.engine);
	CHECK(pid > 0 && pidfd >= 0);
	CHECK(await_exit(&driven, &signal) == 3 && signal == 0);
	CHECK(driven_end(&driven) == 0);
	close_fd(&pidfd);

	const char *record = file_text("exit.json", NULL);
	char head[100];
	snprintf(head, sizeof head, "{\"exitCode\":3,\"signal\":0,\"oomKilled\":false,\"pid\":%d,\"startedAt\":\"20", (int)pid);
	CHECK(strncmp(record, head, strlen(head)) == 0);
	CHECK(strstr(record, "\",\"finishedAt\":\"20") && strstr(record, "Z\"}\n"));
	const char *log = file_text("log", NULL);
	CHECK(strstr(log, "{\"log\":\"out\\n\",\"stream\":\"stdout\",\"time\":\"20"));
	CHECK(strstr(log, "{\"log\":\"err\\n\",\"stream\":\"stderr\",\"time\":\"20"));
	directory_end();
}

TEST(a_signal_is_recorded)
{
	int signal = -1;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("kill -9 $$", false), .nothing = true });
	CHECK(await_exit(&driven, &signal) == 137 && signal == 9);
	CHECK(driven_end(&driven) == 0);
	CHECK(strstr(file_text("exit.json", NULL), "\"exitCode\":137,\"signal\":9,"));
	directory_end();
}

/* A descendant that keeps the pipes open does not keep the end from being seen. */
TEST(open_pipes_do_not_delay_the_end)
{
	int signal = -1;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("sleep 3 & echo last; printf 'no newline'", false),
		.log = LOG_CRI });
	uint64_t before = clock_monotonic();
	CHECK(await_exit(&driven, &signal) == 0);
	CHECK(clock_monotonic() - before < 2 * NANOSECONDS);
	CHECK(driven_end(&driven) == 0);
	CHECK(strstr(file_text("log", NULL), " stdout F last\n") && strstr(file_text("log", NULL), " stdout P no newline\n"));
	directory_end();
}

static void fails(int plan, uint32_t stage, uint32_t op, uint32_t error)
{
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = plan, .listen = true });
	CHECK(await_frame(&driven.engine, FRAME_FAILED, &frame));
	CHECK(frame.length == 20 && payload_u32(&frame, 0) == stage);
	CHECK(payload_u32(&frame, 8) == op && payload_u32(&frame, 12) == error && payload_u32(&frame, 16) == 0);
	CHECK(driven_end(&driven) == 1);
	CHECK_TEXT(file_text("exit.json", NULL), "");
	directory_end();
}

TEST(the_lock_is_held_for_life)
{
	struct frame frame;
	int signal;
	directory_begin();
	struct driven first = drive(&(struct wish){ .plan = sample_plan("read line", false), .stdin_open = true, .listen = true });
	CHECK(await_frame(&first.engine, FRAME_STARTED, &frame));
	struct driven second = drive(&(struct wish){ .plan = sample_plan("true", false), .listen = true });
	CHECK(await_frame(&second.engine, FRAME_FAILED, &frame));
	CHECK(payload_u32(&frame, 0) == STAGE_MONITOR && payload_u32(&frame, 4) == SETUP_LISTEN);
	CHECK(payload_u32(&frame, 12) == EWOULDBLOCK);
	CHECK(driven_end(&second) == 1);
	int probe = connect_monitor();
	CHECK(probe >= 0);
	close_fd(&probe);
	send_frame(first.engine.fd, FRAME_CLOSE_STDIN, NULL, 0);
	CHECK(await_exit(&first, &signal) == 1);
	CHECK(driven_end(&first) == 0);
	CHECK(connect_monitor() < 0);
	directory_end();
}

/* The engine goes, the container stays, and another engine finds it. */
TEST(another_engine_finds_it)
{
	struct frame frame;
	int signal = 0;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("trap 'exit 5' TERM; while :; do sleep 0.05; done", false),
		.listen = true, .log = LOG_CRI });
	CHECK(await_frame(&driven.engine, FRAME_STARTED, &frame));
	uint32_t pid = payload_u32(&frame, 0);
	close_fd(&driven.engine.fd);
	frame_reader_free(&driven.engine);
	driven.engine.fd = connect_monitor();
	send_frame(driven.engine.fd, FRAME_QUERY, NULL, 0);
	CHECK(await_frame(&driven.engine, FRAME_STATUS, &frame) && frame.length == 17);
	CHECK(frame.payload[0] == 1 && payload_u32(&frame, 1) == pid && payload_u32(&frame, 13) == 0);
	int pidfd = frame_take_fd(&driven.engine);
	CHECK(pidfd >= 0 && syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0);
	close_fd(&pidfd);
	usleep(100000);
	send_frame(driven.engine.fd, FRAME_SIGNAL, &(uint32_t){ SIGTERM }, 4);
	CHECK(await_exit(&driven, &signal) == 5 && signal == 0);
	CHECK(driven_end(&driven) == 0);
	directory_end();
}

static bool has_child(pid_t pid)
{
	char path[64], child;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &child, 1) == 1;
}

/* A start whose engine is gone is taken back: the process never runs, and no end is recorded. */
TEST(a_start_without_its_engine_is_taken_back)
{
	char touch[128];
	directory_begin();
	snprintf(touch, sizeof touch, "%s/engine", directory);
	struct driven driven = drive(&(struct wish){ .plan = waiting_plan(), .stdin_open = true, .listen = true,
		.engine_command = { "/bin/touch", touch } });
	/* It holds its lock and has begun. */
	for (int i = 0; i < 500 && !has_child(driven.pid); i++)
		usleep(10000);
	CHECK(has_child(driven.pid));
	close_fd(&driven.engine.fd);
	frame_reader_free(&driven.engine);
	CHECK(driven_end(&driven) == 1);
	CHECK(connect_monitor() < 0);
	CHECK_TEXT(file_text("exit.json", NULL), "");
	CHECK(access(touch, F_OK) < 0);
	directory_end();
}

TEST(it_starts_an_engine_where_none_is)
{
	char touch[512];
	struct frame frame;
	directory_begin();
	snprintf(touch, sizeof touch, "echo $(cat /proc/$$/stat | cut -d' ' -f4) > %s/engine; mv %s/engine %s/started", directory,
		 directory, directory);
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("sleep 0.1", false),
		.engine_command = { "/bin/sh", "-c", touch } });
	CHECK(await_frame(&driven.engine, FRAME_STARTED, &frame));
	close_fd(&driven.engine.fd);
	CHECK(driven_end(&driven) == 0);
	CHECK(strstr(file_text("exit.json", NULL), "\"exitCode\":0"));
	for (int i = 0; i < 100 && !file_text("started", NULL)[0]; i++)
		usleep(10000);
	CHECK(file_text("started", NULL)[0] != '\0');
	directory_end();
}

/* The count goes up as soon as the container runs, before the monitor may have looked at anything. */
TEST(an_out_of_memory_kill_is_seen)
{
	char path[100], command[256];
	struct frame frame;
	directory_begin();
	snprintf(path, sizeof path, "%s/events", directory);
	snprintf(command, sizeof command, "printf 'low 0\\noom_kill 4\\noom_group_kill 0\\n' > %s; kill -9 $$", path);
	FILE *events = fopen(path, "w");
	CHECK(events && fputs("low 0\noom_kill 3\n", events) > 0 && fclose(events) == 0);
	struct driven driven = drive(&(struct wish){ .plan = sample_plan(command, false), .oom_file = path });
	CHECK(await_frame(&driven.engine, FRAME_EXITED, &frame) && frame.length == 17 && frame.payload[8] == 1);
	CHECK(driven_end(&driven) == 0);
	CHECK(strstr(file_text("exit.json", NULL), "\"oomKilled\":true"));
	directory_end();
}

TEST(the_log_is_opened_anew)
{
	struct frame frame;
	int signal;
	char other[100], name[100];
	directory_begin();
	snprintf(name, sizeof name, "%s/log", directory);
	snprintf(other, sizeof other, "%s/other", directory);
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("echo before; read line; echo after", false),
		.stdin_open = true, .log = LOG_CRI });
	CHECK(await_frame(&driven.engine, FRAME_STARTED, &frame));
	for (int i = 0; i < 500 && !strstr(file_text("log", NULL), "before"); i++)
		usleep(10000);
	CHECK(rename(name, other) == 0);
	send_frame(driven.engine.fd, FRAME_ROTATE_LOG, NULL, 0);
	send_frame(driven.engine.fd, FRAME_CLOSE_STDIN, NULL, 0);
	CHECK(await_exit(&driven, &signal) == 0);
	CHECK(driven_end(&driven) == 0);
	CHECK(strstr(file_text("other", NULL), "before") && !strstr(file_text("other", NULL), "after"));
	CHECK(strstr(file_text("log", NULL), "after"));
	directory_end();
}

/* Whatever comes instead of a SETUP, the answer is FAILED or the end, and never a crash. */
TEST(a_bad_setup_is_refused)
{
	static const uint8_t half[] = { SETUP_STDIO, 0, 0, 0, 200, 0, 0, 0, 1 }, few[] = { SETUP_FD_ROLES, 0, 0, 0, 1, 0, 0, 0, 1 };
	struct frame frame;
	directory_begin();
	for (int i = 0; i < 3; i++) {
		struct driven driven = { .client.fd = -1 };
		int ends[2];
		CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
		send_frame(ends[0], i == 2 ? FRAME_QUERY : FRAME_SETUP, i == 0 ? half : few, i == 2 ? 0 : sizeof half);
		driven.engine.fd = ends[0];
		driven.pid = fork_monitor(ends[1]);
		close(ends[1]);
		CHECK(await_frame(&driven.engine, FRAME_FAILED, &frame));
		CHECK(payload_u32(&frame, 0) == STAGE_MONITOR && payload_u32(&frame, 12) == EPROTO);
		CHECK(driven_end(&driven) == 1);
	}
	directory_end();
}

TEST(a_failed_plan_is_reported_and_leaves_nothing)
{
	fails(failing_plan(), 1, 102, ENOENT);
}

TEST(a_plan_that_is_not_sealed_is_refused)
{
	fails(memfd_create("not sealed", 0), STAGE_MONITOR, 0, EBADMSG);
}
