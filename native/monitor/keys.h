/* Recognises the detach keys in what a client types. */
#ifndef COFFER_KEYS_H
#define COFFER_KEYS_H

#include "bytes.h"
#include "must_check.h"

struct keys {
	const uint8_t *sequence;	/* length 0: nothing ever matches */
	size_t length;
	size_t matched;			/* bytes of the sequence that were typed and are held back */
};

/*
 * Appends to `out` what is to be passed on, in order: held-back bytes too once they turn out not to be
 * the sequence. Returns true when the whole sequence was typed; the bytes behind it are dropped.
 */
must_check bool keys_scan(struct keys *keys, const uint8_t *typed, size_t length, struct bytes *out);

#endif
