package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a monitor wrote down about its container's end, for an engine that was not there.
 *
 * @param exitCode 0 to 255; 128 + signal where one ended it
 * @param signal 0 where it left by itself
 */
public record ExitRecord(
    int exitCode, int signal, boolean oomKilled, int pid, Instant startedAt, Instant finishedAt) {

  /**
   * Reads a record.
   *
   * @return empty where there is none: the container did not end under its monitor's eyes
   * @throws IOException where it cannot be read or is no such record
   */
  public static Optional<ExitRecord> read(Path file) throws IOException {
    try (Fd open = FileOpen.path(file.toString(), OpenFlags.RDONLY | OpenFlags.NOFOLLOW)) {
      byte[] text = ProcFile.read(open).getBytes(StandardCharsets.UTF_8);
      return Optional.of(decode(JsonCursor.read(file.toString(), text, Limits.STATE)));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    } catch (SpecException | DateTimeException e) {
      throw new IOException("cannot read exit record \"" + file + "\": " + e.getMessage(), e);
    }
  }

  /** The same as a connection would have told it. */
  public ExitStatus.Exited toStatus() {
    return new ExitStatus.Exited(exitCode, signal, oomKilled, finishedAt);
  }

  private static ExitRecord decode(JsonCursor record) {
    return new ExitRecord(
        record.field("exitCode").int32(),
        record.field("signal").int32(),
        record.field("oomKilled").bool(),
        record.field("pid").int32(),
        Instant.parse(record.field("startedAt").string()),
        Instant.parse(record.field("finishedAt").string()));
  }
}
