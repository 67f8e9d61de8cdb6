/* Clients of a monitor: streams, back-pressure, falling behind, terminals, detaching and coming back. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driver.h"
#include "sample_plan.h"
#include "unit.h"
#include "util.h"

/* More than a client may fall behind, more than any socket holds. */
#define MANY "300000"
#define FLOOD "seq 1 " MANY

static void ends(struct driven *driven, int code)
{
	struct frame frame;
	CHECK(await_frame(&driven->engine, FRAME_EXITED, &frame) && (int)payload_u32(&frame, 0) == code);
}

/* What `seq 1 300000` prints. */
static const struct bytes *flood(void)
{
	static struct bytes text;
	char number[16];
	for (int i = 1; i <= 300000 && bytes_length(&text) < 1988895; i++)
		(void)bytes_add(&text, number, (size_t)snprintf(number, sizeof number, "%d\n", i));
	return &text;
}

static void check_flood(const struct bytes *out)
{
	const struct bytes *want = flood();
	bool same = bytes_length(out) == bytes_length(want) &&
		memcmp(bytes_front(out), bytes_front(want), bytes_length(want)) == 0;
	CHECK(same);
	if (!same)
		fprintf(stderr, "is %zu bytes, want %zu\n", bytes_length(out), bytes_length(want));
}

TEST(streams_and_input_go_by_frames)
{
	struct bytes out = { 0 };
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("cat; echo end >&2; exit 4", false), .stdin_open = true,
		.stdin_once = true, .client = true });
	send_frame(driven.client.fd, FRAME_STDIN, "typed\n", 6);
	CHECK(collect_until(&driven.client, &out, "typed\n"));
	CHECK_BYTES(bytes_front(&out), bytes_length(&out), "typed\n", 6);
	send_frame(driven.client.fd, FRAME_STDIN_EOF, NULL, 0);
	CHECK(collect(&driven.client, &out, &frame) == FRAME_EXIT && payload_u32(&frame, 0) == 4);
	CHECK_BYTES(bytes_front(&out), bytes_length(&out), "typed\nend\n", 10);
	ends(&driven, 4);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	directory_end();
}

/* A client that vanishes closes a stdin that was for it; one that detaches does not. */
TEST(input_ends_with_who_leaves)
{
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("cat >/dev/null; exit 6", false), .stdin_open = true,
		.stdin_once = true, .client = true });
	int other = add_client(&driven, ATTACH_STDIN, false);
	struct frame_reader reader = { .fd = other };
	send_frame(other, FRAME_DETACH, NULL, 0);
	CHECK(await_frame(&reader, FRAME_DETACHED, &frame));
	close(other);
	frame_reader_free(&reader);
	send_frame(driven.engine.fd, FRAME_QUERY, NULL, 0);
	CHECK(await_frame(&driven.engine, FRAME_STATUS, &frame) && payload_u32(&frame, 13) == 1);
	int pidfd = frame_take_fd(&driven.engine);
	close_fd(&pidfd);
	close_fd(&driven.client.fd);
	ends(&driven, 6);
	CHECK(driven_end(&driven) == 0);
	directory_end();
}

TEST(passed_pipes_are_served)
{
	int in[2], out[2];
	char text[64] = "";
	struct frame frame;
	directory_begin();
	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	CHECK(write(in[1], "through\n", 8) == 8);
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("cat; echo error >&2", false), .stdin_open = true,
		.stdin_once = true, .client = true, .stdio = { fcntl(in[0], F_DUPFD_CLOEXEC, 50), fcntl(out[1], F_DUPFD_CLOEXEC, 50) } });
	close(in[1]);
	CHECK(await_frame(&driven.client, FRAME_ERR, &frame));
	CHECK_BYTES(frame.payload, frame.length, "error\n", 6);
	CHECK(await_frame(&driven.client, FRAME_EXIT, &frame));
	close(out[1]);
	CHECK(read_whole(out[0], text, sizeof text) == 8 && strcmp(text, "through\n") == 0);
	/* What others share with the caller is as blocking as it was. */
	CHECK(!(fcntl(out[0], F_GETFL) & O_NONBLOCK) && !(fcntl(in[0], F_GETFL) & O_NONBLOCK));
	close(in[0]);
	close(out[0]);
	ends(&driven, 0);
	CHECK(driven_end(&driven) == 0);
	directory_end();
}

TEST(a_broken_pipe_is_told)
{
	int out[2];
	struct frame frame;
	directory_begin();
	CHECK(pipe2(out, O_CLOEXEC) == 0);
	close(out[0]);
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("echo nobody reads; sleep 0.2; exit 9", false),
		.client = true, .stdio = { 0, out[1] } });
	CHECK(await_frame(&driven.client, FRAME_RAISE, &frame) && payload_u32(&frame, 0) == SIGPIPE);
	CHECK(!await_frame(&driven.client, FRAME_EXIT, &frame));
	ends(&driven, 9);
	CHECK(driven_end(&driven) == 0);
	directory_end();
}

/* The container cannot be ahead of its foreground client by more than the pipes and queues between them. */
TEST(the_foreground_holds_back)
{
	struct bytes out = { 0 };
	struct frame frame;
	size_t logged;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan(FLOOD, false), .log = LOG_CRI, .client = true });
	CHECK(await_frame(&driven.engine, FRAME_STARTED, &frame));
	int pidfd = frame_take_fd(&driven.engine);
	usleep(200000);
	struct pollfd running = { .fd = pidfd, .events = POLLIN };
	CHECK(poll(&running, 1, 0) == 0);
	(void)file_text("log", &logged);
	CHECK(logged > 0 && logged < 2000000);
	CHECK(collect(&driven.client, &out, &frame) == FRAME_EXIT);
	check_flood(&out);
	ends(&driven, 0);
	close_fd(&pidfd);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	directory_end();
}

static int flooded(struct driven *driven, const struct wish *wish)
{
	struct frame frame;
	*driven = drive(wish);
	CHECK(await_frame(&driven->engine, FRAME_STARTED, &frame));
	int pidfd = frame_take_fd(&driven->engine);
	close_fd(&pidfd);
	int slow = add_client(driven, ATTACH_STDOUT | ATTACH_STDERR, false);
	/* Now it is attached, and the flood may begin. */
	send_frame(driven->engine.fd, FRAME_CLOSE_STDIN, NULL, 0);
	ends(driven, 0);
	return slow;
}

/* A client that reads nothing until all is over gets all of it, first from its queue and then from the log. */
static void falls_behind(uint8_t log)
{
	struct bytes out = { 0 };
	struct frame frame;
	struct driven driven;
	directory_begin();
	struct frame_reader slow = { .fd = flooded(&driven, &(struct wish){ .plan = sample_plan("read l; printf early; " FLOOD "; printf late",
		false), .stdin_open = true, .log = log }) };
	CHECK(collect(&slow, &out, &frame) == FRAME_EXIT);
	CHECK(bytes_length(&out) > 9 && memcmp(bytes_front(&out), "early", 5) == 0);
	CHECK(memcmp(out.data + out.end - 4, "late", 4) == 0);
	bytes_consume(&out, 5);
	out.end -= 4;
	check_flood(&out);
	close(slow.fd);
	frame_reader_free(&slow);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	directory_end();
}

/* Where even the log does not go back that far, it says so, and the newest is there. */
static void loses(uint8_t log, const char *notice)
{
	struct bytes out = { 0 };
	struct frame frame;
	struct driven driven;
	directory_begin();
	struct frame_reader slow = { .fd = flooded(&driven, &(struct wish){ .plan = sample_plan("read l; " FLOOD "; " FLOOD, false),
		.stdin_open = true, .log = log, .log_files = 2, .log_bytes = 200000 }) };
	CHECK(collect(&slow, &out, &frame) == FRAME_EXIT);
	CHECK(bytes_hold(&out, notice));
	CHECK(memcmp(bytes_front(&out), "1\n2\n3\n", 6) == 0);
	CHECK(memcmp(out.data + out.end - 7, MANY "\n", 7) == 0);
	CHECK(bytes_length(&out) < bytes_length(flood()) * 2);
	close(slow.fd);
	frame_reader_free(&slow);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	directory_end();
}

/* Slow, but not dead: it goes between queue and log many times and still misses nothing. */
TEST(a_slow_client_comes_and_goes)
{
	struct bytes out = { 0 };
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("read l; " FLOOD " | while read n; do echo $n; done", false),
		.stdin_open = true, .log = LOG_JSON_FILE });
	struct frame_reader slow = { .fd = add_client(&driven, ATTACH_STDOUT, false) };
	send_frame(driven.engine.fd, FRAME_CLOSE_STDIN, NULL, 0);
	usleep(1000000);
	CHECK(collect(&slow, &out, &frame) == FRAME_EXIT);
	check_flood(&out);
	ends(&driven, 0);
	close(slow.fd);
	frame_reader_free(&slow);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	directory_end();
}

TEST(a_terminal_is_left_and_found_again)
{
	struct bytes out = { 0 };
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("stty size; read x; stty size; cat; exit 2", true),
		.mode = MODE_TERMINAL, .stdin_open = true, .rows = SAMPLE_ROWS, .columns = SAMPLE_COLUMNS, .detach_keys = "\x10\x11", .client = true,
		.listen = true, .log = LOG_JSON_FILE });
	CHECK(collect_until(&driven.client, &out, "11 22\r\n"));
	send_frame(driven.client.fd, FRAME_RESIZE, (uint16_t[]){ 33, 44 }, 4);
	send_frame(driven.client.fd, FRAME_STDIN, "\r", 1);
	CHECK(collect_until(&driven.client, &out, "33 44\r\n"));
	send_frame(driven.client.fd, FRAME_STDIN, "abc\x10", 4);
	send_frame(driven.client.fd, FRAME_STDIN, "\x11", 1);
	CHECK(collect(&driven.client, &out, &frame) == FRAME_DETACHED);
	CHECK(!await_frame(&driven.client, FRAME_EXIT, &frame));

	/* Back, with all that was there; the line goes on where it was left. */
	struct bytes again = { 0 };
	struct frame_reader second = { .fd = connect_monitor() };
	send_frame(second.fd, FRAME_ATTACH, (uint8_t[]){ 7, 1 }, 2);
	CHECK(collect_until(&second, &again, "33 44\r\n"));
	CHECK(bytes_hold(&again, "11 22\r\n"));
	send_frame(second.fd, FRAME_STDIN, "def\r", 4);
	CHECK(collect_until(&second, &again, "\r\nabcdef\r\n"));
	send_frame(second.fd, FRAME_STDIN, "\x04", 1);
	CHECK(collect(&second, &again, &frame) == FRAME_EXIT && payload_u32(&frame, 0) == 2);
	close(second.fd);
	frame_reader_free(&second);
	ends(&driven, 2);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	bytes_free(&again);
	directory_end();
}

/* An end of file that is not typed reaches a terminal's reader too. */
TEST(input_of_a_terminal_ends)
{
	struct bytes out = { 0 };
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("cat; echo over", true), .mode = MODE_TERMINAL,
		.stdin_open = true, .stdin_once = true, .client = true });
	send_frame(driven.client.fd, FRAME_STDIN, "half", 4);
	send_frame(driven.client.fd, FRAME_STDIN_EOF, NULL, 0);
	CHECK(collect(&driven.client, &out, &frame) == FRAME_EXIT);
	CHECK(bytes_hold(&out, "over\r\n"));
	ends(&driven, 0);
	CHECK(driven_end(&driven) == 0);
	bytes_free(&out);
	directory_end();
}

/* Frames that no client sends, from somebody who may connect. */
TEST(strangers_are_shown_out)
{
	struct frame frame;
	directory_begin();
	struct driven driven = drive(&(struct wish){ .plan = sample_plan("read l", false), .stdin_open = true, .listen = true });
	CHECK(await_frame(&driven.engine, FRAME_STARTED, &frame));
	for (int i = 0; i < 3; i++) {
		struct frame_reader stranger = { .fd = connect_monitor() };
		if (i == 0)
			send_frame(stranger.fd, FRAME_STDIN, "x", 1);
		else if (i == 1)
			send_frame(stranger.fd, FRAME_ATTACH, "", 0);
		else
			CHECK(write(stranger.fd, "\xff\xff\xff\xff\x03\0\0\0", 8) == 8);
		CHECK(!await_frame(&stranger, FRAME_EXIT, &frame));
		close(stranger.fd);
		frame_reader_free(&stranger);
	}
	send_frame(driven.engine.fd, FRAME_CLOSE_STDIN, NULL, 0);
	ends(&driven, 1);
	CHECK(driven_end(&driven) == 0);
	directory_end();
}

TEST(who_falls_behind_reads_the_json_log)
{
	falls_behind(LOG_JSON_FILE);
}

TEST(who_falls_behind_reads_the_cri_log)
{
	falls_behind(LOG_CRI);
}

TEST(a_rotated_log_is_missed_aloud)
{
	loses(LOG_CRI, "[coffer: output is missing here");
}

TEST(without_a_log_the_oldest_is_dropped_aloud)
{
	loses(LOG_NONE, "[coffer: output was dropped here");
}
