/**
 * The OCI image specification as records: what a registry, an image layout and the image store
 * speak.
 *
 * <p>Readers are tolerant where Docker and containerd are, and keep fields they do not know. What
 * identifies an image is always the digest of the bytes that were read, never of a record written
 * again.
 */
package dev.coffer.spec.image;
