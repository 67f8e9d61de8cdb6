/** Placeholder. */
package dev.coffer.cli;
