package dev.coffer.engine.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Programs that run for the engine. */
class ToolProcessTest {

  private static ToolProcess shell(String script, List<String> messages) throws IOException {
    return ToolProcess.start(
        List.of("/bin/sh", "-c", script), List.of("PATH=/usr/bin:/bin"), messages::add);
  }

  @Test
  void outputAndMessagesAreApart() throws IOException {
    List<String> messages = new CopyOnWriteArrayList<>();
    try (ToolProcess process = shell("echo I: one >&2; echo out; echo E: two >&2", messages)) {
      assertThat(new String(process.output().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("out\n");
      assertThat(process.await().status().code()).isZero();
      assertThat(messages).containsExactly("I: one", "E: two");
    }
  }

  @Test
  void theFirstErrorIsTheOneToTell() throws IOException {
    String script = "echo 'E: no such package' >&2; echo 'E: it failed' >&2; exit 25";
    try (ToolProcess process = shell(script, new CopyOnWriteArrayList<>())) {
      ToolProcess.End end = process.await();
      assertThat(end.status().code()).isEqualTo(25);
      assertThat(end.error()).isEqualTo("no such package");
    }
  }

  @Test
  void aListenerThatFailsHoldsNothingUp() throws IOException {
    try (ToolProcess process =
        ToolProcess.start(
            List.of("/bin/sh", "-c", "yes I: again | head -c 300000 >&2; echo done"),
            List.of("PATH=/usr/bin:/bin"),
            _ -> {
              throw new IllegalStateException("nobody listens");
            })) {
      assertThat(process.output().readAllBytes()).hasSize(5);
      assertThat(process.await().status().code()).isZero();
    }
  }

  @Test
  void closingEndsIt() throws IOException {
    ToolProcess process = shell("exec sleep 1000", new CopyOnWriteArrayList<>());
    process.close();
    assertThat(process.await().status().signal()).isEqualTo(9);
  }

  @Test
  void whatIsNotThereIsNotStarted() {
    assertThatThrownBy(() -> ToolProcess.start(List.of("/nowhere/x"), List.of(), _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/x");
  }

  @Test
  void anInterruptEndsWhatItWaitsFor() throws IOException {
    try (ToolProcess process = shell("exec sleep 1000", new CopyOnWriteArrayList<>())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () -> new Interruptible<>(process.output()::readAllBytes, process::kill).call())
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
