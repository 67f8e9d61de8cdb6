package dev.coffer.image.layer;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.SpecException;
import java.util.Arrays;
import java.util.Optional;

/** The file that says what an unpacked layer is. */
final class RecordFile {
  private static final String NAME = "layer.json";
  private static final String NEW_NAME = "layer.json.new";
  private static final int MAX_SIZE = 64 * 1024;

  private RecordFile() {}

  static void write(Fd directory, LayerRecord record, boolean sync) throws KernelException {
    int flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC | OpenFlags.NOFOLLOW;
    try (Fd file = FileOpen.at(directory, NEW_NAME, flags, 0600)) {
      FileData.writeAll(file, record.write());
      if (sync) {
        FileData.sync(file);
      }
    }
    FileTree.rename(directory, NEW_NAME, directory, NAME);
  }

  /** Empty where there is none, or none that can be read: a power cut may leave such a thing. */
  static Optional<LayerRecord> read(Fd directory) throws KernelException {
    byte[] bytes = new byte[MAX_SIZE];
    int length = 0;
    try (Fd file = FileOpen.at(directory, NAME, OpenFlags.RDONLY | OpenFlags.NOFOLLOW, 0)) {
      int count;
      while ((count = FileData.read(file, bytes, length, MAX_SIZE - length)) > 0) {
        length += count;
      }
      return Optional.of(LayerRecord.read(Arrays.copyOf(bytes, length)));
    } catch (SpecException unreadable) {
      return Optional.empty();
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
