/** Files that are either whole or not there, locks, and the exit record. */
package dev.coffer.runtime.file;
