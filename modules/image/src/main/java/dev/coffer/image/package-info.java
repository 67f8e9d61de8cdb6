/** Placeholder. */
package dev.coffer.image;
