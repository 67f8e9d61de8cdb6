package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OtherThreadTest {
  @Test
  void aThreadOfItsOwnDoesIt() throws IOException {
    Thread own = Thread.currentThread();
    assertThat(OtherThread.call("other", Thread::currentThread))
        .isNotSameAs(own)
        .extracting(Thread::getName)
        .isEqualTo("other");
  }

  @Test
  void itsFailureIsTheCallers() {
    IOException failure = new IOException("no");
    assertThatThrownBy(
            () ->
                OtherThread.call(
                    "other",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    AssertionError error = new AssertionError("broken");
    assertThatThrownBy(
            () ->
                OtherThread.call(
                    "other",
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
  }

  @Test
  void whoIsInterruptedHasItsResultAndStaysInterrupted() throws IOException {
    Thread caller = Thread.currentThread();
    String result =
        OtherThread.call(
            "other",
            () -> {
              caller.interrupt();
              // The caller goes on waiting after its interruption.
              while (caller.isInterrupted()) {
                Thread.onSpinWait();
              }
              return "done";
            });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result).isEqualTo("done");
  }
}
