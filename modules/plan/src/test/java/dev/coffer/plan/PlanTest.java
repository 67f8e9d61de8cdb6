package dev.coffer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.op.Op;
import dev.coffer.plan.wire.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final int SIGSYS = 31;
  private final Plan plan = TestPlans.RUN_HYBRID.plan();

  private int indexOf(String description) {
    List<Op> operations = plan.operations();
    for (int index = 0; index < operations.size(); index++) {
      if (operations.get(index).describe().equals(description)) {
        return index;
      }
    }
    throw new AssertionError("no operation: " + description);
  }

  private String failure(String description, Errno error) {
    return plan.describe(indexOf(description), error.number(), 0, 1);
  }

  @Test
  void aFailureNamesTheOperationAndTheCause() {
    assertThat(failure("mount proc on \"/proc\"", Errno.EPERM))
        .isEqualTo("mount proc on \"/proc\": operation not permitted");
  }

  @Test
  void aMissingProgramIsSaidAsTheShellWouldSayIt() {
    assertThat(failure("start \"echo\"", Errno.ENOENT))
        .isEqualTo("start \"echo\": executable file not found in $PATH");
    assertThat(plan.isProgramStart(indexOf("start \"echo\""))).isTrue();
    assertThat(plan.isProgramStart(0)).isFalse();
  }

  @Test
  void aMissingSourceIsTheOneNamed() {
    String source = "/var/lib/coffer/containers/web/hosts";
    assertThat(failure("mount \"" + source + "\" on \"/etc/hosts\"", Errno.ENOENT))
        .endsWith("on \"/etc/hosts\": no such file or directory: \"" + source + "\"");
  }

  @Test
  void aSignalIsNamed() {
    assertThat(plan.describe(indexOf("set capabilities"), 0, SIGSYS, 1))
        .startsWith("set capabilities: killed by SIGSYS");
  }

  @Test
  void anUnknownErrorKeepsItsNumber() {
    assertThat(plan.describe(0, 133, 0, 0)).endsWith(": error 133");
  }

  @Test
  void aFailureOutsideOperationsNamesTheStage() {
    assertThat(plan.describe(-1, Errno.ENOMEM.number(), 0, 1))
        .isEqualTo("run \"coffer:init\": cannot allocate memory");
  }
}
