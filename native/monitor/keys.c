#include "keys.h"

#include <string.h>

/* The longest beginning of the sequence, shorter than what is matched, that is also the end of what is matched. */
static size_t shorter_match(const struct keys *keys)
{
	for (size_t length = keys->matched - 1; length > 0; length--)
		if (memcmp(keys->sequence, keys->sequence + keys->matched - length, length) == 0)
			return length;
	return 0;
}

static void pass_on(struct bytes *out, const uint8_t *data, size_t length)
{
	/* Without memory what was typed is lost, and all that is held with it. */
	if (!bytes_add(out, data, length))
		bytes_free(out);
}

bool keys_scan(struct keys *keys, const uint8_t *typed, size_t length, struct bytes *out)
{
	if (keys->length == 0) {
		pass_on(out, typed, length);
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		while (keys->matched > 0 && typed[i] != keys->sequence[keys->matched]) {
			size_t shorter = shorter_match(keys);
			pass_on(out, keys->sequence, keys->matched - shorter);
			keys->matched = shorter;
		}
		if (typed[i] != keys->sequence[keys->matched])
			pass_on(out, &typed[i], 1);
		else if (++keys->matched == keys->length)
			return true;
	}
	return false;
}
