package dev.coffer.image.tree;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Compares files byte by byte. */
final class SameContent {
  private static final int READ = OpenFlags.RDONLY | OpenFlags.NONBLOCK;
  private static final int CHUNK = 256 * 1024;

  private SameContent() {}

  /** Whether two regular files, opened with {@code O_PATH}, have the same bytes. */
  static boolean of(Fd one, Fd other) throws KernelException {
    try (Arena arena = Arena.ofConfined();
        Fd first = FileOpen.reopen(one, READ);
        Fd second = FileOpen.reopen(other, READ)) {
      MemorySegment here = arena.allocate(CHUNK);
      MemorySegment there = arena.allocate(CHUNK);
      long at = 0;
      while (true) {
        long count = FileData.readAt(first, here, at);
        if (count == 0) {
          return FileData.readAt(second, there, at) == 0;
        }
        if (!read(second, there.asSlice(0, count), at)
            || here.asSlice(0, count).mismatch(there.asSlice(0, count)) >= 0) {
          return false;
        }
        at += count;
      }
    }
  }

  private static boolean read(Fd file, MemorySegment into, long at) throws KernelException {
    for (long done = 0; done < into.byteSize(); ) {
      long count = FileData.readAt(file, into.asSlice(done), at + done);
      if (count == 0) {
        return false;
      }
      done += count;
    }
    return true;
  }
}
