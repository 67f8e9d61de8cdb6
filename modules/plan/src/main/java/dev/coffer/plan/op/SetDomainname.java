package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Sets the NIS domain name of the container.
 *
 * @param name at most 64 bytes of ASCII
 */
public record SetDomainname(String name, String why) implements Op {
  @Override
  public String describe() {
    return "set the domain name to \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.SETDOMAINNAME, lowering.text(name), lowering.number(name.length()));
  }
}
