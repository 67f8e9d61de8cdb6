package dev.coffer.kernel;

/**
 * A name in a directory.
 *
 * @param type its kind where the file system tells it with the name, else {@link FileType#NONE}
 */
public record DirectoryEntry(String name, long inode, FileType type) {}
