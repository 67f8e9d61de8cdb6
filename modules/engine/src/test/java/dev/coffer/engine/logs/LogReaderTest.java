package dev.coffer.engine.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.engine.model.LogQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

  private static final String TIME = "2026-05-01T12:00:0%d.5Z";

  @TempDir Path directory;

  @Test
  void readsRotatedFilesOldestFirst() throws Exception {
    write("log.2", json("stdout", "a\\n", 1));
    write("log.1", json("stderr", "b\\n", 2));
    write("log", json("stdout", "\\u00e4\\n", 3) + "{\"log\":\"cut");
    assertThat(read(all())).isEqualTo("a\nb\nä\n");
  }

  @Test
  void tailCountsLinesAcrossFiles() throws Exception {
    write("log.1", json("stdout", "a\\n", 1) + json("stdout", "b\\n", 2));
    write("log", json("stdout", "c\\n", 3));
    assertThat(read(query(true, true, 2))).isEqualTo("b\nc\n");
    assertThat(read(query(true, true, 0))).isEmpty();
    assertThat(read(query(true, true, 9))).isEqualTo("a\nb\nc\n");
  }

  @Test
  void streamsAndTimesAreChosen() throws Exception {
    write("log", json("stdout", "a\\n", 1) + json("stderr", "b\\n", 2) + json("stdout", "c\\n", 3));
    assertThat(read(query(false, true, -1))).isEqualTo("b\n");
    LogQuery window =
        new LogQuery(
            true,
            true,
            false,
            Optional.of(Instant.parse(TIME.formatted(2))),
            Optional.of(Instant.parse(TIME.formatted(2))),
            -1);
    assertThat(read(window)).isEqualTo("b\n");
  }

  @Test
  void followsAcrossARotationUntilTheEnd() throws Exception {
    write("log", json("stdout", "a\\n", 1));
    StringBuilder text = new StringBuilder();
    AtomicInteger asked = new AtomicInteger();
    new LogReader(directory.resolve("log"), LogFormat.JSON_FILE)
        .read(
            new LogQuery(true, true, true, Optional.empty(), Optional.empty(), -1),
            line -> text.append(new String(line.text(), StandardCharsets.UTF_8)),
            atMost -> {
              switch (asked.getAndIncrement()) {
                case 0 -> append("log", json("stdout", "b\\n", 2));
                case 1 -> {
                  append("log", json("stdout", "c\\n", 3));
                  move("log", "log.1");
                  write("log", json("stdout", "d\\n", 4));
                }
                case 2 -> {
                  append("log", json("stdout", "e\\n", 5));
                  return true;
                }
                default -> throw new AssertionError("asked after the end");
              }
              return false;
            });
    assertThat(text).hasToString("a\nb\nc\nd\ne\n");
  }

  @Test
  void theCriFormKeepsPartialLinesTogether() throws Exception {
    write("log", TIME.formatted(1) + " stdout P he\n" + TIME.formatted(1) + " stderr F llo\n");
    StringBuilder text = new StringBuilder();
    new LogReader(directory.resolve("log"), LogFormat.CRI)
        .read(
            all(),
            line ->
                text.append(line.stderr() ? "E:" : "O:")
                    .append(new String(line.text(), StandardCharsets.UTF_8)),
            atMost -> true);
    assertThat(text).hasToString("O:heE:llo\n");
  }

  @Test
  void noLogYetIsAnEmptyLog() throws Exception {
    assertThat(read(all())).isEmpty();
  }

  private static LogQuery all() {
    return query(true, true, -1);
  }

  private static LogQuery query(boolean stdout, boolean stderr, int tail) {
    return new LogQuery(stdout, stderr, false, Optional.empty(), Optional.empty(), tail);
  }

  private String read(LogQuery query) throws Exception {
    StringBuilder text = new StringBuilder();
    new LogReader(directory.resolve("log"), LogFormat.JSON_FILE)
        .read(
            query,
            line -> text.append(new String(line.text(), StandardCharsets.UTF_8)),
            atMost -> true);
    return text.toString();
  }

  private static String json(String stream, String text, int second) {
    return "{\"log\":\"%s\",\"stream\":\"%s\",\"time\":\"%s\"}\n"
        .formatted(text, stream, TIME.formatted(second));
  }

  private void write(String name, String text) {
    put(name, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void append(String name, String text) {
    put(name, text, StandardOpenOption.APPEND);
  }

  private void put(String name, String text, StandardOpenOption... options) {
    try {
      Files.writeString(directory.resolve(name), text, options);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void move(String from, String to) {
    try {
      Files.move(directory.resolve(from), directory.resolve(to));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
