#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto.h"
#include "text.h"
#include "util.h"

#define NAME_SPACE 300

struct log_file *log_file_hold(struct log_file *file)
{
	file->references++;
	return file;
}

void log_file_release(struct log_file *file)
{
	while (file && --file->references == 0) {
		struct log_file *next = file->next;
		close_fd(&file->fd);
		free(file);
		file = next;
	}
}

/* Opens the file of the log's name and makes it the current one. On failure the log goes on as it was. */
static int open_next(struct log *log)
{
	struct stat status;
	autoclose int fd = openat(log->directory, log->name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	struct log_file *file = calloc(1, sizeof *file);
	if (!file)
		return -1;
	file->fd = take_fd(&fd);
	file->size = (uint64_t)status.st_size;
	file->references = 1;
	if (log->current) {
		file->number = log->current->number + 1;
		log->current->next = log_file_hold(file);
		log_file_release(log->current);
	}
	log->current = file;
	log->whole = file->size;	/* NOLINT(clang-analyzer-unix.Malloc): the analyser does not count references */
	return 0;
}

int log_open(struct log *log)
{
	return log->format == LOG_NONE ? 0 : open_next(log);
}

static void complain(struct log *log, const char *verb)
{
	if (!log->complained)
		say("coffer-monitor: cannot ", verb, " log \"", log->name, "\": ", error_text(errno),
		    " (output is lost until that is mended)");
	log->complained = true;
}

/* Takes back what is not a whole entry, so that the log never has a torn line. */
static void take_back(struct log *log)
{
	struct log_file *file = log->current;
	uint64_t keep = log->whole < file->size ? log->whole : file->size;
	struct stat status;
	if (fstat(file->fd, &status) == 0 && (uint64_t)status.st_size > keep && ftruncate(file->fd, (off_t)keep) < 0)
		complain(log, "shorten");
	file->size = keep;
	log->whole = keep;
	log->failing = true;
}

void log_flush(struct log *log)
{
	size_t used = log->used;
	log->used = 0;
	if (used == 0 || !log->current)
		return;
	if (write_whole(log->current->fd, log->buffer, used) < 0) {
		complain(log, "write");
		take_back(log);
		return;
	}
	log->current->size += used;
}

static void put(struct log *log, const void *data, size_t length)
{
	const char *at = data;
	while (length > 0 && !log->failing) {
		size_t part = LOG_BUFFER - log->used;
		if (part > length)
			part = length;
		memcpy(log->buffer + log->used, at, part);
		log->used += part;
		at += part;
		length -= part;
		if (log->used == LOG_BUFFER)
			log_flush(log);
	}
}

static void put_string(struct log *log, const char *string)
{
	put(log, string, strlen(string));
}

static void put_time(struct log *log, uint64_t time)
{
	char stamp[TIME_LENGTH + 1];
	struct text text = text_over(stamp, sizeof stamp);
	text_add_time(&text, time, true);
	put(log, stamp, text.length);
}

static void file_name(const struct log *log, uint32_t number, char *name)
{
	struct text text = text_over(name, NAME_SPACE);
	text_add(&text, log->name);
	if (number > 0) {
		text_add(&text, ".");
		text_add_decimal(&text, number);
	}
}

/* name.N-2 becomes name.N-1, …, name becomes name.1; what was name.N-1 is gone. */
static int shift_names(const struct log *log)
{
	char from[NAME_SPACE], to[NAME_SPACE];
	for (uint32_t number = log->max_files - 1; number > 0; number--) {
		file_name(log, number - 1, from);
		file_name(log, number, to);
		if (renameat(log->directory, from, log->directory, to) < 0 && errno != ENOENT)
			return -1;
	}
	return 0;
}

static void rotate(struct log *log)
{
	log_flush(log);
	/* With a single file Docker truncates it; unlinking keeps what a slow client is still reading. */
	int done = log->max_files > 1 ? shift_names(log) : unlinkat(log->directory, log->name, 0);
	if (done < 0 || open_next(log) < 0)
		complain(log, "rotate");
}

void log_reopen(struct log *log)
{
	if (log->format == LOG_NONE)
		return;
	log_flush(log);
	if (open_next(log) < 0)
		complain(log, "reopen");
}

void log_close(struct log *log)
{
	log_flush(log);
	log_file_release(log->current);
	log->current = NULL;
}

size_t utf8_sequence(const uint8_t *data, size_t length, uint32_t *rune)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = data[0];
	size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	if (size == 0 || size > length)
		return 0;
	uint32_t value = size == 1 ? first : first & (0xffu >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (data[i] & 0x3f);
	}
	if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*rune = value;
	return size;
}

size_t log_decoded_length(const struct log *log, const uint8_t *data, size_t length)
{
	size_t decoded = 0;
	uint32_t rune;
	if (log->format != LOG_JSON_FILE)
		return length;
	for (size_t i = 0; i < length;) {
		size_t size = utf8_sequence(data + i, length - i, &rune);
		decoded += size ? size : 3;
		i += size ? size : 1;
	}
	return decoded;
}

static bool is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\' && byte != '<' && byte != '>' && byte != '&';
}

static void put_escaped_byte(struct log *log, uint8_t byte)
{
	static const char hex[] = "0123456789abcdef";
	char escape[] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] };
	char pair[] = { '\\', (char)byte };
	if (byte == '\n')
		put_string(log, "\\n");
	else if (byte == '\r')
		put_string(log, "\\r");
	else if (byte == '"' || byte == '\\')
		put(log, pair, sizeof pair);
	else
		put(log, escape, sizeof escape);
}

/* The escapes of Docker's json-file driver: HTML's characters too, and U+2028 and U+2029 for JavaScript's sake. */
static void put_escaped(struct log *log, const uint8_t *data, size_t length)
{
	size_t plain = 0;
	for (size_t i = 0; i < length;) {
		uint32_t rune = 0;
		if (is_plain(data[i])) {
			i++;
			continue;
		}
		size_t size = utf8_sequence(data + i, length - i, &rune);
		if (size > 1 && rune != 0x2028 && rune != 0x2029) {
			i += size;
			continue;
		}
		put(log, data + plain, i - plain);
		if (size == 0)
			put_string(log, "\\ufffd");
		else if (size == 1)
			put_escaped_byte(log, data[i]);
		else
			put_string(log, rune == 0x2028 ? "\\u2028" : "\\u2029");
		i += size ? size : 1;
		plain = i;
	}
	put(log, data + plain, length - plain);
}

static void put_json(struct log *log, int stream, uint64_t time, const uint8_t *line, size_t length, bool complete)
{
	put_string(log, "{\"log\":\"");
	put_escaped(log, line, length);
	put_string(log, complete ? "\\n\",\"stream\":\"" : "\",\"stream\":\"");
	put_string(log, stream == 1 ? "stderr\"" : "stdout\"");
	if (log->attributes[0]) {
		put_string(log, ",\"attrs\":");
		put_string(log, log->attributes);
	}
	put_string(log, ",\"time\":\"");
	put_time(log, time);
	put_string(log, "\"}\n");
}

static void put_cri(struct log *log, int stream, uint64_t time, const uint8_t *line, size_t length, bool complete)
{
	put_time(log, time);
	put_string(log, stream == 1 ? " stderr " : " stdout ");
	put_string(log, complete ? "F " : "P ");
	put(log, line, length);
	put_string(log, "\n");
}

void log_entry(struct log *log, int stream, uint64_t time, const uint8_t *line, size_t length, bool complete)
{
	if (!log->current)
		return;
	log->failing = false;
	if (log->max_bytes > 0 && log->current->size + log->used >= log->max_bytes)
		rotate(log);
	if (log->format == LOG_JSON_FILE)
		put_json(log, stream, time, line, length, complete);
	else
		put_cri(log, stream, time, line, length, complete);
	if (!log->failing)
		log->whole = log->current->size + log->used;
}
