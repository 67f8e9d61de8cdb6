package dev.coffer.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Programs that run for the engine. */
class HostProcessTest {

  private static HostProcess shell(String script, List<String> messages) throws IOException {
    return HostProcess.start(
        List.of("/bin/sh", "-c", script), List.of("PATH=/usr/bin:/bin"), messages::add);
  }

  @Test
  void outputAndMessagesAreApart() throws IOException {
    List<String> messages = new CopyOnWriteArrayList<>();
    try (HostProcess process = shell("echo I: one >&2; echo out; echo E: two >&2", messages)) {
      assertThat(new String(process.output().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("out\n");
      assertThat(process.await().code()).isZero();
      assertThat(messages).containsExactly("I: one", "E: two");
    }
  }

  @Test
  void aListenerThatFailsHoldsNothingUp() throws IOException {
    try (HostProcess process =
        HostProcess.start(
            List.of("/bin/sh", "-c", "yes I: again | head -c 300000 >&2; echo done"),
            List.of("PATH=/usr/bin:/bin"),
            _ -> {
              throw new IllegalStateException("nobody listens");
            })) {
      assertThat(process.output().readAllBytes()).hasSize(5);
      assertThat(process.await().code()).isZero();
    }
  }

  @Test
  void closingEndsIt() throws IOException {
    HostProcess process = shell("exec sleep 1000", new CopyOnWriteArrayList<>());
    process.close();
    assertThat(process.await().signal()).isEqualTo(9);
  }

  @Test
  void whatIsNotThereIsNotStarted() {
    assertThatThrownBy(() -> HostProcess.start(List.of("/nowhere/x"), List.of(), _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/x");
  }

  @Test
  void anInterruptEndsWhatItWaitsFor() throws IOException {
    try (HostProcess process = shell("exec sleep 1000", new CopyOnWriteArrayList<>())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () -> new Interruptible<>(process.output()::readAllBytes, process::kill).call())
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
