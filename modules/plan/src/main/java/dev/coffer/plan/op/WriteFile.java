package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes one value into a file of a cgroup. Where kernels name it differently, the first name that
 * exists is used.
 *
 * @param contents what is written, by the file's absolute path on the host; at least one
 */
public record WriteFile(SequencedMap<String, String> contents, String why) implements Op {
  /** Into the one file that can be meant. */
  public static WriteFile of(String path, String content, String why) {
    return new WriteFile(new LinkedHashMap<>(Map.of(path, content)), why);
  }

  @Override
  public String describe() {
    Map.Entry<String, String> first = contents.firstEntry();
    String value = first.getValue().strip().replace("\n", "\\n");
    return "write \"" + value + "\" to \"" + first.getKey() + "\"";
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
    Label written = lowering.label();
    Iterator<Map.Entry<String, String>> entries = contents.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, String> entry = entries.next();
      Label missing = lowering.label();
      Call open =
          lowering
              .call(
                  Syscall.OPENAT,
                  lowering.here(),
                  lowering.text(entry.getKey()),
                  lowering.openFlags(OpenFlag.WRITE_ONLY))
              .into(file);
      Bytes text = Bytes.ofText(entry.getValue());
      Call write =
          lowering.special(
              Code.WRITE_ALL,
              lowering.slot(file),
              lowering.bytes(text),
              lowering.number(text.size()));
      if (entries.hasNext()) {
        open.on(Errno.ENOENT, missing);
        write.onSuccess(written);
      }
      lowering.place(missing);
    }
    lowering.place(written);
    lowering.close(file);
  }
}
