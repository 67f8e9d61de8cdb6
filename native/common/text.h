/* Text in a buffer of fixed size: what printf would do, at a twentieth of its size. */
#ifndef COFFER_TEXT_H
#define COFFER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must_check.h"

struct text {
	char *data;
	size_t length, capacity;
	bool overflow;		/* something did not fit: the text ends before it */
};

/* A text over `capacity` bytes at `data`, always ended by a NUL. */
struct text text_over(char *data, size_t capacity);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *data, size_t length);
void text_add_decimal(struct text *text, uint64_t number);
void text_add_hex64(struct text *text, uint64_t number);

#define TIME_LENGTH 31

/* RFC 3339 in UTC. With `trim`, trailing zeros of the fraction are left out, as Go's RFC3339Nano does. */
void text_add_time(struct text *text, uint64_t nanoseconds, bool trim);

/* Writes the strings as one line to descriptor 2. */
#define say(...) say_line((const char *const[]){ __VA_ARGS__, NULL })
void say_line(const char *const *parts);

/* The kernel's name for an errno in words. */
must_check const char *error_text(int error);

#endif
