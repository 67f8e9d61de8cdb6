package dev.coffer.spec.runtime;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The rules for {@code linux.seccomp}. Source: config-linux.md, Seccomp. */
final class SeccompRules {
  private static final Set<SeccompAction> WITH_ERRNO =
      EnumSet.of(SeccompAction.ERRNO, SeccompAction.TRACE);

  private SeccompRules() {}

  static void check(Seccomp seccomp, Problems problems) {
    errno(seccomp.defaultAction(), seccomp.defaultErrnoRet(), problems.at("defaultErrnoRet"));
    if (seccomp.listenerMetadata().isPresent() && seccomp.listenerPath().isEmpty()) {
      problems.at("listenerMetadata").add("must not be set without listenerPath");
    }
    boolean notifies = seccomp.defaultAction() == SeccompAction.NOTIFY;
    for (int i = 0; i < seccomp.syscalls().size(); i++) {
      SeccompSyscall call = seccomp.syscalls().get(i);
      notifies |= call.action() == SeccompAction.NOTIFY;
      syscall(call, problems.at("syscalls").at(i));
    }
    if (notifies && seccomp.listenerPath().isEmpty()) {
      problems.at("listenerPath").add("is missing: SCMP_ACT_NOTIFY needs it");
    }
  }

  private static void syscall(SeccompSyscall call, Problems problems) {
    if (call.names().isEmpty()) {
      problems.at("names").add("must have at least one entry");
    }
    errno(call.action(), call.errnoRet(), problems.at("errnoRet"));
    for (int i = 0; i < call.args().size(); i++) {
      problems.at("args").at(i).at("index").range(call.args().get(i).index(), 0, 5);
    }
  }

  private static void errno(SeccompAction action, Optional<Long> errno, Problems problems) {
    if (errno.isPresent() && !WITH_ERRNO.contains(action)) {
      problems.add("must be absent with " + action.spelling());
    }
    long max = action == SeccompAction.TRACE ? 0xffff : 4095;
    errno.ifPresent(number -> problems.range(number, 0, max));
  }
}
