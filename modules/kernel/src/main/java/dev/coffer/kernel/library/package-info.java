/**
 * Functions of the host's own libraries for what Java does much slower, used where they are
 * installed.
 */
package dev.coffer.kernel.library;
