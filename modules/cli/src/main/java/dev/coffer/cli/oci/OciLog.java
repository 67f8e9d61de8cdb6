package dev.coffer.cli.oci;

import dev.coffer.cli.format.Printable;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The file of {@code --log}, in which engines look for the cause of a failure: the {@code msg} of
 * the last entry of level {@code error}.
 *
 * @param file empty: there is none
 * @param json one JSON object a line, else {@code key=value} pairs
 */
record OciLog(Optional<Path> file, boolean json, Clock clock) {
  private static final int MODE = 0644;

  /** What {@code --debug} adds; where there is no log, the line for standard error instead. */
  Optional<String> debug(String message) {
    write("debug", message);
    return file.isPresent() ? Optional.empty() : Optional.of(entry("debug", message) + "\n");
  }

  void error(String message) {
    write("error", message);
  }

  /** False where there is no log to write to. */
  boolean warning(String message) {
    write("warning", message);
    return file.isPresent();
  }

  /**
   * A log that cannot be written (its directory may be gone by now) stops nothing, nor does a fifo
   * that nobody reads.
   */
  private void write(String level, String message) {
    if (file.isEmpty()) {
      return;
    }
    int flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.APPEND;
    int patience = OpenFlags.NONBLOCK | OpenFlags.NOCTTY;
    try (Fd opened = FileOpen.at(Fd.CWD, file.get().toString(), flags | patience, MODE)) {
      FileData.writeAll(opened, (entry(level, message) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      System.getLogger(OciLog.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot write " + file.get(), e);
    }
  }

  private String entry(String level, String message) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (json) {
      return Json.write(
          JsonObject.builder()
              .put("level", level)
              .put("msg", message)
              .put("time", now.toString())
              .build());
    }
    return "time=\"%s\" level=%s msg=%s".formatted(now, level, Printable.text(quoted(message)));
  }

  private static String quoted(String message) {
    return '"' + message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
