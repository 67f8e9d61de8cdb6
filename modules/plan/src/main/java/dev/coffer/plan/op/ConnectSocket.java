package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.nio.charset.StandardCharsets;

/**
 * Connects to a Unix stream socket of the host (unix(7)).
 *
 * @param path absolute, at most {@link #LONGEST_PATH} bytes
 * @param into slot for the connection
 */
public record ConnectSocket(String path, Slot into, String why) implements Op {
  /** What fits into {@code struct sockaddr_un} with a final NUL. */
  public static final int LONGEST_PATH = 107;

  @Override
  public String describe() {
    return "connect to \"" + path + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOENT, ECONNREFUSED -> error.text() + " (nobody listens there)";
      case EPROTOTYPE -> "it is no stream socket";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.SOCKET,
            lowering.number(Kernel.AF_UNIX),
            lowering.number(Kernel.SOCK_STREAM | Kernel.SOCK_CLOEXEC),
            lowering.number(0))
        .into(into);
    int length = path.getBytes(StandardCharsets.UTF_8).length;
    Structure address =
        lowering.structure().u16(Kernel.AF_UNIX).text(path).zeros(LONGEST_PATH + 1 - length);
    lowering.call(
        Syscall.CONNECT, lowering.slot(into), address.operand(), lowering.number(address.size()));
  }
}
