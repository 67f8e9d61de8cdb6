/* One more check on top of the harness: bytes that are no text. */
#ifndef COFFER_UNIT_H
#define COFFER_UNIT_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

#define CHECK_BYTES(actual, length, expected, expected_length) do { \
		CHECK_EQUAL(length, expected_length); \
		CHECK((expected_length) == 0 || memcmp(actual, expected, expected_length) == 0); \
	} while (0)

#endif
