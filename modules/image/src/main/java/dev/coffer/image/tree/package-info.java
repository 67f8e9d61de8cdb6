/** Trees of containers as their layers make them, seen without a mount: changes and archives. */
package dev.coffer.image.tree;
