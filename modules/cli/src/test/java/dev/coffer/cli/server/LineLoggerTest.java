package dev.coffer.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class LineLoggerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private LineLogger logger(boolean tellsPlaces) {
    return new LineLogger(
        "name", new PrintStream(bytes, true, StandardCharsets.UTF_8), tellsPlaces);
  }

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aWarningIsOneLineWithItsCause() {
    logger(false).log(Level.WARNING, "cannot tidy up", new IOException("disk\nfull"));
    assertThat(said()).isEqualTo("coffer: warning: cannot tidy up: disk full\n");
  }

  @Test
  void aCauseThatTheMessageHasIsNotRepeated() {
    logger(false).log(Level.ERROR, "cannot read: gone", new IOException("gone"));
    assertThat(said()).isEqualTo("coffer: error: cannot read: gone\n");
  }

  @Test
  void aCauseWithoutWordsIsNamed() {
    logger(false).log(Level.WARNING, "command failed", new IllegalStateException());
    logger(false).log(Level.WARNING, "cannot look", new NoSuchFileException("/x"));
    assertThat(said().lines())
        .containsExactly(
            "coffer: warning: command failed: java.lang.IllegalStateException",
            "coffer: warning: cannot look: /x: no such file or directory");
  }

  @Test
  void debuggingHasTimeNameAndStack() {
    logger(true).log(Level.WARNING, "cannot tidy up", new IOException("disk full"));
    assertThat(said())
        .matches("(?s)20\\S+Z name: warning: cannot tidy up: disk full\n.*")
        .contains("\njava.io.IOException: disk full\n\tat ", "LineLoggerTest");
  }

  @Test
  void whatIsLessThanAWarningIsNotSaid() {
    logger(true).log(Level.INFO, "hello");
    logger(true).log(Level.WARNING, "{0} of {1}", 1, 2);
    assertThat(said()).endsWith("name: warning: 1 of 2\n").doesNotContain("hello");
  }

  @Test
  void theEngineSpeaksThroughIt() {
    assertThat(new EngineLoggers().getLogger("any", LineLoggerTest.class.getModule()))
        .isInstanceOf(LineLogger.class);
    assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(EngineLoggers.class);
  }
}
