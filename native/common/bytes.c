#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#define SMALLEST 256

uint8_t *bytes_reserve(struct bytes *bytes, size_t length)
{
	size_t held = bytes_length(bytes);
	if (bytes->capacity - bytes->end >= length && bytes->data)
		return bytes->data + bytes->end;
	if (bytes->start > 0 && bytes->data) {
		memmove(bytes->data, bytes_front(bytes), held);
		bytes->start = 0;
		bytes->end = held;
	}
	if (bytes->capacity - held < length || !bytes->data) {
		size_t capacity = bytes->capacity ? bytes->capacity : SMALLEST;
		while (capacity - held < length)
			capacity *= 2;
		uint8_t *data = realloc(bytes->data, capacity);
		if (!data)
			return NULL;
		bytes->data = data;
		bytes->capacity = capacity;
	}
	return bytes->data + bytes->end;
}

void bytes_grow(struct bytes *bytes, size_t length)
{
	bytes->end += length;
}

bool bytes_add(struct bytes *bytes, const void *data, size_t length)
{
	uint8_t *room = bytes_reserve(bytes, length);
	if (!room)
		return false;
	if (length > 0)
		memcpy(room, data, length);
	bytes_grow(bytes, length);
	return true;
}

bool bytes_add_u8(struct bytes *bytes, uint8_t number)
{
	return bytes_add(bytes, &number, sizeof number);
}

/* Both architectures are little-endian, as the protocol is. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are sent as they lie in memory");

bool bytes_add_u16(struct bytes *bytes, uint16_t number)
{
	return bytes_add(bytes, &number, sizeof number);
}

bool bytes_add_u32(struct bytes *bytes, uint32_t number)
{
	return bytes_add(bytes, &number, sizeof number);
}

bool bytes_add_u64(struct bytes *bytes, uint64_t number)
{
	return bytes_add(bytes, &number, sizeof number);
}

bool bytes_add_string(struct bytes *bytes, const char *string)
{
	size_t length = strlen(string);
	return bytes_add_u32(bytes, (uint32_t)length) && bytes_add(bytes, string, length);
}

void bytes_consume(struct bytes *bytes, size_t length)
{
	bytes->start += length;
	if (bytes->start == bytes->end)
		bytes_free(bytes);
}

void bytes_cut(struct bytes *bytes, size_t offset, size_t length)
{
	uint8_t *at = bytes_front(bytes) + offset;
	memmove(at, at + length, bytes_length(bytes) - offset - length);
	bytes->end -= length;
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}

struct cursor cursor_over(const void *data, size_t length)
{
	return (struct cursor){ .at = data, .end = length ? (const uint8_t *)data + length : data };
}

size_t cursor_left(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

const uint8_t *cursor_take(struct cursor *cursor, size_t length)
{
	if (cursor->bad || cursor_left(cursor) < length) {
		cursor->bad = true;
		return NULL;
	}
	const uint8_t *taken = cursor->at;
	cursor->at += length;
	return taken;
}

static uint64_t cursor_number(struct cursor *cursor, size_t width)
{
	uint64_t number = 0;
	const uint8_t *taken = cursor_take(cursor, width);
	if (taken)
		memcpy(&number, taken, width);
	return number;
}

uint8_t cursor_u8(struct cursor *cursor)
{
	return (uint8_t)cursor_number(cursor, 1);
}

uint16_t cursor_u16(struct cursor *cursor)
{
	return (uint16_t)cursor_number(cursor, 2);
}

uint32_t cursor_u32(struct cursor *cursor)
{
	return (uint32_t)cursor_number(cursor, 4);
}

uint64_t cursor_u64(struct cursor *cursor)
{
	return cursor_number(cursor, 8);
}

struct cursor cursor_string(struct cursor *cursor)
{
	uint32_t length = cursor_u32(cursor);
	const uint8_t *data = cursor_take(cursor, length);
	return data ? cursor_over(data, length) : (struct cursor){ .bad = true };
}

char *cursor_string_copy(struct cursor *cursor)
{
	struct cursor string = cursor_string(cursor);
	size_t length = cursor_left(&string);
	if (string.bad || (length > 0 && memchr(string.at, 0, length))) {
		cursor->bad = true;
		return NULL;
	}
	char *copy = malloc(length + 1);
	if (!copy)
		return NULL;
	if (length > 0)
		memcpy(copy, string.at, length);
	copy[length] = '\0';
	return copy;
}
