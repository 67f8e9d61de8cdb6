/** Locks, and files of others that are read up to a limit. */
package dev.coffer.runtime.file;
