#include "logread.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proto.h"
#include "text.h"
#include "util.h"

struct log_place log_place_end(const struct log *log)
{
	if (!log->current)
		return (struct log_place){ 0 };
	return (struct log_place){ .file = log_file_hold(log->current), .offset = log->current->size };
}

/* A rotated file of an earlier time, in front of `next`. NULL when there is none or it cannot be read. */
static struct log_file *open_older(const struct log *log, uint32_t number, struct log_file *next)
{
	char name[300];
	struct stat status;
	struct text text = text_over(name, sizeof name);
	text_add(&text, log->name);
	text_add(&text, ".");
	text_add_decimal(&text, number);
	autoclose int fd = openat(log->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return NULL;
	struct log_file *file = calloc(1, sizeof *file);
	if (!file)
		return NULL;
	file->fd = take_fd(&fd);
	file->size = (uint64_t)status.st_size;
	file->number = next->number - 1;
	file->next = next;
	return file;
}

struct log_place log_place_start(const struct log *log)
{
	if (!log->current)
		return (struct log_place){ 0 };
	struct log_file *first = log_file_hold(log->current);
	for (uint32_t number = 1; number < log->max_files; number++) {
		struct log_file *older = open_older(log, number, first);
		if (!older)
			break;
		/* The reference on the newer one passes to the older, and ours is on the older. */
		older->references = 1;
		first = older;
	}
	return (struct log_place){ .file = first };
}

void log_place_leave(struct log_place *place)
{
	log_file_release(place->file);
	*place = (struct log_place){ 0 };
}

static void go_to_next(struct log_place *place)
{
	struct log_file *next = log_file_hold(place->file->next);
	log_file_release(place->file);
	*place = (struct log_place){ .file = next };
}

bool log_place_advance(struct log_place *place, const struct log *log, bool *lost)
{
	uint32_t kept = log->max_files ? log->max_files : 1;
	while (place->file->next) {
		/* Numbers may wrap below zero for files of an earlier time: only the distance counts. */
		bool behind = log->current->number - place->file->number > kept;
		if (!behind && place->offset < place->file->size)
			return false;
		*lost |= behind;
		go_to_next(place);
	}
	return place->offset >= place->file->size;
}

static int hex_value(uint8_t digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static size_t put_rune(uint8_t *to, uint32_t rune)
{
	if (rune < 0x80) {
		to[0] = (uint8_t)rune;
		return 1;
	}
	if (rune < 0x800) {
		to[0] = (uint8_t)(0xc0 | rune >> 6);
		to[1] = (uint8_t)(0x80 | (rune & 0x3f));
		return 2;
	}
	to[0] = (uint8_t)(0xe0 | rune >> 12);
	to[1] = (uint8_t)(0x80 | (rune >> 6 & 0x3f));
	to[2] = (uint8_t)(0x80 | (rune & 0x3f));
	return 3;
}

/* Decodes the escape whose backslash is at `from`. Returns how long it is; 0 when it is none. */
static size_t unescape(const uint8_t *from, const uint8_t *end, uint8_t *to, size_t *made)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	if (end - from < 2)
		return 0;
	const char *letter = from[1] ? strchr(letters, from[1]) : NULL;
	if (letter) {
		*to = (uint8_t)bytes[letter - letters];
		*made = 1;
		return 2;
	}
	if (from[1] != 'u' || end - from < 6)
		return 0;
	uint32_t rune = 0;
	for (int i = 2; i < 6; i++) {
		int value = hex_value(from[i]);
		if (value < 0)
			return 0;
		rune = rune << 4 | (uint32_t)value;
	}
	*made = put_rune(to, rune);
	return 6;
}

/* Decodes a JSON string's inside in place, up to its closing quote; NULL when it has none. */
static const uint8_t *unescape_string(uint8_t *string, const uint8_t *end, size_t *length)
{
	const uint8_t *from = string;
	uint8_t *to = string;
	while (from < end && *from != '"') {
		size_t made = 1, taken = 1;
		if (*from == '\\')
			taken = unescape(from, end, to, &made);
		else
			*to = *from;
		if (taken == 0)
			return NULL;
		from += taken;
		to += made;
	}
	*length = (size_t)(to - string);
	return from < end ? from : NULL;
}

static bool starts_with(const uint8_t *data, const uint8_t *end, const char *prefix)
{
	size_t length = strlen(prefix);
	return (size_t)(end - data) >= length && memcmp(data, prefix, length) == 0;
}

static int parse_json(uint8_t *line, size_t length, struct log_record *record)
{
	static const char head[] = "{\"log\":\"";
	const uint8_t *end = line + length;
	if (!starts_with(line, end, head))
		return 0;
	record->data = line + sizeof head - 1;
	const uint8_t *rest = unescape_string(record->data, end, &record->length);
	if (!rest)
		return 0;
	if (starts_with(rest, end, "\",\"stream\":\"stdout\""))
		record->stream = 0;
	else if (starts_with(rest, end, "\",\"stream\":\"stderr\""))
		record->stream = 1;
	else
		return 0;
	return 1;
}

static int parse_cri(uint8_t *line, size_t length, struct log_record *record)
{
	uint8_t *end = line + length;
	uint8_t *rest = memchr(line, ' ', length);
	if (!rest)
		return 0;
	if (starts_with(rest, end, " stdout "))
		record->stream = 0;
	else if (starts_with(rest, end, " stderr "))
		record->stream = 1;
	else
		return 0;
	rest += sizeof " stdout " - 1;
	if (!starts_with(rest, end, "F ") && !starts_with(rest, end, "P "))
		return 0;
	record->data = rest + 2;
	record->length = (size_t)(end - record->data);
	if (*rest == 'F')
		record->data[record->length++] = '\n';
	return 1;
}

int log_parse(uint8_t format, uint8_t *line, size_t length, struct log_record *record)
{
	return format == LOG_JSON_FILE ? parse_json(line, length, record) : parse_cri(line, length, record);
}
