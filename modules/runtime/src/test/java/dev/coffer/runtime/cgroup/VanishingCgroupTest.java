package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Systemd removes a scope's cgroup when its last process has ended, whoever looks at it. */
class VanishingCgroupTest {
  private static final int ROUNDS = 20_000;

  @TempDir Path root;

  @Test
  void isLookedAtWhileItComesAndGoes() throws IOException {
    Path directory = root.resolve("scope");
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> systemd =
        CompletableFuture.runAsync(
            () -> {
              while (!enough.get()) {
                comeAndGo(directory);
              }
            });
    CgroupLayout layout =
        new CgroupLayout(
            Mode.V2, List.of(new Hierarchy(2, root.toString(), List.of("memory"), "/")));
    Cgroup cgroup = new Cgroups(layout).of("/scope");
    try {
      for (int round = 0; round < ROUNDS; round++) {
        assertThat(cgroup.isFrozen()).isFalse();
        cgroup.killAll(Duration.ZERO);
      }
    } finally {
      enough.set(true);
      systemd.join();
    }
  }

  private static void comeAndGo(Path directory) {
    try {
      Files.createDirectory(directory);
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
