package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.runtime.protocol.Failed;
import org.junit.jupiter.api.Test;

class StartExceptionTest {
  private static final int ENOMEM = 12;
  private static final Program PROGRAM = new Program(new byte[0], failed -> "mount the root");

  @Test
  void aFailedOperationIsNamedByThePlan() {
    assertThat(StartException.of(PROGRAM, new Failed(1, 7, 3, ENOMEM, 0)))
        .hasMessage("mount the root");
  }

  /** No operation has run by then, and none is to blame. */
  @Test
  void whatFailsBeforeThePlanNamesNoneOfItsOperations() {
    assertThat(StartException.of(PROGRAM, new Failed(Failed.MONITOR_STAGE, 1, 0, ENOMEM, 0)))
        .hasMessage("read the plan: cannot allocate memory");
    assertThat(StartException.of(PROGRAM, new Failed(Failed.MONITOR_STAGE, 4, 0, ENOMEM, 0)))
        .hasMessage("open the log: cannot allocate memory");
    assertThat(StartException.of(PROGRAM, new Failed(Failed.MONITOR_STAGE, 0, 0, ENOMEM, 0)))
        .hasMessage("prepare the start: cannot allocate memory");
  }
}
