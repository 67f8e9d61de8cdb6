package dev.coffer.testkit.powercut;

/**
 * One change that a program made below a directory, or its wait until changes are on the disk.
 * Paths are relative to that directory, which is itself the empty path. Bytes are text of one
 * character each (ISO 8859-1).
 */
public sealed interface FileOperation {

  /** An operation with the lines of the log where its system call began and ended. */
  record Recorded(int begin, int end, FileOperation operation) {}

  /** A regular file, if there is none. */
  record MakeFile(String path, int mode) implements FileOperation {}

  record MakeDirectory(String path, int mode) implements FileOperation {}

  record MakeSymbolicLink(String path, String target) implements FileOperation {}

  /** A device node or a FIFO; the mode holds its type. */
  record MakeNode(String path, int mode, long device) implements FileOperation {}

  record Link(String from, String to) implements FileOperation {}

  /** {@code unlink(2)} or {@code rmdir(2)}. */
  record Remove(String path) implements FileOperation {}

  record Rename(String from, String to) implements FileOperation {}

  /** An offset of -1 is the file's end. */
  record Write(String path, long offset, String bytes) implements FileOperation {}

  record Copy(String from, long fromOffset, String to, long toOffset, long length)
      implements FileOperation {}

  record Truncate(String path, long size) implements FileOperation {}

  record ChangeMode(String path, int mode) implements FileOperation {}

  /** An id of -1 stays. */
  record ChangeOwner(String path, int uid, int gid) implements FileOperation {}

  /** The time of the last modification. */
  record ChangeTime(String path, long seconds, long nanoseconds) implements FileOperation {}

  record SetAttribute(String path, String name, String value) implements FileOperation {}

  /** {@code fsync(2)} or {@code fdatasync(2)} of a file or directory. */
  record Sync(String path) implements FileOperation {}

  /** {@code syncfs(2)}. */
  record SyncFileSystem() implements FileOperation {}

  /** The program says that it has got so far: all that it promised until here must last. */
  record Mark(String name) implements FileOperation {}
}
