/** Reads and writes the tar format. */
package dev.coffer.image.tar;
