package dev.coffer.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.FileType;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LiveRootsTest {
  private static final int SELF = (int) ProcessHandle.current().pid();

  private static boolean isDirectory(RootView root, String path) throws IOException {
    return root.stat(path).map(Stat::type).filter(FileType.DIRECTORY::equals).isPresent();
  }

  @Test
  void theRootIsThatOfTheProcess() throws IOException {
    boolean found = new LiveRoots().look(SELF, () -> true, root -> isDirectory(root, "etc"));
    assertThat(found).isTrue();
  }

  @Test
  void theThreadThatLooksEndsWithTheLook() throws Exception {
    Thread looked = new LiveRoots().look(SELF, () -> true, _ -> Thread.currentThread());
    assertThat(looked.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void whatFailsFailsHere() {
    LiveRoots roots = new LiveRoots();
    assertThatThrownBy(() -> roots.look(SELF, () -> false, _ -> true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("may be another's");
    assertThatThrownBy(
            () ->
                roots.look(
                    SELF,
                    () -> true,
                    _ -> {
                      throw new IllegalArgumentException("no such user");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no such user");
  }

  @Test
  @Timeout(20)
  void whoNeverAnswersHoldsOneThread() throws Exception {
    LiveRoots roots = new LiveRoots(Duration.ofMillis(50));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    LiveRoots.Look<Boolean> stuck =
        _ -> {
          begun.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
          }
          return true;
        };
    assertThatThrownBy(() -> roots.look(SELF, () -> true, stuck))
        .hasMessageStartingWith("the container's file system does not answer");
    begun.await();
    assertThatThrownBy(() -> roots.look(SELF, () -> true, _ -> true))
        .hasMessageStartingWith("the container's file system does not answer");
    end.countDown();
    boolean answered = retried(roots);
    assertThat(answered).isTrue();
  }

  /** Once the file system answers, or has gone, there may be another look. */
  private static boolean retried(LiveRoots roots) {
    while (true) {
      try {
        return roots.look(SELF, () -> true, _ -> true);
      } catch (IOException stillStuck) {
        Thread.onSpinWait();
      }
    }
  }
}
