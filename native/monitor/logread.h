/* Reads the log back for a client that fell behind. */
#ifndef COFFER_LOGREAD_H
#define COFFER_LOGREAD_H

#include "log.h"
#include "must_check.h"

/* Larger than any entry that log.c writes: 16 KiB of escapes, and some room for attributes. */
#define LOG_READ_WINDOW 131072

/* Where a client is in the log. */
struct log_place {
	struct log_file *file;		/* holds a reference; NULL: nowhere */
	uint64_t offset;
};

/* One entry as the container wrote it: with its newline, if the line was complete. */
struct log_record {
	int stream;
	uint8_t *data;
	size_t length;
};

/* The current end of the log. */
struct log_place log_place_end(const struct log *log);

/* The start of the oldest file that is still there; an empty place when there is no log. */
struct log_place log_place_start(const struct log *log);
void log_place_leave(struct log_place *place);

/*
 * Goes on to the next file when this one is read to its end. Returns true when the place is at the log's end.
 * When rotation has left the place more files behind than the log keeps, it goes to the newer one and sets *lost.
 */
must_check bool log_place_advance(struct log_place *place, const struct log *log, bool *lost);

/*
 * Decodes one entry in place: `line` is `length` bytes without the newline. Returns 1; 0 when it is not an entry
 * of that format. The byte behind `line` may be overwritten by the record's own newline.
 */
must_check int log_parse(uint8_t format, uint8_t *line, size_t length, struct log_record *record);

#endif
