package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.Execute;
import dev.coffer.plan.op.FindProgram;
import dev.coffer.plan.op.NoNewPrivileges;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.RestrictCapabilities;
import dev.coffer.plan.op.Seccomp;
import dev.coffer.plan.op.SetCapabilities;
import dev.coffer.plan.op.SetExecLabel;
import dev.coffer.plan.op.SetOomScore;
import dev.coffer.plan.op.SetRlimit;
import dev.coffer.plan.op.SetUser;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Umask;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.spec.runtime.Capabilities;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.Rlimit;
import dev.coffer.spec.runtime.RlimitType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a process becomes before it executes its program; the same for a container and an exec. */
final class ProcessPlanner {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int DEFAULT_UMASK = 022;
  private static final int CAP_SETGID = 6;
  private static final long UNCHANGED_ID = 0xffff_ffffL;

  private final ContainerProcess process;
  private final HostFacts facts;
  private final Origins origins;
  private final boolean remapped;
  private final Optional<SeccompFilter> filter;
  private final Optional<Slot> listener;

  ProcessPlanner(
      ContainerProcess process,
      HostFacts facts,
      Origins origins,
      boolean remapped,
      Optional<SeccompFilter> filter,
      Optional<Slot> listener) {
    this.process = process;
    this.facts = facts;
    this.origins = origins;
    this.remapped = remapped;
    this.filter = filter;
    this.listener = listener;
    check();
  }

  private void check() {
    if (process.args().isEmpty()) {
      throw new PlanException("process.args: nothing to run");
    }
    if (!process.cwd().startsWith("/")) {
      throw new PlanException("process.cwd: \"" + process.cwd() + "\" is not absolute");
    }
    checkId("process.user.uid", process.user().uid());
    checkId("process.user.gid", process.user().gid());
    process.user().additionalGids().forEach(id -> checkId("process.user.additionalGids", id));
    if (!process.user().additionalGids().isEmpty() && denySetgroups(facts)) {
      throw PlanException.notSupported(
          "process.user.additionalGids",
          "who is not root outside has no supplementary groups inside (user_namespaces(7))");
    }
    if (process.apparmorProfile().isPresent() && !facts.appArmor()) {
      throw PlanException.notSupported("process.apparmorProfile", "this host has no AppArmor");
    }
    if (process.selinuxLabel().isPresent() && !facts.seLinux()) {
      throw PlanException.notSupported("process.selinuxLabel", "this host has no SELinux");
    }
  }

  /** The calls that change ids take this one for "leave it as it is", which is root here. */
  private static void checkId(String field, long id) {
    if (id == UNCHANGED_ID) {
      throw new PlanException(field + ": " + id + " is no id (setresuid(2) gives it a meaning)");
    }
  }

  /** Whether supplementary groups cannot be set: a user namespace without CAP_SETGID outside. */
  static boolean denySetgroups(HostFacts facts) {
    return (facts.permittedCapabilities() >>> CAP_SETGID & 1) == 0;
  }

  /**
   * Limits, the OOM score and priorities. What raises them has to be a right in the host's user
   * namespace: for a container that has its own, the monitor sets them. Otherwise the number of
   * descriptors is limited late, by {@link #privileges}, since what comes before needs some.
   *
   * @param pid the process; empty: this one
   */
  List<Op> limits(Optional<Slot> pid) {
    List<Op> ops = new ArrayList<>(oomScore(pid));
    ops.addAll(limitsByCall(pid));
    return ops;
  }

  /** Written to a file below {@code /proc}, which has to be the host's; children inherit it. */
  List<Op> oomScore(Optional<Slot> pid) {
    return process.oomScoreAdj().stream()
        .<Op>map(score -> new SetOomScore(score, pid, origins.of("process.oomScoreAdj")))
        .toList();
  }

  /** Those of {@link #limits} that no path leads to. */
  List<Op> limitsByCall(Optional<Slot> pid) {
    List<Op> ops = new ArrayList<>();
    process.rlimits().stream()
        .filter(limit -> remapped || limit.type() != RlimitType.NOFILE)
        .forEach(limit -> ops.add(limit(limit, pid)));
    process
        .scheduler()
        .ifPresent(
            wanted -> ops.add(Scheduling.scheduler(wanted, pid, origins.of("process.scheduler"))));
    process
        .ioPriority()
        .ifPresent(
            wanted ->
                ops.add(Scheduling.ioPriority(wanted, pid, origins.of("process.ioPriority"))));
    return ops;
  }

  private Op limit(Rlimit limit, Optional<Slot> pid) {
    return new SetRlimit(
        limit.type().spelling(),
        number(limit.type()),
        limit.soft(),
        limit.hard(),
        pid,
        origins.of("process.rlimits"));
  }

  /** Whether {@link #labels} needs a proc file system. */
  boolean labelled() {
    return process.apparmorProfile().isPresent() || process.selinuxLabel().isPresent();
  }

  /** The labels that the program gets. */
  List<Op> labels(Slot proc) {
    List<Op> ops = new ArrayList<>();
    process
        .apparmorProfile()
        .ifPresent(
            profile ->
                ops.add(
                    new SetExecLabel(
                        proc,
                        "attr/apparmor/exec",
                        "exec " + profile,
                        origins.of("process.apparmorProfile"))));
    process
        .selinuxLabel()
        .ifPresent(
            label ->
                ops.add(
                    new SetExecLabel(
                        proc, "attr/exec", label, origins.of("process.selinuxLabel"))));
    return ops;
  }

  /**
   * From root to the container's user. Without no_new_privs a filter needs CAP_SYS_ADMIN, so it is
   * loaded first; with it, last, so that it need not allow what comes before.
   */
  List<Op> privileges() {
    List<Op> ops = new ArrayList<>();
    process.rlimits().stream()
        .filter(limit -> !remapped && limit.type() == RlimitType.NOFILE)
        .forEach(limit -> ops.add(limit(limit, Optional.empty())));
    if (!process.noNewPrivileges()) {
      filter.ifPresent(each -> ops.add(load(each)));
    }
    ops.addAll(identity());
    if (process.noNewPrivileges() && listener.isPresent()) {
      filter.ifPresent(each -> ops.add(load(each)));
    }
    return ops;
  }

  /** User, groups, capabilities and umask. */
  List<Op> identity() {
    List<Op> ops = new ArrayList<>();
    long available = remapped ? allCapabilities() : facts.permittedCapabilities();
    long present = remapped ? allCapabilities() : facts.boundingCapabilities();
    String why = origins.of("process.capabilities");
    Optional<Capabilities> wanted = process.capabilities();
    long bounding = bits(wanted.map(Capabilities::bounding), present);
    long permitted = bits(wanted.map(Capabilities::permitted), available);
    long inheritable = bits(wanted.map(Capabilities::inheritable), available);
    long effective = bits(wanted.map(Capabilities::effective), permitted);
    long ambient = bits(wanted.map(Capabilities::ambient), permitted & inheritable);
    List<Integer> dropped = numbers(present & ~bounding);
    if (!dropped.isEmpty()) {
      ops.add(new RestrictCapabilities(dropped, why));
    }
    ops.add(
        new SetUser(
            process.user().uid(),
            process.user().gid(),
            process.user().additionalGids(),
            !denySetgroups(facts),
            origins.of("process.user")));
    ops.add(new SetCapabilities(effective, permitted, inheritable, numbers(ambient), why));
    ops.add(
        new Umask(process.user().umask().orElse(DEFAULT_UMASK), origins.of("process.user.umask")));
    if (process.noNewPrivileges()) {
      ops.add(new NoNewPrivileges(origins.of("process.noNewPrivileges")));
    }
    return ops;
  }

  /** The filter, where {@link #privileges} has left it out. */
  List<Op> lateFilter() {
    return process.noNewPrivileges() && listener.isEmpty()
        ? filter.stream().<Op>map(this::load).toList()
        : List.of();
  }

  /**
   * The program, in place of this process.
   *
   * @param unattended whether nobody waits for what becomes of it
   */
  Execute execute(boolean unattended) {
    return new Execute(
        process.args(), process.env(), searchPath(), unattended, origins.of("process.args"));
  }

  /** What tells early that there is no such program. */
  Op find() {
    return new FindProgram(execute(false), origins.of("process.args"));
  }

  private Op load(SeccompFilter each) {
    return new Seccomp(
        Bytes.copyOf(each.program().bytes()), each.flags(), listener, origins.of("linux.seccomp"));
  }

  private String searchPath() {
    String prefix = "PATH=";
    return process.env().stream()
        .filter(entry -> entry.startsWith(prefix))
        .reduce((_, later) -> later)
        .map(entry -> entry.substring(prefix.length()))
        .orElse(DEFAULT_PATH);
  }

  private long allCapabilities() {
    return (1L << (facts.lastCapability() + 1)) - 1;
  }

  private static long bits(Optional<CapabilitySet> wanted, long available) {
    return wanted.map(CapabilitySet::bits).orElse(0L) & available;
  }

  private static List<Integer> numbers(long bits) {
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number < Long.SIZE; number++) {
      if ((bits >>> number & 1) == 1) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** Numbers of include/uapi/asm-generic/resource.h, the same on both machines. */
  private static int number(RlimitType type) {
    return switch (type) {
      case CPU -> 0;
      case FSIZE -> 1;
      case DATA -> 2;
      case STACK -> 3;
      case CORE -> 4;
      case RSS -> 5;
      case NPROC -> 6;
      case NOFILE -> 7;
      case MEMLOCK -> 8;
      case AS -> 9;
      case LOCKS -> 10;
      case SIGPENDING -> 11;
      case MSGQUEUE -> 12;
      case NICE -> 13;
      case RTPRIO -> 14;
      case RTTIME -> 15;
    };
  }
}
