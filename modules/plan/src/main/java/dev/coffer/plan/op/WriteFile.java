package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Writes one value into a file of a cgroup. Where kernels name it differently, the first name that
 * exists is used.
 *
 * @param paths absolute paths on the host; at least one
 * @param content what is written
 */
public record WriteFile(List<String> paths, String content, String why) implements Op {
  @Override
  public String describe() {
    return "write \"" + content + "\" to \"" + paths.getFirst() + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOENT -> "the kernel or the parent cgroup does not offer this limit";
      case EINVAL -> "the kernel refuses the value";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot file = lowering.scratch(0);
    Label opened = lowering.label();
    for (String path : paths) {
      Label missing = lowering.label();
      Call open =
          lowering
              .call(
                  Syscall.OPENAT,
                  lowering.here(),
                  lowering.text(path),
                  lowering.openFlags(OpenFlag.WRITE_ONLY))
              .into(file);
      if (!path.equals(paths.getLast())) {
        open.on(Errno.ENOENT, missing).onSuccess(opened);
      }
      lowering.place(missing);
    }
    lowering.place(opened);
    Bytes text = Bytes.ofText(content);
    lowering.special(
        Code.WRITE_ALL, lowering.slot(file), lowering.bytes(text), lowering.number(text.size()));
    lowering.close(file);
  }
}
