package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.CapabilitySet;
import java.util.EnumSet;

/** The capabilities of a container that asks for no others: those that Docker's users have. */
public final class DefaultCapabilities {
  /** The fourteen. */
  public static final CapabilitySet SET =
      CapabilitySet.of(
          EnumSet.of(
              Capability.CHOWN,
              Capability.DAC_OVERRIDE,
              Capability.FOWNER,
              Capability.FSETID,
              Capability.KILL,
              Capability.SETGID,
              Capability.SETUID,
              Capability.SETPCAP,
              Capability.NET_BIND_SERVICE,
              Capability.NET_RAW,
              Capability.SYS_CHROOT,
              Capability.MKNOD,
              Capability.AUDIT_WRITE,
              Capability.SETFCAP));

  private DefaultCapabilities() {}
}
