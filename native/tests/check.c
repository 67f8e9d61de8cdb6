#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void test_failed(const char *file, int line, const char *what)
{
	dprintf(STDERR_FILENO, "%s:%d: %s\n", file, line, what);
	_exit(1);
}

void test_equal(const char *file, int line, const char *what, int64_t actual, int64_t expected)
{
	if (actual == expected)
		return;
	dprintf(STDERR_FILENO, "%s:%d: %s is %lld, not %lld\n", file, line, what, (long long)actual, (long long)expected);
	_exit(1);
}

void test_same_text(const char *file, int line, const char *what, const char *actual, const char *expected)
{
	if (actual && strcmp(actual, expected) == 0)
		return;
	dprintf(STDERR_FILENO, "%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, actual ? actual : "(null)", expected);
	_exit(1);
}

void test_skip(const char *why)
{
	dprintf(STDERR_FILENO, "skipped: %s\n", why);
	_exit(EXIT_SKIPPED);
}
