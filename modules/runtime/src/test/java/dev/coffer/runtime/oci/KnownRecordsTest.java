package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.runtime.oci.ContainerRecord.StartSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownRecordsTest {
  @TempDir Path root;
  private final KnownRecords known = new KnownRecords();

  @Test
  void theProcessIsSeenOnceItIsWritten() throws Exception {
    StateDirectory directory = new StateRoot(root).create("one");
    assertThat(directory.record(known)).isEmpty();
    directory.save(record("one"));
    assertThat(directory.record(known).orElseThrow().pid()).isZero();
    directory.saveProcess(record("one").withProcess(42, 7));
    assertThat(directory.record(known).orElseThrow().pid()).isEqualTo(42);
  }

  @Test
  void anotherContainerOfThatIdIsSeenAtOnce() throws Exception {
    StateDirectory directory = new StateRoot(root).create("one");
    for (int pid = 100; pid < 200; pid++) {
      replace(directory, pid);
      assertThat(directory.record(known).orElseThrow().pid()).isEqualTo(pid);
    }
  }

  /** As fast as can be, with texts of one length, in a file that gets the number of the last. */
  private static void replace(StateDirectory directory, int pid) throws IOException {
    Path file = directory.path().resolve("state.json");
    boolean ignored = Files.deleteIfExists(file);
    directory.save(record("one"));
    directory.saveProcess(record("one").withProcess(pid, 7));
  }

  @Test
  void whatChangedAMomentAgoIsNotSettled() {
    Instant now = Instant.parse("2026-01-01T00:00:10Z");
    assertThat(file(now).isSettled(now)).isFalse();
    assertThat(file(now.minusSeconds(2)).isSettled(now)).isFalse();
    assertThat(file(now.minusSeconds(3)).isSettled(now)).isTrue();
    assertThat(file(now.plusSeconds(3600)).isSettled(now)).as("from the future").isFalse();
  }

  private static RecordFile file(Instant changed) {
    return new RecordFile(1, 2, 3, changed, 0);
  }

  static ContainerRecord record(String id) {
    return new ContainerRecord(
        id,
        "/bundle",
        "/bundle/rootfs",
        "2026-01-01T00:00:00Z",
        "1.2.0",
        new LinkedHashMap<>(),
        "/" + id,
        new LinkedHashMap<>(),
        Optional.empty(),
        Optional.empty(),
        true,
        new StartSteps(1, 10, List.of()),
        0,
        0);
  }
}
