package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.Spec;

/**
 * A container's config as it was kept.
 *
 * @param size characters of its text, by which what is made of it is weighed
 */
record SavedConfig(Spec spec, int size) {}
