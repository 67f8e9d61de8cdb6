/** Placeholder. */
package dev.coffer.engine;
