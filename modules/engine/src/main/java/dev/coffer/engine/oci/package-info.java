/**
 * What a container's config means in the terms of the OCI runtime specification, with the defaults
 * that Docker's users know. Pure: facts of the host come in as values.
 */
package dev.coffer.engine.oci;
