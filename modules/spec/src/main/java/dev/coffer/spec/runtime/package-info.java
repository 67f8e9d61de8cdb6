/**
 * The OCI runtime specification 1.3, whole for Linux, as immutable records.
 *
 * <p>{@link dev.coffer.spec.runtime.Spec} is a {@code config.json}. Reading is tolerant: members
 * that the specification does not have are kept in each record's {@code extra} and written again.
 * It fails where a value has the wrong type, is none of the allowed words, or is required and
 * missing. {@link dev.coffer.spec.runtime.SpecValidator} checks the rest of the rules. {@link
 * dev.coffer.spec.runtime.State} is what hooks and {@code state} get.
 *
 * <p>Unsigned 64-bit numbers are the bits of a {@code long}; unsigned 32-bit ones are a {@code
 * long} from 0 to 4294967295.
 */
package dev.coffer.spec.runtime;
