/* A test program: each TEST runs in a process of its own, with a time limit, and may leave it in any state. */
#ifndef COFFER_HARNESS_H
#define COFFER_HARNESS_H

#include <stdint.h>

#define EXIT_SKIPPED 77

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_add(struct test *test);

/* Ends the test as failed. */
_Noreturn void test_failed(const char *file, int line, const char *what);
void test_equal(const char *file, int line, const char *what, int64_t actual, int64_t expected);
void test_same_text(const char *file, int line, const char *what, const char *actual, const char *expected);

/* Ends the test as one that cannot be tried here, and says why. */
_Noreturn void test_skip(const char *why);

#define TEST(name) \
	static void name(void); \
	static struct test name##_test = { #name, name, 0 }; \
	static __attribute__((constructor)) void name##_add(void) { test_add(&name##_test); } \
	static void name(void)

#define CHECK(condition) do { if (!(condition)) test_failed(__FILE__, __LINE__, #condition); } while (0)
#define CHECK_EQUAL(actual, expected) test_equal(__FILE__, __LINE__, #actual, (int64_t)(actual), (int64_t)(expected))
#define CHECK_TEXT(actual, expected) test_same_text(__FILE__, __LINE__, #actual, actual, expected)

#endif
