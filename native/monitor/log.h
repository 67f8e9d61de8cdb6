/*
 * The container's log. A failure to write it never reaches the container: the entry is lost, that is said
 * once, and the next entry is tried again.
 *
 * Rotated files stay open as long as a client still reads them (logread.h): each file holds a reference on
 * the next one, a client holds one on the file it is at, and the log one on the current file.
 */
#ifndef COFFER_LOG_H
#define COFFER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must_check.h"

#define LOG_BUFFER 8192

struct log_file {
	int fd;
	unsigned references;
	uint32_t number;		/* grows by one with every rotation */
	uint64_t size;			/* bytes in the file that a reader may read */
	struct log_file *next;		/* the file that came after, NULL for the current one */
};

struct log {
	uint8_t format;			/* LOG_NONE, LOG_JSON_FILE or LOG_CRI */
	int directory;
	const char *name;
	const char *attributes;		/* json-file's `attrs`, or empty */
	uint32_t max_files;		/* the current one included; 0 is as 1 */
	uint64_t max_bytes;		/* 0: never rotate */

	struct log_file *current;	/* NULL: not open (no log, or it could not be opened) */
	uint64_t whole;			/* end of the last whole entry, counted as if the buffer were written */
	size_t used;
	bool failing;			/* the rest of this entry is dropped */
	bool complained;
	char buffer[LOG_BUFFER];
};

/* Opens the file; 0, or -1 and errno. */
must_check int log_open(struct log *log);

/*
 * Adds one entry. `complete` says that the line ended here; the newline is not among the bytes. It is on
 * disk, as far as write(2) goes, after log_flush().
 */
void log_entry(struct log *log, int stream, uint64_t time, const uint8_t *line, size_t length, bool complete);
void log_flush(struct log *log);

/* Somebody else has renamed the file: go on in a new one of the same name. */
void log_reopen(struct log *log);
void log_close(struct log *log);

struct log_file *log_file_hold(struct log_file *file);
void log_file_release(struct log_file *file);

/* How many bytes of UTF-8 the reader gets back for these: json-file replaces each invalid byte by U+FFFD. */
size_t log_decoded_length(const struct log *log, const uint8_t *data, size_t length);

/* Length of the valid UTF-8 sequence at `data`, as Go's utf8.DecodeRune sees it; 0 when there is none. */
size_t utf8_sequence(const uint8_t *data, size_t length, uint32_t *rune);

#endif
