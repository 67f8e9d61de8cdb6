package dev.coffer.engine.logs;

import dev.coffer.engine.model.LogLine;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The forms in which a monitor writes a log: one entry a line. */
public enum LogFormat {
  /**
   * Docker's json-file: {@code {"log":"text\n","stream":"stdout","time":"…"}}. An entry whose text
   * has no line end is continued by the next of its stream.
   */
  JSON_FILE {
    @Override
    LogLine decode(byte[] line) {
      JsonCursor entry = JsonCursor.read("log", line, Limits.CONFIG);
      return new LogLine(
          entry.field("time").parse(Instant::parse),
          entry.field("stream").stringOrEmpty().equals("stderr"),
          entry.field("log").stringOrEmpty().getBytes(StandardCharsets.UTF_8));
    }
  },

  /**
   * The text form of the Kubernetes CRI: {@code time stdout F text}. {@code P} instead of {@code F}
   * says that the text goes on in the next entry.
   */
  CRI {
    @Override
    LogLine decode(byte[] line) {
      int stream = indexOf(line, ' ', 0) + 1;
      int tag = indexOf(line, ' ', stream) + 1;
      int text = indexOf(line, ' ', tag) + 1;
      Instant time = Instant.parse(new String(line, 0, stream - 1, StandardCharsets.UTF_8));
      boolean stderr = tag - stream == 7 && line[stream + 3] == 'e';
      boolean partial = line[tag] == 'P';
      byte[] content = Arrays.copyOfRange(line, text, line.length + (partial ? 0 : 1));
      if (!partial) {
        content[content.length - 1] = '\n';
      }
      return new LogLine(time, stderr, content);
    }
  };

  /** The format that a log driver writes; empty for a driver that keeps nothing. */
  public static Optional<LogFormat> ofDriver(String driver) {
    return switch (driver) {
      case "", "json-file" -> Optional.of(JSON_FILE);
      case "k8s-file" -> Optional.of(CRI);
      default -> Optional.empty();
    };
  }

  /** The log's file name in a container's directory. */
  public String fileName(String id) {
    return this == JSON_FILE ? id + "-json.log" : "container.log";
  }

  /** The constant that the monitor's protocol has for it. */
  public dev.coffer.runtime.protocol.LogFormat onTheWire() {
    return this == JSON_FILE
        ? dev.coffer.runtime.protocol.LogFormat.JSON_FILE
        : dev.coffer.runtime.protocol.LogFormat.CRI;
  }

  /** One entry, without its line end; empty for a line that was cut by a crash. */
  Optional<LogLine> parse(byte[] line) {
    try {
      return Optional.of(decode(line));
    } catch (SpecException | DateTimeException | IndexOutOfBoundsException damaged) {
      return Optional.empty();
    }
  }

  abstract LogLine decode(byte[] line);

  private static int indexOf(byte[] line, char wanted, int from) {
    for (int i = from; i < line.length; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    throw new IndexOutOfBoundsException("no field at " + from);
  }
}
