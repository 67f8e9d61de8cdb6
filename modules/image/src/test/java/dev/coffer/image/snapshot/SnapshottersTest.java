package dev.coffer.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Overlay;
import dev.coffer.testkit.FakeOverlay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kind of snapshot new containers get. */
class SnapshottersTest {
  @TempDir Path root;

  @Test
  void anOverlayIsTriedOnceAndLeavesNothing() throws IOException {
    FakeOverlay overlay = new FakeOverlay();
    Snapshotters snapshotters = open(overlay, Optional.empty());
    assertThat(overlay.mounted()).isEmpty();
    assertThat(snapshotters.forNew()).isEqualTo(SnapshotKind.OVERLAY);
    assertThat(snapshotters.forNew()).isEqualTo(SnapshotKind.OVERLAY);
    assertThat(overlay.mounted()).hasSize(1);
    assertThat(root.resolve("init")).isEmptyDirectory();
  }

  @Test
  void whereNoneCanBeHadContainersAreCopies() throws IOException {
    for (Errno errno : new Errno[] {Errno.ENODEV, Errno.EPERM, Errno.EINVAL}) {
      assertThat(open(failing(errno), Optional.empty()).forNew()).isEqualTo(SnapshotKind.COPY);
      assertThat(root.resolve("init")).isEmptyDirectory();
    }
  }

  @Test
  void whatIsNoAnswerIsAnError() {
    Snapshotters snapshotters = open(failing(Errno.EMFILE), Optional.empty());
    assertThatThrownBy(snapshotters::forNew).isInstanceOf(KernelException.class);
  }

  @Test
  void aSettingSaysItAndAnOptionKnowsBetter() throws IOException {
    Files.writeString(root.resolve("snapshotter"), "copy\n");
    FakeOverlay overlay = new FakeOverlay();
    assertThat(open(overlay, Optional.empty()).forNew()).isEqualTo(SnapshotKind.COPY);
    assertThat(open(overlay, Optional.of(SnapshotKind.OVERLAY)).forNew())
        .isEqualTo(SnapshotKind.OVERLAY);
    assertThat(overlay.mounted()).isEmpty();
  }

  @Test
  void aWrongSettingIsTold() throws IOException {
    Files.writeString(root.resolve("snapshotter"), "zfs\n");
    assertThatThrownBy(() -> open(new FakeOverlay(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "invalid file %s: unknown snapshotter \"zfs\": expected overlay or copy",
            root.resolve("snapshotter"));
  }

  private static Overlay failing(Errno errno) {
    return (layers, options) -> {
      throw new KernelException("fsconfig", errno.number(), "overlay");
    };
  }

  private Snapshotters open(Overlay overlay, Optional<SnapshotKind> wanted) {
    try {
      return Snapshotters.open(root, overlay, _ -> {}, wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
