/** Placeholder. */
package dev.coffer.spec;
