/** Placeholder. */
package dev.coffer.runtime;
