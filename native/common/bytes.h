/* A queue of bytes that grows on demand and gives its memory back when it is empty, and a checked cursor over bytes. */
#ifndef COFFER_BYTES_H
#define COFFER_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "must_check.h"

struct bytes {
	uint8_t *data;
	size_t start, end, capacity;
};

static inline size_t bytes_length(const struct bytes *bytes)
{
	return bytes->end - bytes->start;
}

static inline uint8_t *bytes_front(const struct bytes *bytes)
{
	return bytes->data ? bytes->data + bytes->start : NULL;
}

/* Room for `length` more bytes at the end, or NULL when there is no memory. They count once bytes_grow() says so. */
uint8_t *bytes_reserve(struct bytes *bytes, size_t length);
void bytes_grow(struct bytes *bytes, size_t length);
must_check bool bytes_add(struct bytes *bytes, const void *data, size_t length);
must_check bool bytes_add_u8(struct bytes *bytes, uint8_t number);
must_check bool bytes_add_u16(struct bytes *bytes, uint16_t number);
must_check bool bytes_add_u32(struct bytes *bytes, uint32_t number);
must_check bool bytes_add_u64(struct bytes *bytes, uint64_t number);
must_check bool bytes_add_string(struct bytes *bytes, const char *string);

/* Takes bytes from the front. */
void bytes_consume(struct bytes *bytes, size_t length);

/* Takes `length` bytes out of the middle, `offset` bytes behind the front. */
void bytes_cut(struct bytes *bytes, size_t offset, size_t length);
void bytes_free(struct bytes *bytes);

/* Reads little-endian numbers; a read beyond the end gives 0 and makes the cursor bad for good. */
struct cursor {
	const uint8_t *at, *end;
	bool bad;
};

struct cursor cursor_over(const void *data, size_t length);
size_t cursor_left(const struct cursor *cursor);
const uint8_t *cursor_take(struct cursor *cursor, size_t length);
uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16(struct cursor *cursor);
uint32_t cursor_u32(struct cursor *cursor);
uint64_t cursor_u64(struct cursor *cursor);

/* A string's bytes; not ended by a NUL. */
struct cursor cursor_string(struct cursor *cursor);

/* A copy of a string on the heap, or NULL: it was bad, held a NUL, or there is no memory. */
char *cursor_string_copy(struct cursor *cursor);

#endif
