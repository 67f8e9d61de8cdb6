/* The smallest harness: a failed check says where and counts; main() ends with unit_end(). */
#ifndef COFFER_UNIT_H
#define COFFER_UNIT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int unit_failures, unit_checks;

static inline bool unit_check(bool good, const char *what, const char *file, int line)
{
	unit_checks++;
	if (!good) {
		unit_failures++;
		fprintf(stderr, "%s:%d: failed: %s (errno: %s)\n", file, line, what, strerror(errno));
	}
	return good;
}

static inline bool unit_same(const void *is, size_t is_length, const void *want, size_t want_length, const char *file, int line)
{
	unit_checks++;
	if (is_length == want_length && (want_length == 0 || memcmp(is, want, want_length) == 0))
		return true;
	unit_failures++;
	fprintf(stderr, "%s:%d: is   %zu bytes: %.*s\n%s:%d: want %zu bytes: %.*s\n", file, line, is_length,
		(int)(is_length < 400 ? is_length : 400), (const char *)is, file, line, want_length,
		(int)(want_length < 400 ? want_length : 400), (const char *)want);
	return false;
}

#define CHECK(condition) unit_check((condition), #condition, __FILE__, __LINE__)
#define CHECK_BYTES(is, is_length, want, want_length) unit_same((is), (is_length), (want), (want_length), __FILE__, __LINE__)
#define CHECK_TEXT(is, want) unit_same((is), strlen(is), (want), strlen(want), __FILE__, __LINE__)

static inline int unit_end(const char *name)
{
	printf("%s: %d checks, %d failed\n", name, unit_checks, unit_failures);
	return unit_failures > 0;
}

#endif
