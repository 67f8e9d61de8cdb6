package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Sets how readily the kernel ends a process when memory runs out (proc(5), oom_score_adj).
 *
 * @param score -1000 to 1000
 * @param pid slot of the process; empty: this one
 */
public record SetOomScore(int score, Optional<Slot> pid, String why) implements Op {
  @Override
  public String describe() {
    return "set the OOM score to " + score;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EACCES -> "permission denied (a value below the engine's own needs CAP_SYS_RESOURCE)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot file = lowering.scratch(0);
    Operand path =
        pid.map(
                slot ->
                    lowering
                        .structure()
                        .text("/proc/")
                        .slotText(slot, '/')
                        .text("/oom_score_adj")
                        .u8(0)
                        .operand())
            .orElseGet(() -> lowering.text("/proc/self/oom_score_adj"));
    lowering
        .call(Syscall.OPENAT, lowering.here(), path, lowering.openFlags(OpenFlag.WRITE_ONLY))
        .into(file);
    String content = Integer.toString(score);
    lowering.special(
        Code.WRITE_ALL,
        lowering.slot(file),
        lowering.text(content),
        lowering.number(content.length()));
    lowering.close(file);
  }
}
