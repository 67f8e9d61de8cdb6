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

bool keys_scan(struct keys *keys, const uint8_t *typed, size_t length, struct bytes *out)
{
	if (keys->length == 0) {
		(void)bytes_add(out, typed, length);
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		while (keys->matched > 0 && typed[i] != keys->sequence[keys->matched]) {
			size_t shorter = shorter_match(keys);
			(void)bytes_add(out, keys->sequence, keys->matched - shorter);
			keys->matched = shorter;
		}
		if (typed[i] != keys->sequence[keys->matched])
			(void)bytes_add_u8(out, typed[i]);
		else if (++keys->matched == keys->length)
			return true;
	}
	return false;
}
