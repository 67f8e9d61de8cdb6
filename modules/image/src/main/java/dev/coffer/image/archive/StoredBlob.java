package dev.coffer.image.archive;

import dev.coffer.spec.image.Digest;

/** A file of an archive that has become a blob. */
record StoredBlob(Digest digest, long size) {}
