/**
 * Records and JSON of the OCI specifications. {@link dev.coffer.spec.json} is the JSON that every
 * file and answer of Coffer is written in, {@link dev.coffer.spec.runtime} the runtime
 * specification; {@link dev.coffer.spec.SpecException} is how all of them refuse a document.
 */
package dev.coffer.spec;
