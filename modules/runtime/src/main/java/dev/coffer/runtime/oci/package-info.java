/**
 * The verbs of an OCI runtime (runtime-spec, runtime.md): one class each. They decide and keep
 * state; the caller's own process runs the plans ({@link dev.coffer.runtime.oci.Runner}), so that a
 * container is its child. State is never believed where the kernel can be asked: see {@link
 * dev.coffer.runtime.oci.Liveness}. docs/contributors/oci-runtime.md draws the whole.
 */
package dev.coffer.runtime.oci;
