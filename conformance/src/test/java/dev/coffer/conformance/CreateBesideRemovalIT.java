package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container is never made of an image that goes at the same moment. */
class CreateBesideRemovalIT {
  private static final int ROUNDS = 30;
  private Coffer coffer;

  @BeforeEach
  void open() {
    coffer = Coffer.open();
  }

  @AfterEach
  void close() {
    coffer.close();
  }

  @Test
  void eitherTheImageStaysOrTheContainerIsRefused() {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "base-" + round;
      coffer.run("create", "--network", "none", "--name", name, "busybox", "true").ok();
      coffer.run("commit", "-m", name, name, "app").ok();
      coffer.run("rm", name).ok();
      CompletableFuture<Coffer.Result> removal =
          CompletableFuture.supplyAsync(() -> coffer.run("rmi", "app"));
      Coffer.Result created =
          coffer.run("create", "--pull", "never", "--network", "none", "app", "true");
      Coffer.Result removed = removal.join();
      if (created.exitCode() == 0) {
        removed.fails(1, "cannot remove image \"app", "container", "use --force");
        coffer.run("start", "--attach", created.line()).ok();
        coffer.run("rm", created.line()).ok();
        coffer.run("rmi", "app").ok();
      } else {
        created.fails(1, "cannot create container");
        removed.ok();
      }
    }
    assertThat(coffer.run("ps", "-aq").ok().out()).isEmpty();
  }
}
