package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Sets the host name of the container.
 *
 * @param name at most 64 bytes of ASCII
 */
public record SetHostname(String name, String why) implements Op {
  @Override
  public String describe() {
    return "set the host name to \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.SETHOSTNAME, lowering.text(name), lowering.number(name.length()));
  }
}
