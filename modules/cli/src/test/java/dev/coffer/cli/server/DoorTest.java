package dev.coffer.cli.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DoorTest {
  @TempDir private Path directory;

  private Door open() throws Exception {
    return Door.open(directory, Door.tryLock(directory).orElseThrow());
  }

  @Test
  void whoIsLateToAcceptSeesThatItIsShut() throws Exception {
    Door door = open();
    door.shut();
    door.close();
    assertThat(door.accept()).isEmpty();
  }

  @Test
  void whoWaitsForACallerIsWokenAndTheDoorClosedAfterwards() throws Exception {
    Door door = open();
    FutureTask<Optional<Fd>> accepted = new FutureTask<>(door::accept);
    Thread waiter = new Thread(accepted);
    waiter.setDaemon(true);
    waiter.start();
    door.shut();
    door.close();
    assertThat(accepted.get(10, SECONDS)).isEmpty();
  }
}
