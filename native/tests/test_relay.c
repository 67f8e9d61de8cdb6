/* The launcher's relay on a terminal: modes, keys, sizes, signals, and that the terminal is always as it was found. */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caller.h"
#include "driver.h"
#include "frame.h"
#include "relay.h"
#include "terminal.h"
#include "unit.h"
#include "util.h"

#define RELAY_LOST_CODE 200
#define RELAY_FAILED_CODE 201

struct played {
	pid_t pid;
	int master;
	struct frame_reader engine, monitor;
	struct termios found;
};

static void live(const char *slave_name, int engine)
{
	struct caller caller = { 0 };
	int code = 0;
	if (setsid() < 0)
		_exit(90);
	int slave = open(slave_name, O_RDWR);
	if (slave < 0 || dup2(slave, 0) < 0 || dup2(slave, 1) < 0 || dup2(slave, 2) < 0)
		_exit(91);
	caller_look(&caller);
	terminal_init(caller.terminal, &caller.streams[0].settings);
	switch (relay_run(engine, 1, &caller, &code)) {
	case RELAY_EXIT:
		_exit(code);
	case RELAY_LOST:
		_exit(RELAY_LOST_CODE);
	case RELAY_FAILED:
		_exit(RELAY_FAILED_CODE);
	case RELAY_AGAIN:
	case RELAY_HANDOVER:
		_exit(92);
	}
}

static struct played begin(void)
{
	int ends[2], slave;
	char name[64];
	struct played played = { .monitor.fd = -1 };
	struct bytes hello = { 0 };
	CHECK(openpty(&played.master, &slave, name, NULL, &(struct winsize){ .ws_row = 24, .ws_col = 80 }) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	CHECK(tcgetattr(slave, &played.found) == 0);
	played.pid = fork();
	if (played.pid == 0) {
		close(played.master);
		close(ends[0]);
		close(slave);
		live(name, ends[1]);
	}
	close(ends[1]);
	played.engine.fd = ends[0];
	CHECK(bytes_add_u32(&hello, PROTO_VERSION) && bytes_add_u64(&hello, 0) && bytes_add_u64(&hello, 1) && bytes_add_u32(&hello, 1));
	send_frame(ends[0], FRAME_HELLO_REPLY, hello.data, bytes_length(&hello));
	return played;
}

static bool is_as_found(const struct played *played)
{
	struct termios now;
	CHECK(tcgetattr(played->master, &now) == 0);
	return now.c_lflag == played->found.c_lflag && now.c_iflag == played->found.c_iflag && now.c_oflag == played->found.c_oflag;
}

static void wait_until(const struct played *played, bool as_found)
{
	for (int i = 0; i < 500 && is_as_found(played) != as_found; i++)
		usleep(10000);
	CHECK(is_as_found(played) == as_found);
}

static void give_monitor(struct played *played, bool raw, bool proxy)
{
	int ends[2];
	struct bytes payload = { 0 };
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	CHECK(bytes_add_u8(&payload, raw) && bytes_add_u8(&payload, proxy) && bytes_add_u16(&payload, 7));
	CHECK(frame_send(played->engine.fd, FRAME_MONITOR, &payload, &ends[1], 1, 0) == 0);
	close(ends[1]);
	played->monitor.fd = ends[0];
}

static void shown(const struct played *played, const char *text)
{
	char data[100] = "";
	size_t have = 0;
	while (have < strlen(text)) {
		ssize_t got = read(played->master, data + have, sizeof data - 1 - have);
		CHECK(got > 0);
		have += (size_t)got;
	}
	CHECK_TEXT(data, text);
}

static int code_of(struct played *played)
{
	int status;
	CHECK(waitpid(played->pid, &status, 0) == played->pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void leave_with(int socket, int32_t code)
{
	send_frame(socket, FRAME_EXIT, &code, sizeof code);
}

TEST(a_container_has_the_terminal)
{
	struct frame frame;
	struct played played = begin();
	give_monitor(&played, true, false);
	CHECK(await_frame(&played.monitor, FRAME_RESIZE, &frame));
	CHECK_BYTES(frame.payload, frame.length, "\x18\0\x50\0", 4);
	wait_until(&played, false);
	CHECK(write(played.master, "\x03q", 2) == 2);
	CHECK(await_frame(&played.monitor, FRAME_STDIN, &frame));
	CHECK_BYTES(frame.payload, frame.length, "\x03q", 2);
	send_frame(played.monitor.fd, FRAME_OUT, "a\nb", 3);
	shown(&played, "a\nb");
	leave_with(played.engine.fd, 3);
	leave_with(played.monitor.fd, 4);
	CHECK_EQUAL(code_of(&played), 3);
	CHECK(is_as_found(&played));
}

/* Without a session of its own no signal comes of it; the launcher is told directly. */
TEST(a_new_size_is_passed_on)
{
	struct frame frame;
	struct played played = begin();
	give_monitor(&played, true, false);
	CHECK(await_frame(&played.monitor, FRAME_RESIZE, &frame));
	CHECK(ioctl(played.master, TIOCSWINSZ, &(struct winsize){ .ws_row = 5, .ws_col = 6 }) == 0);
	CHECK(kill(played.pid, SIGWINCH) == 0);
	CHECK(await_frame(&played.monitor, FRAME_RESIZE, &frame));
	CHECK_BYTES(frame.payload, frame.length, "\5\0\6\0", 4);
	leave_with(played.engine.fd, 0);
	leave_with(played.monitor.fd, 0);
	CHECK_EQUAL(code_of(&played), 0);
}

TEST(the_monitor_is_enough)
{
	struct played played = begin();
	give_monitor(&played, true, false);
	wait_until(&played, false);
	close_fd(&played.engine.fd);
	send_frame(played.monitor.fd, FRAME_OUT, "on", 2);
	shown(&played, "on");
	leave_with(played.monitor.fd, 17);
	CHECK_EQUAL(code_of(&played), 17);
	CHECK(is_as_found(&played));
}

/* A launcher that has no room for as many descriptors as may come at once. */
static struct played begin_with_few(void)
{
	struct rlimit found, few;
	CHECK(getrlimit(RLIMIT_NOFILE, &found) == 0);
	few = (struct rlimit){ .rlim_cur = PROTO_MAX_FDS / 2, .rlim_max = found.rlim_max };
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	struct played played = begin();
	CHECK(setrlimit(RLIMIT_NOFILE, &found) == 0);
	return played;
}

/* An engine that is asked again would only repeat the exit code. */
TEST(what_cannot_be_read_is_no_end_of_the_engine)
{
	int many[PROTO_MAX_FDS] = { 0 };
	struct played played = begin_with_few();
	CHECK(frame_send(played.engine.fd, FRAME_MONITOR, NULL, many, PROTO_MAX_FDS, 0) == 0);
	CHECK_EQUAL(code_of(&played), RELAY_FAILED_CODE);
}

TEST(with_a_monitor_an_engine_that_cannot_be_read_is_no_loss)
{
	struct frame frame;
	int many[PROTO_MAX_FDS] = { 0 };
	struct played played = begin_with_few();
	give_monitor(&played, true, false);
	wait_until(&played, false);
	CHECK(frame_send(played.engine.fd, FRAME_MONITOR, NULL, many, PROTO_MAX_FDS, 0) == 0);
	CHECK(!await_frame(&played.engine, FRAME_EXIT, &frame));
	send_frame(played.monitor.fd, FRAME_OUT, "on", 2);
	shown(&played, "on");
	leave_with(played.monitor.fd, 17);
	CHECK_EQUAL(code_of(&played), 17);
	CHECK(is_as_found(&played));
}

TEST(without_both_it_is_lost)
{
	struct played played = begin();
	give_monitor(&played, true, false);
	wait_until(&played, false);
	close_fd(&played.engine.fd);
	close_fd(&played.monitor.fd);
	CHECK_EQUAL(code_of(&played), RELAY_LOST_CODE);
	CHECK(is_as_found(&played));
}

TEST(detaching_leaves_at_once)
{
	struct played played = begin();
	give_monitor(&played, true, false);
	wait_until(&played, false);
	send_frame(played.monitor.fd, FRAME_DETACHED, NULL, 0);
	CHECK_EQUAL(code_of(&played), 0);
	CHECK(is_as_found(&played));
}

static void dies_of(int number)
{
	struct played played = begin();
	give_monitor(&played, true, false);
	wait_until(&played, false);
	CHECK(kill(played.pid, number) == 0);
	CHECK_EQUAL(code_of(&played), -number);
	CHECK(is_as_found(&played));
}

TEST(a_fatal_signal_leaves_the_terminal_as_found)
{
	dies_of(SIGTERM);
	dies_of(SIGHUP);
	dies_of(SIGQUIT);
}

TEST(told_to_raise_it_dies_of_it)
{
	struct played played = begin();
	give_monitor(&played, true, true);
	wait_until(&played, false);
	send_frame(played.monitor.fd, FRAME_RAISE, &(int32_t){ SIGINT }, 4);
	CHECK_EQUAL(code_of(&played), -SIGINT);
	CHECK(is_as_found(&played));
}

TEST(stopped_it_gives_the_terminal_back)
{
	int status;
	struct frame frame;
	struct played played = begin();
	send_frame(played.engine.fd, FRAME_RAW, NULL, 0);
	wait_until(&played, false);
	send_frame(played.engine.fd, FRAME_STOP, NULL, 0);
	CHECK(waitpid(played.pid, &status, WUNTRACED) == played.pid && WIFSTOPPED(status));
	CHECK(is_as_found(&played));
	CHECK(kill(played.pid, SIGCONT) == 0);
	CHECK(await_frame(&played.engine, FRAME_CONTINUED, &frame));
	wait_until(&played, false);
	send_frame(played.engine.fd, FRAME_RESTORE, NULL, 0);
	wait_until(&played, true);
	leave_with(played.engine.fd, 0);
	CHECK_EQUAL(code_of(&played), 0);
}

TEST(signals_are_passed_on)
{
	struct frame frame;
	struct played played = begin();
	give_monitor(&played, false, true);
	send_frame(played.monitor.fd, FRAME_OUT, "x", 1);
	shown(&played, "x");
	CHECK(is_as_found(&played));
	static const int numbers[] = { SIGUSR1, SIGTERM, SIGINT, SIGHUP };
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		CHECK(kill(played.pid, numbers[i]) == 0);
		CHECK(await_frame(&played.monitor, FRAME_SIGNAL, &frame));
		CHECK_EQUAL(payload_u32(&frame, 0), numbers[i]);
	}
	leave_with(played.engine.fd, 0);
	leave_with(played.monitor.fd, 0);
	CHECK_EQUAL(code_of(&played), 0);
}

TEST(a_command_reads_lines_and_passwords)
{
	struct frame frame;
	struct termios now;
	struct played played = begin();
	send_frame(played.engine.fd, FRAME_RAW, (uint8_t[]){ TYPING_SILENT }, 1);
	wait_until(&played, false);
	CHECK(tcgetattr(played.master, &now) == 0 && !(now.c_lflag & ECHO) && (now.c_lflag & ICANON) && (now.c_lflag & ISIG));
	CHECK(write(played.master, "secret\n", 7) == 7);
	CHECK(await_frame(&played.engine, FRAME_STDIN, &frame));
	CHECK_BYTES(frame.payload, frame.length, "secret\n", 7);
	send_frame(played.engine.fd, FRAME_RAW, (uint8_t[]){ TYPING_LINES }, 1);
	wait_until(&played, true);
	CHECK(write(played.master, "yes\n\x04", 5) == 5);
	CHECK(await_frame(&played.engine, FRAME_STDIN, &frame));
	CHECK_BYTES(frame.payload, frame.length, "yes\n", 4);
	CHECK(await_frame(&played.engine, FRAME_STDIN_EOF, &frame));
	leave_with(played.engine.fd, 0);
	CHECK_EQUAL(code_of(&played), 0);
}

/* A terminal that takes nothing more holds up neither keys nor signals. */
TEST(a_stalled_terminal_still_listens)
{
	static uint8_t much[PROTO_MAX_DATA];
	struct frame frame;
	struct played played = begin();
	memset(much, 'x', sizeof much);
	give_monitor(&played, true, false);
	wait_until(&played, false);
	for (int i = 0; i < 3; i++)
		send_frame(played.monitor.fd, FRAME_OUT, much, sizeof much);
	usleep(50000);
	CHECK(write(played.master, "\x03", 1) == 1);
	CHECK(await_frame(&played.monitor, FRAME_STDIN, &frame));
	CHECK(kill(played.pid, SIGTERM) == 0);
	CHECK_EQUAL(code_of(&played), -SIGTERM);
	CHECK(is_as_found(&played));
}
