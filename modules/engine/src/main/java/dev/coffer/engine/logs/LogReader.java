package dev.coffer.engine.logs;

import dev.coffer.engine.model.LogLine;
import dev.coffer.engine.model.LogQuery;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a container's log back, rotated files first.
 *
 * <p>Rotation renames {@code name} to {@code name.1}, {@code name.1} to {@code name.2} and so on;
 * an open file stays what it was, so a reader that follows finishes the old one and goes on with
 * the new one.
 */
public final class LogReader {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  private final Path file;
  private final LogFormat format;

  /** A reader of the log whose newest file is this. */
  public LogReader(Path file, LogFormat format) {
    this.file = file;
    this.format = format;
  }

  /** Tells a follower when no more output can come. */
  @FunctionalInterface
  public interface End {
    /** Waits at most so long for the container's end; whether it has ended. */
    boolean await(Duration atMost) throws InterruptedException;
  }

  /**
   * Gives the wanted entries to the sink, oldest first.
   *
   * @param end asked only when the query follows
   * @throws IOException when the log cannot be read
   */
  public void read(LogQuery query, Consumer<LogLine> sink, End end)
      throws IOException, InterruptedException {
    List<LogFile> files = open();
    try {
      if (query.tail() >= 0) {
        seek(files, query.tail());
      }
      for (LogFile each : files) {
        if (!drain(each, query, sink)) {
          return;
        }
      }
      if (query.follow()) {
        follow(files, query, sink, end);
      }
    } finally {
      for (LogFile each : files) {
        each.close();
      }
    }
  }

  /** All files, oldest first. A rotation in between shows as a file met twice. */
  private List<LogFile> open() throws IOException {
    List<LogFile> files = new ArrayList<>();
    for (int i = 0; ; i++) {
      Optional<LogFile> next = openQuietly(i == 0 ? file : rotated(i));
      if (next.isEmpty() && i > 0) {
        return files;
      }
      if (next.isPresent()) {
        LogFile opened = next.get();
        if (files.stream().anyMatch(opened::isSame)) {
          opened.close();
        } else {
          files.addFirst(opened);
        }
      }
    }
  }

  private Path rotated(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private static Optional<LogFile> openQuietly(Path path) throws IOException {
    try {
      return LogFile.open(path);
    } catch (NoSuchFileException rotatedAway) {
      return Optional.empty();
    }
  }

  private static void seek(List<LogFile> files, int tail) throws IOException {
    long missing = tail;
    for (LogFile each : files.reversed()) {
      missing = each.seekToLast(missing);
    }
  }

  private void follow(List<LogFile> files, LogQuery query, Consumer<LogLine> sink, End end)
      throws IOException, InterruptedException {
    Duration pause = SHORTEST_PAUSE;
    boolean ended = false;
    while (true) {
      boolean more = !files.isEmpty() && drainSome(files.getLast(), query, sink);
      boolean rotatedNow = files.isEmpty() || !files.getLast().isAt(file);
      if (rotatedNow) {
        Optional<LogFile> next = openQuietly(file);
        if (next.isPresent()) {
          // What came between the last read and the rename is still in the old file.
          if (!files.isEmpty() && !drain(files.getLast(), query, sink)) {
            next.get().close();
            return;
          }
          files.add(next.get());
          continue;
        }
      }
      if (ended || isOver(query)) {
        return;
      }
      pause = more ? SHORTEST_PAUSE : longer(pause);
      ended = end.await(pause);
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private static boolean isOver(LogQuery query) {
    return query.until().isPresent() && Instant.now().isAfter(query.until().get());
  }

  private boolean drainSome(LogFile from, LogQuery query, Consumer<LogLine> sink)
      throws IOException {
    Optional<byte[]> first = from.nextLine();
    if (first.isEmpty()) {
      return false;
    }
    format.parse(first.get()).ifPresent(line -> offer(line, query, sink));
    return drain(from, query, sink);
  }

  /** Whether entries after this file may still be wanted. */
  private boolean drain(LogFile from, LogQuery query, Consumer<LogLine> sink) throws IOException {
    for (Optional<byte[]> raw = from.nextLine(); raw.isPresent(); raw = from.nextLine()) {
      Optional<LogLine> line = format.parse(raw.get());
      if (line.isPresent() && !offer(line.get(), query, sink)) {
        return false;
      }
    }
    return true;
  }

  private static boolean offer(LogLine line, LogQuery query, Consumer<LogLine> sink) {
    if (query.until().isPresent() && line.time().isAfter(query.until().get())) {
      return false;
    }
    boolean late = query.since().isEmpty() || !line.time().isBefore(query.since().get());
    if (late && (line.stderr() ? query.stderr() : query.stdout())) {
      sink.accept(line);
    }
    return true;
  }
}
