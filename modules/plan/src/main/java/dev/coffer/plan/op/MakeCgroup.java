package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.List;
import java.util.SequencedMap;

/**
 * Makes a cgroup, and its ancestors when they are missing. A new cpuset of version 1 has no CPU and
 * no memory node and takes no process until it is given some.
 *
 * @param ancestors absolute paths on the host, outermost first
 * @param directory absolute path on the host
 * @param initial files to write into each cgroup that is new, in order
 */
public record MakeCgroup(
    List<String> ancestors, String directory, SequencedMap<String, String> initial, String why)
    implements Op {
  private static final int MODE = 0755;

  public MakeCgroup {
    ancestors = List.copyOf(ancestors);
  }

  @Override
  public String describe() {
    return "create cgroup \"" + directory + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Label made = lowering.label();
    Label exists = lowering.label();
    Label parents = lowering.label();
    Call attempt = make(lowering, directory).on(Errno.EEXIST, exists);
    if (ancestors.isEmpty()) {
      lowering.place(parents);
    } else {
      attempt.on(Errno.ENOENT, parents).onSuccess(made);
      lowering.place(parents);
      ancestors.forEach(ancestor -> makeAncestor(lowering, ancestor));
      make(lowering, directory).on(Errno.EEXIST, exists);
    }
    lowering.place(made);
    initialize(lowering, directory);
    lowering.place(exists);
  }

  private void makeAncestor(Lowering lowering, String ancestor) {
    Label known = lowering.label();
    make(lowering, ancestor).on(Errno.EEXIST, known);
    initialize(lowering, ancestor);
    lowering.place(known);
  }

  private static Call make(Lowering lowering, String path) {
    return lowering.call(
        Syscall.MKDIRAT, lowering.here(), lowering.text(path), lowering.number(MODE));
  }

  private void initialize(Lowering lowering, String path) {
    Slot file = lowering.scratch(0);
    initial.forEach(
        (name, content) -> {
          lowering
              .call(
                  Syscall.OPENAT,
                  lowering.here(),
                  lowering.text(path + "/" + name),
                  lowering.openFlags(OpenFlag.WRITE_ONLY))
              .into(file);
          lowering.special(
              Code.WRITE_ALL,
              lowering.slot(file),
              lowering.text(content),
              lowering.number(content.length()));
          lowering.close(file);
        });
  }
}
