package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  @TempDir Path root;

  @Test
  void aFullDiskIsToldWithTheFileThatHasNoPlace() throws Exception {
    StateDirectory directory = new StateRoot(root).create("one");
    Path file = directory.path().resolve("state.json");
    Files.createSymbolicLink(file, Path.of("/dev/full"));
    ContainerRecord record = KnownRecordsTest.record("one").withProcess(1, 2);
    assertThatThrownBy(() -> directory.saveProcess(record))
        .hasMessage("write(\"%s\"): ENOSPC: no space left on device", file);
  }
}
