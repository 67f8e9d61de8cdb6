/* The log's two formats byte for byte, partial lines, rotation, a full disk, and reading all of it back. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "log.h"
#include "logread.h"
#include "proto.h"
#include "stream.h"
#include "text.h"
#include "unit.h"
#include "util.h"

#define NOON 1600000000000000000ull	/* 2020-09-13T12:26:40Z */

static char directory_name[32];
static int directory;
static struct log the_log;

static void begin(void)
{
	strcpy(directory_name, "/tmp/coffer-test-log-XXXXXX");
	CHECK(mkdtemp(directory_name) != NULL);
	directory = open(directory_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(directory >= 0);
}

static void end(void)
{
	static const char *const names[] = { "log", "log.1", "log.2", "other" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		CHECK(unlinkat(directory, names[i], 0) == 0 || errno == ENOENT);
	CHECK(rmdir(directory_name) == 0);
}

static struct log *fresh(uint8_t format, uint32_t max_files, uint64_t max_bytes)
{
	if (directory == 0)
		begin();
	(void)unlinkat(directory, "log", 0);
	the_log = (struct log){ .format = format, .directory = directory, .name = "log", .attributes = "",
		.max_files = max_files, .max_bytes = max_bytes };
	CHECK(log_open(&the_log) == 0);
	return &the_log;
}

static char *content(const char *name)
{
	static char data[400000];
	int fd = openat(directory, name, O_RDONLY);
	ssize_t length = fd < 0 ? 0 : read_whole(fd, data, sizeof data - 1);
	data[length > 0 ? length : 0] = '\0';
	close_fd(&fd);
	return data;
}

static void entry(struct log *log, int stream, const char *line, size_t length, bool complete)
{
	log_entry(log, stream, NOON, (const uint8_t *)line, length, complete);
	log_flush(log);
}

TEST(json_is_escaped_as_docker_does)
{
	static const struct {
		const char *line, *json;
	} cases[] = {
		{ "plain", "plain" },
		{ "tab\there", "tab\\u0009here" },
		{ "cr\rquote\"back\\", "cr\\rquote\\\"back\\\\" },
		{ "<a&b>", "\\u003ca\\u0026b\\u003e" },
		{ "\x1b[0m\x7f", "\\u001b[0m\x7f" },
		{ "gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xb3", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xb3" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029" },
		{ "a\xff\xc3", "a\\ufffd\\ufffd" },
		{ "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },
		{ "\xc0\xaf", "\\ufffd\\ufffd" },
		{ "\xf5\x80\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
		{ "", "" },
	};
	char want[512];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct log *log = fresh(LOG_JSON_FILE, 1, 0);
		entry(log, 0, cases[i].line, strlen(cases[i].line), true);
		struct text text = text_over(want, sizeof want);
		text_add(&text, "{\"log\":\"");
		text_add(&text, cases[i].json);
		text_add(&text, "\\n\",\"stream\":\"stdout\",\"time\":\"2020-09-13T12:26:40Z\"}\n");
		CHECK_TEXT(content("log"), want);
		log_close(log);
	}
	end();
}

TEST(entries_have_their_format)
{
	struct log *log = fresh(LOG_JSON_FILE, 1, 0);
	log->attributes = "{\"tag\":\"x\"}";
	log_entry(log, 1, NOON + 120000000, (const uint8_t *)"no newline", 10, false);
	log_flush(log);
	CHECK_TEXT(content("log"),
		   "{\"log\":\"no newline\",\"stream\":\"stderr\",\"attrs\":{\"tag\":\"x\"},\"time\":\"2020-09-13T12:26:40.12Z\"}\n");
	log_close(log);

	log = fresh(LOG_CRI, 1, 0);
	log_entry(log, 0, NOON + 1, (const uint8_t *)"a \"b\"\xff", 6, true);
	log_entry(log, 1, NOON, (const uint8_t *)"part", 4, false);
	log_flush(log);
	CHECK_TEXT(content("log"), "2020-09-13T12:26:40.000000001Z stdout F a \"b\"\xff\n2020-09-13T12:26:40Z stderr P part\n");
	log_close(log);
	end();
}

static void feed(struct stream *stream, struct log *log, const char *data, size_t length)
{
	int ends[2];
	const uint8_t *read_data;
	size_t read_length;
	CHECK(pipe2(ends, O_NONBLOCK) == 0);
	CHECK(write(ends[1], data, length) == (ssize_t)length);
	close(ends[1]);
	stream->fd = ends[0];
	while (stream_read(stream, &read_data, &read_length) == STREAM_DATA)
		stream_log(stream, log);
	close(ends[0]);
	stream->fd = -1;
}

static size_t count(const char *text, const char *part)
{
	size_t found = 0;
	for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
		found++;
	return found;
}

TEST(lines_are_cut)
{
	static struct stream stream;
	static char long_line[40001];
	struct log *log = fresh(LOG_CRI, 1, 0);
	feed(&stream, log, "one\ntw", 6);
	CHECK(count(content("log"), "\n") == 1);
	feed(&stream, log, "o\n\nth", 5);
	CHECK(count(content("log"), " F two\n") == 1);
	CHECK(count(content("log"), " F \n") == 1);
	CHECK(stream.length == 2);
	stream_end(&stream, log);
	CHECK(count(content("log"), " P th\n") == 1);
	log_close(log);

	/* 40,000 bytes and a newline: two full parts and the end, all with the first one's time. */
	log = fresh(LOG_CRI, 1, 0);
	stream = (struct stream){ .fd = -1 };
	memset(long_line, 'x', 40000);
	long_line[40000] = '\n';
	feed(&stream, log, long_line, sizeof long_line);
	char *text = content("log");
	CHECK(count(text, " stdout P x") == 2 && count(text, " stdout F x") == 1);
	CHECK(strlen(text) == 40000 + 3 * (strcspn(text, " ") + strlen(" stdout P ") + 1));
	size_t stamp = strcspn(text, " ");
	char *second = strchr(text, '\n') + 1;
	CHECK_BYTES(second, stamp, text, stamp);
	log_close(log);
	end();
}

TEST(logs_rotate)
{
	struct log *log = fresh(LOG_CRI, 3, 100);
	for (char digit = '0'; digit < '8'; digit++)
		entry(log, 0, (char[]){ digit, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit,
			digit, digit, digit, digit, digit, digit, digit }, 20, true);
	/* An entry is 52 bytes: two in a file, and of four files three are kept. */
	CHECK(count(content("log"), "77777") > 0 && count(content("log"), "66666") > 0);
	CHECK(count(content("log.1"), "55555") > 0 && count(content("log.1"), "44444") > 0);
	CHECK(count(content("log.2"), "22222") > 0);
	CHECK(faccessat(directory, "log.3", F_OK, 0) < 0);
	log_close(log);

	/* A log that is found is gone on with, and its size counts. */
	log = &the_log;
	*log = (struct log){ .format = LOG_CRI, .directory = directory, .name = "log", .attributes = "", .max_files = 1,
		.max_bytes = 100 };
	CHECK(log_open(log) == 0);
	entry(log, 0, "next", 4, true);
	CHECK(count(content("log"), "\n") == 1 && count(content("log"), "next") == 1);

	/* Somebody else has renamed it. */
	CHECK(renameat(directory, "log", directory, "other") == 0);
	log_reopen(log);
	entry(log, 0, "after", 5, true);
	CHECK(count(content("other"), "next") == 1 && count(content("log"), "after") == 1);
	log_close(log);
	end();
}

/* A file size limit is what a full disk looks like to a writer, but for the errno. */
TEST(a_full_disk_tears_no_line)
{
	struct rlimit before, limit;
	struct log *log = fresh(LOG_CRI, 1, 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	entry(log, 0, "kept", 4, true);
	uint64_t size = log->current->size;
	CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	limit = (struct rlimit){ .rlim_cur = size + 20, .rlim_max = before.rlim_max };
	log->complained = true;
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	entry(log, 0, "this one does not fit in what is left", 37, true);
	CHECK(log->current->size == size);
	CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	entry(log, 0, "later", 5, true);
	CHECK_TEXT(content("log"), "2020-09-13T12:26:40Z stdout F kept\n2020-09-13T12:26:40Z stdout F later\n");
	log_close(log);
	end();
}

static void parse(uint8_t format, const char *line, int stream, const char *want)
{
	static uint8_t buffer[1024];
	struct log_record record;
	memcpy(buffer, line, strlen(line));
	int parsed = log_parse(format, buffer, strlen(line), &record);
	CHECK(parsed == (want != NULL));
	if (parsed && want) {
		CHECK(record.stream == stream);
		CHECK_BYTES(record.data, record.length, want, strlen(want));
	}
}

TEST(entries_are_parsed)
{
	parse(LOG_JSON_FILE, "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"x\"}", 0, "a\n");
	parse(LOG_JSON_FILE, "{\"log\":\"\\u003c\\u00fc\\u2028\\\"\\\\\\t\",\"stream\":\"stderr\",\"time\":\"x\"}", 1,
	      "<\xc3\xbc\xe2\x80\xa8\"\\\t");
	parse(LOG_JSON_FILE, "{\"log\":\"cut", 0, NULL);
	parse(LOG_JSON_FILE, "{\"log\":\"cut\\", 0, NULL);
	parse(LOG_JSON_FILE, "{\"log\":\"cut\\u00", 0, NULL);
	parse(LOG_JSON_FILE, "{\"log\":\"a\",\"stream\":\"else\"}", 0, NULL);
	parse(LOG_JSON_FILE, "", 0, NULL);
	parse(LOG_JSON_FILE, "something else", 0, NULL);
	parse(LOG_CRI, "2020-09-13T12:26:40Z stdout F a b", 0, "a b\n");
	parse(LOG_CRI, "2020-09-13T12:26:40Z stderr P a b", 1, "a b");
	parse(LOG_CRI, "2020-09-13T12:26:40Z stdout F ", 0, "\n");
	parse(LOG_CRI, "2020-09-13T12:26:40Z stdout X a", 0, NULL);
	parse(LOG_CRI, "nothing", 0, NULL);
}

/* Every byte there is, written and read back. */
static void round_trip(uint8_t format)
{
	static uint8_t line[1000], buffer[10000];
	struct log_record record;
	for (size_t i = 0; i < sizeof line; i++)
		line[i] = (uint8_t)(i * 7 % 256 == '\n' ? 'n' : i * 7 % 256);
	struct log *log = fresh(format, 1, 0);
	log_entry(log, 1, NOON, line, sizeof line, true);
	log_flush(log);
	ssize_t length = pread(log->current->fd, buffer, sizeof buffer, 0);
	CHECK(length > 0 && log_parse(format, buffer, (size_t)length - 1, &record) == 1);
	CHECK(record.length == log_decoded_length(log, line, sizeof line) + 1);
	CHECK(record.data[record.length - 1] == '\n');
	log_close(log);
}

/* A place outlives the rotation of its file, and says so when it was left behind. */
TEST(a_place_outlives_rotation)
{
	struct log *log = fresh(LOG_CRI, 2, 60);
	bool lost = false;
	entry(log, 0, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 30, true);
	struct log_place place = log_place_start(log), newest = log_place_end(log);
	CHECK(log_place_advance(&newest, log, &lost));
	entry(log, 0, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 30, true);
	CHECK(!log_place_advance(&place, log, &lost) && place.offset == 0 && !lost);
	CHECK(!log_place_advance(&newest, log, &lost) && newest.file == log->current && newest.offset == 0);
	for (int i = 0; i < 4; i++)
		entry(log, 0, "cccccccccccccccccccccccccccccc", 30, true);
	CHECK(!log_place_advance(&place, log, &lost) && lost);
	CHECK(log->current->number - place.file->number == 2);
	log_place_leave(&place);
	log_place_leave(&newest);
	place = log_place_start(log);
	CHECK(place.file->next == log->current && place.file->number + 1 == log->current->number);
	log_place_leave(&place);
	log_close(log);
	end();
}

TEST(every_byte_goes_through_json)
{
	round_trip(LOG_JSON_FILE);
	end();
}

TEST(every_byte_goes_through_cri)
{
	round_trip(LOG_CRI);
	end();
}
