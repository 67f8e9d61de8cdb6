package dev.coffer.conformance.oci;

/**
 * Where runc 1.1 falls short of what the suite asks, each with the reason: the one list of
 * exceptions. A check that names one asserts on that runc that it really refuses or ignores what is
 * asked, so that an exception that has become stale fails; on any other runtime it asserts the real
 * thing.
 */
enum Deviation {
  TIME_NAMESPACE(Kind.REFUSED, "time namespaces came with runc 1.2"),
  DEFAULTS_OPTION(Kind.REFUSED, "the mount option defaults is handed to the file system as data"),
  SHARED_ROOT(Kind.IGNORED, "the parent of the root is made private, and the root with it"),
  UNBINDABLE_ROOT(Kind.REFUSED, "the whole tree is made unbindable before the root is bound"),
  PERSONALITY(Kind.IGNORED, "linux.personality came with runc 1.2"),
  SCHEDULER(Kind.IGNORED, "process.scheduler is of runtime-spec 1.1"),
  IO_PRIORITY(Kind.IGNORED, "process.ioPriority is of runtime-spec 1.1"),
  CPU_AFFINITY(Kind.IGNORED, "process.execCPUAffinity is of runtime-spec 1.2"),
  NO_PIDS(Kind.IGNORED, "runc before 1.4 takes a limit of 0 for none that is given"),
  PIDFD_SOCKET(Kind.IGNORED, "--pidfd-socket came with runc 1.2"),
  MEMORY_POLICY(Kind.IGNORED, "linux.memoryPolicy is of runtime-spec 1.3"),
  UNGRANTABLE_CAPABILITY(
      Kind.REFUSED, "the spec asks for a warning about a capability that cannot be granted"),
  INHERITED_SIGNALS(Kind.IGNORED, "signals that the caller blocks or ignores stay so inside"),
  CPU_BURST(Kind.IGNORED, "cpu.burst came with runc 1.2"),
  CPU_IDLE(Kind.IGNORED, "cpu.idle came with runc 1.2"),
  SECCOMP_FLAGS(Kind.REFUSED, "linux.seccomp.flags came with runc 1.1.6"),
  KERNEL_TCP(Kind.IGNORED, "runc 1.0 gave up memory.kernelTCP"),
  POSTSTART_AT_CREATE(Kind.IGNORED, "poststart hooks run at the end of create, not of start"),
  START_HOOK_FAILURE(Kind.IGNORED, "start does not learn that a startContainer hook has failed"),
  POSTSTOP_STOPS(Kind.IGNORED, "after a poststop hook has failed the next ones do not run"),
  EXEC_UMASK(Kind.IGNORED, "process.user.umask is for the first process alone"),
  TIME_NAMESPACE_FEATURE(Kind.IGNORED, "time namespaces came with runc 1.2"),
  IDMAP_MOUNTS(Kind.IGNORED, "id-mapped mounts came with runc 1.2"),
  IDMAP_FILE_SYSTEMS(Kind.REFUSED, "the option idmap is handed to the file system as data"),
  TIME_OFFSETS(Kind.IGNORED, "time namespaces came with runc 1.2"),
  VERSION(Kind.IGNORED, "ociVersion is not read"),
  DEVICE_ACCESS(Kind.IGNORED, "the access of a device rule is not checked"),
  MAPPINGS_ALONE(Kind.IGNORED, "mappings without a user namespace are refused since runc 1.2"),
  JOINED_USER_NAMESPACE(Kind.REFUSED, "runc 1.1 wants mappings for a namespace that has them"),
  DOMAINNAME(Kind.IGNORED, "domainname is of runtime-spec 1.1; runc 1.1 reads 1.0.2"),
  WRITABLE_CGROUPS(
      Kind.IGNORED,
      "the directory of the hierarchies of version 1 stays writable (CVE-2023-25809)"),
  LINK_AS_MASK(Kind.IGNORED, "masks are bound from where the null device leads (CVE-2025-31133)"),
  LINK_AS_DEV(Kind.IGNORED, "device links are made where a link for /dev leads (CVE-2026-41579)"),
  LINK_AS_CONSOLE(Kind.IGNORED, "the console is bound where a link for it leads (CVE-2025-52565)"),
  HOOK_CONTROLS(Kind.IGNORED, "what a hook has written is printed as it is"),
  FOREIGN_STATE(Kind.IGNORED, "it does not look whose the state of a container is"),
  SHARED_PIDS(Kind.IGNORED, "runc 1.1 kills the first process alone, pid namespace or not"),
  FEW_FILES(Kind.REFUSED, "it opens files under the limits that are the container's"),
  UMASKED_COPY(Kind.IGNORED, "what tmpcopyup makes gets the modes that the caller's umask leaves"),
  MASK_EACH(Kind.IGNORED, "runc before 1.5 mounts a tmpfs for each masked directory"),
  HOSTS_NETWORK(
      Kind.REFUSED, "sysfs is mounted in the user namespace, to which the network does not belong"),
  EXEC_JOINS_LATE(
      Kind.IGNORED, "exec joins the user namespace first, which may not join what is the host's"),
  LOCKED_OPTIONS(
      Kind.IGNORED, "a bind mount loses the options of its source, which are locked there"),
  WIDE_ID(Kind.IGNORED, "only the last 32 bits of a number count: 4294967296 is root"),
  FROZEN_BELOW(Kind.IGNORED, "what is frozen in a cgroup below the container's own stays"),
  CALLERS_CPUS(Kind.IGNORED, "runc before 1.4 leaves the CPU affinity as the caller's is"),
  MASKED_ROOT(Kind.IGNORED, "what is mounted on the root hides nothing of it"),
  MASKED_TWICE(Kind.IGNORED, "before runc 1.4 a path that is listed twice is mounted upon twice"),
  USER_SYSCTLS(Kind.REFUSED, "sysctls of the user namespace came with runc 1.2"),
  NEEDS_A_TERMINAL(Kind.REFUSED, "in the foreground a terminal is made only for a terminal"),
  MOUNTS_LEFT(
      Kind.IGNORED, "what is mounted in the caller's mount namespace is the caller's to take away"),
  HOSTS_PROPAGATION(Kind.IGNORED, "all mounts of the caller's namespace are made slaves"),
  HOSTS_ROOT(Kind.IGNORED, "exec has the root of the mount namespace that the container shares"),
  RULE_OF_ALL(
      Kind.IGNORED, "a device rule without a type is for all devices and access, whatever it says"),
  OTHER_FILE(Kind.IGNORED, "what is there already passes for the device, whatever it is"),
  UNIFIED(Kind.REFUSED, "version 2 does not count where there is version 1 as well"),
  MODE_BELOW(
      Kind.IGNORED, "a tmpfs over a directory has the mode of that, whatever its options say"),
  CGROUP_IN_USE(Kind.IGNORED, "runc before 1.2 only warns of a cgroup that has processes"),
  DEFAULT_ATIME(
      Kind.REFUSED, "one way of access times is taken away, where the kernel takes all or none"),
  UNUSED_VALUES(Kind.IGNORED, "a value that nothing reads is not checked"),
  ENDLESS_CONFIG(Kind.IGNORED, "any kind of file is read as a config, without a bound");

  /** What the runtime does instead. */
  enum Kind {
    /** The command fails. */
    REFUSED,
    /** The command succeeds without the effect. */
    IGNORED
  }

  private final Kind kind;
  private final String reason;

  Deviation(Kind kind, String reason) {
    this.kind = kind;
    this.reason = reason;
  }

  Kind kind() {
    return kind;
  }

  String reason() {
    return reason;
  }
}
