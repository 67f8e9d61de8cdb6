/** Archives for tests: honest, odd and hostile ones, written byte by byte. */
package dev.coffer.testkit.archive;
