package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.runtime.ContainerStatus;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivenessTest {
  @TempDir Path root;

  @Test
  void aProcessCountsThatWasWrittenDownSinceTheRecordWasRead() throws Exception {
    StateDirectory directory = new StateRoot(root).create("one");
    ContainerRecord planned = KnownRecordsTest.record("one");
    directory.save(planned);
    Optional<ContainerRecord> early = directory.record();
    int pid = (int) ProcessHandle.current().pid();
    directory.saveProcess(planned.withProcess(pid, Liveness.startTicks(pid)));
    assertThat(Liveness.status(directory, early)).isEqualTo(ContainerStatus.RUNNING);
    assertThat(directory.latest(early).orElseThrow().pid()).isEqualTo(pid);
  }

  @Test
  void aCreationThatWasCutShortHasStopped() throws Exception {
    StateDirectory directory = new StateRoot(root).create("one");
    assertThat(Liveness.status(directory, directory.record())).isEqualTo(ContainerStatus.STOPPED);
    directory.save(KnownRecordsTest.record("one"));
    assertThat(Liveness.status(directory, directory.record())).isEqualTo(ContainerStatus.STOPPED);
  }
}
