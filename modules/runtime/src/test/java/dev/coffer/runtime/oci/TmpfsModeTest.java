package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.runtime.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TmpfsModeTest {
  @TempDir Path rootfs;

  @Test
  void isThatOfTheDirectoryBelow() throws IOException {
    directory("run");
    assertThat(options(tmpfs("/run", "nosuid"))).containsExactly("nosuid", "mode=710");
  }

  @Test
  void isAsGivenWhereItIsGiven() throws IOException {
    directory("run");
    assertThat(options(tmpfs("/run", "mode=1500"))).containsExactly("mode=1500");
    assertThat(options(tmpfs("/run", "size=9k,mode=1500"))).containsExactly("size=9k,mode=1500");
  }

  @Test
  void isAsItIsWhereItIsMountedAlready() throws IOException {
    directory("run");
    assertThat(options(tmpfs("/run", "remount", "ro"))).containsExactly("remount", "ro");
  }

  @Test
  void isTheKernelsWhereThereIsNothing() throws IOException {
    assertThat(options(tmpfs("/run"))).isEmpty();
  }

  @Test
  void isTheKernelsWithinWhatIsMountedBefore() throws IOException {
    directory("run");
    directory("run/lock");
    assertThat(options(tmpfs("/run", "mode=755"), tmpfs("/run/lock"))).isEmpty();
  }

  @Test
  void isNothingToOtherFileSystems() throws IOException {
    directory("proc");
    assertThat(options(Mount.of("/proc", "proc", "proc", List.of()))).isEmpty();
  }

  /** Those of the last mount. */
  private List<String> options(Mount... mounts) throws IOException {
    try (Fd root = FileOpen.path(rootfs.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      return TmpfsMode.complete(List.of(mounts), root).getLast().options();
    }
  }

  private void directory(String name) throws IOException {
    Path made = Files.createDirectory(rootfs.resolve(name));
    Path ignored =
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx--x---"));
  }

  private static Mount tmpfs(String destination, String... options) {
    return Mount.of(destination, "tmpfs", "tmpfs", List.of(options));
  }
}
