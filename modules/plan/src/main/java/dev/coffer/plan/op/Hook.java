package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.WireForm;
import java.util.List;
import java.util.Optional;

/**
 * Runs a hook of the spec with the container's state on standard input (runtime-spec,
 * POSIX-platform Hooks).
 *
 * @param kind the config's name for its list, such as {@code createRuntime}
 * @param index its place there, from 0
 * @param path absolute path of the program
 * @param arguments argv
 * @param environment {@code NAME=value} entries
 * @param stateHead JSON text up to the pid
 * @param stateTail JSON text after the pid
 * @param pid slot of init's pid; empty: all of the text is in {@code stateHead}
 * @param output where its output goes; empty: where the stage's own complaints go
 * @param timeoutMillis 0: no limit
 */
public record Hook(
    String kind,
    int index,
    String path,
    List<String> arguments,
    List<String> environment,
    String stateHead,
    String stateTail,
    Optional<Slot> pid,
    Optional<Slot> output,
    long timeoutMillis,
    String why)
    implements Op {
  @Override
  public String describe() {
    return "run %s hook #%d: \"%s\"".formatted(kind, index, path);
  }

  @Override
  public void lower(Lowering lowering) {
    Structure state = lowering.structure().text(stateHead);
    pid.ifPresent(slot -> state.slotText(slot, ' '));
    state.text(stateTail).u8(0);
    Call run =
        lowering.special(
            Code.HOOK,
            lowering.text(path),
            lowering.strings(arguments),
            lowering.strings(environment),
            state.operand(),
            output.map(lowering::slot).orElseGet(() -> lowering.number(WireForm.NO_SLOT)),
            lowering.number(timeoutMillis));
    if (output.isPresent()) {
      run.keepingEnd();
    }
  }
}
