/** Placeholder. */
package dev.coffer.testkit;
