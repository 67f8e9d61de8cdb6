/** Placeholder. */
package dev.coffer.plan;
