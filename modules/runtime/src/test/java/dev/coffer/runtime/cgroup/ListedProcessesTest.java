package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListedProcessesTest {
  private static final int SIGTERM = 15;
  private static final int NO_PID = 1 << 22;

  private Process first;
  private Process second;

  @BeforeEach
  void start() throws IOException {
    first = new ProcessBuilder("sleep", "60").start();
    second = new ProcessBuilder("sleep", "60").start();
  }

  @AfterEach
  void end() {
    first.destroyForcibly();
    second.destroyForcibly();
  }

  @Test
  void signalsWhatStaysListed() throws IOException, InterruptedException {
    Set<Integer> both = Set.of((int) first.pid(), (int) second.pid(), NO_PID);
    ListedProcesses.signal(() -> both, SIGTERM);
    assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void leavesAloneWhatIsNotListedAnyMore() throws IOException, InterruptedException {
    Iterator<Set<Integer>> listings =
        List.of(Set.of((int) first.pid(), (int) second.pid()), Set.of((int) second.pid()))
            .iterator();
    ListedProcesses.signal(listings::next, SIGTERM);
    assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(first.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
  }
}
