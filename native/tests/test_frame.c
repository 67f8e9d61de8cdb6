/* Frames in pieces, several at once, with descriptors, too long, and cut off. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "unit.h"

struct pair {
	int ours;
	struct frame_reader reader;
};

static struct pair make_pair(void)
{
	int ends[2];
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	return (struct pair){ .ours = ends[0], .reader = { .fd = ends[1] } };
}

static void close_pair(struct pair *pair)
{
	if (pair->ours >= 0)
		close(pair->ours);
	close(pair->reader.fd);
	frame_reader_free(&pair->reader);
}

TEST(frames_come_byte_by_byte)
{
	struct pair pair = make_pair();
	struct bytes queue = { 0 };
	struct frame frame;
	CHECK(frame_queue(&queue, FRAME_OUT, "hello", 5));
	CHECK(frame_queue(&queue, FRAME_EXIT, "\1\0\0\0", 4));
	size_t length = bytes_length(&queue), frames = 0;
	for (size_t i = 0; i < length; i++) {
		CHECK(write(pair.ours, bytes_front(&queue) + i, 1) == 1);
		CHECK(frame_fill(&pair.reader, 0) == 1);
		if (frame_next(&pair.reader, &frame) == 1) {
			CHECK(frame.type == (frames == 0 ? FRAME_OUT : FRAME_EXIT));
			CHECK(frame.length == (frames == 0 ? 5 : 4));
			CHECK(i == (frames == 0 ? 12 : length - 1));
			frames++;
		}
	}
	CHECK(frames == 2);
	CHECK(frame_next(&pair.reader, &frame) == 0);
	CHECK(pair.reader.bytes.data == NULL);
	bytes_free(&queue);
	close_pair(&pair);
}

TEST(many_frames_come_at_once)
{
	struct pair pair = make_pair();
	struct bytes queue = { 0 };
	struct frame frame;
	uint8_t large[PROTO_MAX_DATA];
	memset(large, 'x', sizeof large);
	for (int i = 0; i < 100; i++)
		CHECK(frame_queue(&queue, FRAME_OUT, large, (size_t)i));
	CHECK(frame_queue(&queue, FRAME_ERR, large, sizeof large));
	CHECK(write(pair.ours, bytes_front(&queue), bytes_length(&queue)) == (ssize_t)bytes_length(&queue));
	for (uint32_t i = 0; i <= 100; i++) {
		int whole;
		while ((whole = frame_next(&pair.reader, &frame)) == 0)
			CHECK(frame_fill(&pair.reader, MSG_DONTWAIT) == 1);
		CHECK(whole == 1);
		CHECK(frame.length == (i < 100 ? i : PROTO_MAX_DATA));
		CHECK(frame.length == 0 || memcmp(frame.payload, large, frame.length) == 0);
	}
	CHECK(frame_fill(&pair.reader, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	bytes_free(&queue);
	close_pair(&pair);
}

TEST(descriptors_without_room_are_told_of)
{
	struct pair pair = make_pair();
	struct rlimit found, few;
	int last = dup(pair.ours);
	CHECK(last >= 0 && getrlimit(RLIMIT_NOFILE, &found) == 0);
	CHECK(frame_send(pair.ours, FRAME_RUN, NULL, (int[]){ 0, 0 }, 2, 0) == 0);
	few = (struct rlimit){ .rlim_cur = (rlim_t)last + 2, .rlim_max = found.rlim_max };
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	CHECK(frame_fill(&pair.reader, 0) == -1 && errno == EMFILE);
	CHECK(setrlimit(RLIMIT_NOFILE, &found) == 0);
	close(last);
	close_pair(&pair);
}

TEST(descriptors_keep_their_order)
{
	struct pair pair = make_pair();
	struct frame frame;
	int pipes[4];
	char byte = 0;
	struct bytes payload = { 0 };
	CHECK(pipe(pipes) == 0 && pipe(pipes + 2) == 0);
	CHECK(bytes_add(&payload, "roles", 5));
	CHECK(frame_send(pair.ours, FRAME_OUT, &payload, NULL, 0, 0) == 0);
	CHECK(frame_send(pair.ours, FRAME_SETUP, &payload, (int[]){ pipes[1], pipes[3] }, 2, 0) == 0);
	CHECK(frame_send(pair.ours, FRAME_ADD_CLIENT, NULL, (int[]){ pipes[0] }, 1, 0) == 0);
	int seen = 0;
	while (seen < 3) {
		if (frame_next(&pair.reader, &frame) == 1)
			seen++;
		else
			CHECK(frame_fill(&pair.reader, 0) == 1);
	}
	int first = frame_take_fd(&pair.reader), second = frame_take_fd(&pair.reader);
	CHECK(first >= 0 && second >= 0);
	CHECK(fcntl(first, F_GETFD) == FD_CLOEXEC);
	CHECK(write(first, "1", 1) == 1 && write(second, "2", 1) == 1);
	CHECK(read(pipes[0], &byte, 1) == 1 && byte == '1');
	CHECK(read(pipes[2], &byte, 1) == 1 && byte == '2');
	close(first);
	close(second);
	/* The third is left for frame_reader_free() to close. */
	bytes_free(&payload);
	close_pair(&pair);
	for (int i = 0; i < 4; i++)
		close(pipes[i]);
}

TEST(malformed_frames_are_refused)
{
	struct pair pair = make_pair();
	struct frame frame;
	struct proto_frame header = frame_header(FRAME_STDIN, PROTO_MAX_DATA + 1);
	CHECK(write(pair.ours, &header, sizeof header) == sizeof header);
	CHECK(frame_fill(&pair.reader, 0) == 1);
	CHECK(frame_next(&pair.reader, &frame) == -1 && errno == EPROTO);
	close_pair(&pair);

	pair = make_pair();
	header = frame_header(FRAME_REQUEST, PROTO_MAX_FRAME);
	CHECK(write(pair.ours, &header, sizeof header) == sizeof header);
	CHECK(frame_fill(&pair.reader, 0) == 1);
	CHECK(frame_next(&pair.reader, &frame) == 0);
	close(pair.ours);
	pair.ours = -1;
	CHECK(frame_fill(&pair.reader, 0) == 0);
	close_pair(&pair);
}

TEST(a_cursor_never_reads_too_far)
{
	const uint8_t data[] = { 1, 2, 0, 3, 0, 0, 0, 'a', 'b', 'c', 9, 0, 0, 0, 'x' };
	struct cursor cursor = cursor_over(data, sizeof data);
	CHECK(cursor_u8(&cursor) == 1 && cursor_u16(&cursor) == 2);
	char *copy = cursor_string_copy(&cursor);
	CHECK(copy && strcmp(copy, "abc") == 0);
	free(copy);
	CHECK(!cursor.bad);
	CHECK(cursor_string_copy(&cursor) == NULL && cursor.bad);
	CHECK(cursor_u8(&cursor) == 0);
	cursor = cursor_over("\2\0\0\0a\0", 6);
	CHECK(cursor_string_copy(&cursor) == NULL && cursor.bad);
}
