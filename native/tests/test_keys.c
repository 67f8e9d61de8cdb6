/* The detach keys, typed whole, in pieces, nearly, and twice over. */
#include "keys.h"
#include "unit.h"

static bool type(struct keys *keys, const char *typed, const char *passed_on)
{
	struct bytes out = { 0 };
	bool detached = keys_scan(keys, (const uint8_t *)typed, strlen(typed), &out);
	CHECK_BYTES(bytes_front(&out), bytes_length(&out), passed_on, strlen(passed_on));
	bytes_free(&out);
	return detached;
}

static struct keys keys_of(const char *sequence)
{
	return (struct keys){ .sequence = (const uint8_t *)sequence, .length = strlen(sequence) };
}

TEST(detach_keys_are_found)
{
	struct keys keys = keys_of("\x10\x11");
	CHECK(!type(&keys, "abc", "abc"));
	CHECK(type(&keys, "x\x10\x11y", "x"));

	keys = keys_of("\x10\x11");
	CHECK(!type(&keys, "a\x10", "a"));
	CHECK(!type(&keys, "b", "\x10" "b"));
	CHECK(!type(&keys, "\x10", ""));
	CHECK(!type(&keys, "\x10", "\x10"));
	CHECK(type(&keys, "\x11", ""));

	/* What is held back may itself contain the sequence's beginning. */
	keys = keys_of("aab");
	CHECK(!type(&keys, "aa", ""));
	CHECK(type(&keys, "ab", "a"));
	keys = keys_of("abac");
	CHECK(!type(&keys, "aba", ""));
	CHECK(type(&keys, "bac", "ab"));
	keys = keys_of("abac");
	CHECK(!type(&keys, "abax", "abax"));

	keys = keys_of("");
	CHECK(!type(&keys, "anything", "anything"));
	keys = keys_of("q");
	CHECK(type(&keys, "q", ""));
}
