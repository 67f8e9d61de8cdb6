/** A registry in the test's own process, to be well-behaved or not. */
package dev.coffer.testkit.registry;
