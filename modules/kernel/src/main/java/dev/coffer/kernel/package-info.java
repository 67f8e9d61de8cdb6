/** Placeholder. */
package dev.coffer.kernel;
