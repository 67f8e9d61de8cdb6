package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;

/**
 * Sets a kernel parameter of the container's namespaces, through a proc file system that is known
 * to be one (CVE-2025-52881).
 *
 * @param proc descriptor of the root of a proc file system
 * @param key such as {@code net.ipv4.ip_forward}
 * @param value what is written
 */
public record SetSysctl(Slot proc, String key, String value, String why) implements Op {
  private static final long ANY_DEVICE = -1;

  @Override
  public String describe() {
    return "set sysctl \"" + key + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOENT -> "the kernel has no such parameter in the container's namespaces";
      case EXDEV -> "something is mounted over it in /proc (leave that mount or volume out)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot file = lowering.scratch(0);
    InRoot.openForWriting(lowering, proc, "sys/" + path(key)).into(file);
    lowering.special(
        Code.EXPECT,
        lowering.slot(file),
        lowering.number(Kernel.PROC_MAGIC),
        lowering.number(ANY_DEVICE),
        lowering.number(Kernel.S_IFREG));
    Bytes content = Bytes.ofText(value);
    lowering.special(
        Code.WRITE_ALL,
        lowering.slot(file),
        lowering.bytes(content),
        lowering.number(content.size()));
    lowering.close(file);
  }

  /**
   * The parameter's file below {@code /proc/sys}. Dots separate, as sysctl(8) has it; a slash in
   * the first separator's place swaps the two.
   */
  public static String path(String key) {
    int dot = key.indexOf('.');
    int slash = key.indexOf('/');
    if (dot < 0 || (slash >= 0 && slash < dot)) {
      return key;
    }
    StringBuilder path = new StringBuilder(key.length());
    for (int index = 0; index < key.length(); index++) {
      char c = key.charAt(index);
      path.append(c == '.' ? '/' : c == '/' ? '.' : c);
    }
    return path.toString();
  }
}
