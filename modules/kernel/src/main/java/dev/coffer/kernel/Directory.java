package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Listing a directory: {@code getdents64(2)}. */
public final class Directory {
  private static final int BUFFER_SIZE = 32768;
  private static final int NAME_OFFSET = 19;

  private Directory() {}

  /**
   * All names but {@code .} and {@code ..}, in the file system's order, from the descriptor's
   * start.
   *
   * @param directory open for reading; its position is moved
   */
  public static List<DirectoryEntry> list(Fd directory) throws KernelException {
    List<DirectoryEntry> entries = new ArrayList<>();
    FileData.seek(directory, 0, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_SIZE, 8);
      while (true) {
        long size =
            Syscall.call(Call.GETDENTS64, directory.number(), buffer.address(), BUFFER_SIZE);
        if (size < 0) {
          throw KernelException.of(Call.GETDENTS64, size, directory);
        }
        if (size == 0) {
          return List.copyOf(entries);
        }
        decode(NativeWords.bytes(buffer), size, entries);
      }
    }
  }

  /** The layout of {@code struct linux_dirent64} in getdents(2). */
  private static void decode(ByteBuffer buffer, long size, List<DirectoryEntry> entries) {
    for (int at = 0; at < size; ) {
      int length = Short.toUnsignedInt(buffer.getShort(at + 16));
      String name = name(buffer, at + NAME_OFFSET);
      if (!name.equals(".") && !name.equals("..")) {
        entries.add(
            new DirectoryEntry(name, buffer.getLong(at), FileType.ofEntry(buffer.get(at + 18))));
      }
      at += length;
    }
  }

  private static String name(ByteBuffer buffer, int begin) {
    int end = begin;
    while (buffer.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - begin];
    buffer.get(begin, name);
    return NativeText.decode(name);
  }
}
