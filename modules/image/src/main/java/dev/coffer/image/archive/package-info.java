/** The archives that images come from and go to. */
package dev.coffer.image.archive;
