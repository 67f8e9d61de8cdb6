package dev.coffer.cli.command;

import static dev.coffer.cli.option.Option.unsupported;

import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.value.ByteSize;
import dev.coffer.cli.value.RestartPolicy;
import dev.coffer.cli.value.Ulimits;
import dev.coffer.engine.model.ContainerRequest.PullPolicy;
import dev.coffer.engine.model.ResourceRequest.Ulimit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The options of {@code run}, {@code create} and {@code explain run}: Docker's names, shorthands
 * and notations (docs.docker.com/reference/cli/docker/container/run).
 */
final class ContainerOptions {

  static final Option<Map<String, String>> ANNOTATION =
      Option.of("annotation", Type.map(), "Add an OCI annotation to the container");
  static final Option<List<String>> ATTACH =
      Option.of("attach", 'a', streams(), "Attach to STDIN, STDOUT or STDERR");
  static final Option<Optional<Integer>> BLKIO_WEIGHT =
      Option.of(
          "blkio-weight",
          Type.last("uint16", ContainerOptions::blkioWeight),
          "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)");
  static final Option<List<String>> BLKIO_WEIGHT_DEVICE =
      Option.of(
          "blkio-weight-device",
          rates(Long::parseUnsignedLong),
          "Block IO weight (relative device weight: path:weight)");
  static final Option<List<String>> CAP_ADD =
      Option.of("cap-add", Type.list(), "Add Linux capabilities");
  static final Option<List<String>> CAP_DROP =
      Option.of("cap-drop", Type.list(), "Drop Linux capabilities");
  static final Option<Optional<String>> CGROUP_PARENT =
      Option.of("cgroup-parent", Type.text(), "Optional parent cgroup for the container");
  static final Option<Optional<String>> CGROUPNS =
      Option.of("cgroupns", choice("host", "private"), "Cgroup namespace to use (host|private)");
  static final Option<Optional<String>> CIDFILE =
      Option.of("cidfile", Type.text(), "Write the container ID to the file");
  static final Option<Optional<Long>> CPU_PERIOD =
      Option.of(
          "cpu-period", Type.longInteger(), "Limit CPU CFS (Completely Fair Scheduler) period");
  static final Option<Optional<Long>> CPU_QUOTA =
      Option.of("cpu-quota", Type.longInteger(), "Limit CPU CFS (Completely Fair Scheduler) quota");
  static final Option<Optional<Long>> CPU_RT_PERIOD =
      Option.of("cpu-rt-period", Type.longInteger(), "Limit CPU real-time period in microseconds");
  static final Option<Optional<Long>> CPU_RT_RUNTIME =
      Option.of(
          "cpu-rt-runtime", Type.longInteger(), "Limit CPU real-time runtime in microseconds");
  static final Option<Optional<Long>> CPU_SHARES =
      Option.of("cpu-shares", 'c', Type.longInteger(), "CPU shares (relative weight)");
  static final Option<Optional<Long>> CPUS = Option.of("cpus", Type.billionths(), "Number of CPUs");
  static final Option<Optional<String>> CPUSET_CPUS =
      Option.of("cpuset-cpus", Type.text(), "CPUs in which to allow execution (0-3, 0,1)");
  static final Option<Optional<String>> CPUSET_MEMS =
      Option.of("cpuset-mems", Type.text(), "MEMs in which to allow execution (0-3, 0,1)");
  static final Option<Optional<String>> DETACH_KEYS =
      Option.of("detach-keys", Type.text(), "Override the key sequence for detaching a container");
  static final Option<List<String>> DEVICE =
      Option.of("device", Type.list(), "Add a host device to the container");
  static final Option<List<String>> DEVICE_CGROUP_RULE =
      Option.of("device-cgroup-rule", Type.list(), "Add a rule to the cgroup allowed devices list");
  static final Option<List<String>> DEVICE_READ_BPS =
      Option.of(
          "device-read-bps",
          rates(ByteSize::parse),
          "Limit read rate (bytes per second) from a device");
  static final Option<List<String>> DEVICE_READ_IOPS =
      Option.of(
          "device-read-iops",
          rates(Long::parseUnsignedLong),
          "Limit read rate (IO per second) from a device");
  static final Option<List<String>> DEVICE_WRITE_BPS =
      Option.of(
          "device-write-bps",
          rates(ByteSize::parse),
          "Limit write rate (bytes per second) to a device");
  static final Option<List<String>> DEVICE_WRITE_IOPS =
      Option.of(
          "device-write-iops",
          rates(Long::parseUnsignedLong),
          "Limit write rate (IO per second) to a device");
  static final Option<Optional<String>> ENTRYPOINT =
      Option.of("entrypoint", Type.text(), "Overwrite the default ENTRYPOINT of the image");
  static final Option<List<String>> ENV =
      Option.of(
          "env",
          'e',
          Type.list("list", ContainerOptions::environment),
          "Set environment variables");
  static final Option<List<String>> ENV_FILE =
      Option.of("env-file", Type.list(), "Read in a file of environment variables");
  static final Option<List<String>> GROUP_ADD =
      Option.of("group-add", Type.list(), "Add additional groups to join");
  static final Option<Boolean> INIT =
      Option.of(
          "init",
          Type.toggle(),
          "Run an init inside the container that forwards signals and reaps processes");
  static final Option<Boolean> INTERACTIVE =
      Option.of("interactive", 'i', Type.toggle(), "Keep STDIN open even if not attached");
  static final Option<Optional<String>> IPC = Option.of("ipc", Type.text(), "IPC mode to use");
  static final Option<List<String>> LABEL =
      Option.of("label", 'l', Type.list(), "Set meta data on a container");
  static final Option<List<String>> LABEL_FILE =
      Option.of("label-file", Type.list(), "Read in a line delimited file of labels");
  static final Option<Optional<String>> LOG_DRIVER =
      Option.of("log-driver", Type.text(), "Logging driver for the container");
  static final Option<Map<String, String>> LOG_OPT =
      Option.of("log-opt", named(Type.map(), "list"), "Log driver options");
  static final Option<Optional<Long>> MEMORY =
      Option.of("memory", 'm', Type.last("bytes", ByteSize::parse), "Memory limit");
  static final Option<Optional<Long>> MEMORY_RESERVATION =
      Option.of("memory-reservation", Type.last("bytes", ByteSize::parse), "Memory soft limit");
  static final Option<Optional<Long>> MEMORY_SWAP =
      Option.of(
          "memory-swap",
          Type.last("bytes", ByteSize::parseOrUnlimited),
          "Swap limit equal to memory plus swap: '-1' to enable unlimited swap");
  static final Option<Optional<Integer>> MEMORY_SWAPPINESS =
      Option.of(
          "memory-swappiness",
          Type.last("int", ContainerOptions::swappiness),
          "Tune container memory swappiness (0 to 100)");
  static final Option<List<String>> MOUNT =
      Option.of(
          "mount", Type.list("mount", text -> text), "Attach a filesystem mount to the container");
  static final Option<Optional<String>> NAME =
      Option.of("name", Type.text(), "Assign a name to the container");
  static final Option<Boolean> NO_HEALTHCHECK =
      Option.of("no-healthcheck", Type.toggle(), "Disable any container-specified HEALTHCHECK");
  static final Option<Boolean> OOM_KILL_DISABLE =
      Option.of("oom-kill-disable", Type.toggle(), "Disable OOM Killer");
  static final Option<Optional<Integer>> OOM_SCORE_ADJ =
      Option.of(
          "oom-score-adj",
          Type.last("int", ContainerOptions::oomScore),
          "Tune host's OOM preferences (-1000 to 1000)");
  static final Option<Optional<String>> PID = Option.of("pid", Type.text(), "PID namespace to use");
  static final Option<Optional<String>> PIDFILE =
      Option.of("pidfile", Type.text(), "Write the host's PID of the first process to the file");
  static final Option<Optional<Long>> PIDS_LIMIT =
      Option.of(
          "pids-limit", Type.longInteger(), "Tune container pids limit (set -1 for unlimited)");
  static final Option<Optional<String>> PLATFORM =
      Option.of("platform", Type.text(), "Set platform if the image has several");
  static final Option<Boolean> PRIVILEGED =
      Option.of("privileged", Type.toggle(), "Give extended privileges to this container");
  static final Option<Optional<PullPolicy>> PULL =
      Option.of(
          "pull",
          Type.last("string", ContainerOptions::pullPolicy),
          "Pull image before running (\"always\", \"missing\", \"never\") (default \"missing\")");
  static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Suppress the pull output");
  static final Option<Boolean> READ_ONLY =
      Option.of("read-only", Type.toggle(), "Mount the container's root filesystem as read only");
  static final Option<Optional<RestartPolicy>> RESTART =
      Option.of(
          "restart",
          Type.last("string", RestartPolicy::parse),
          "Restart policy to apply when a container exits (default \"no\")");
  static final Option<Boolean> RM =
      Option.of(
          "rm",
          Type.toggle(),
          "Automatically remove the container and its anonymous volumes when it exits");
  static final Option<Optional<String>> RUNTIME =
      Option.of("runtime", Type.text(), "Runtime to use for this container");
  static final Option<List<String>> SECURITY_OPT =
      Option.of("security-opt", Type.list(), "Security Options");
  static final Option<Optional<Long>> SHM_SIZE =
      Option.of("shm-size", Type.last("bytes", ByteSize::parse), "Size of /dev/shm");
  static final Option<Optional<String>> STOP_SIGNAL =
      Option.of("stop-signal", Type.text(), "Signal to stop the container");
  static final Option<Optional<Integer>> STOP_TIMEOUT =
      Option.of("stop-timeout", Type.integer(), "Timeout (in seconds) to stop a container");
  static final Option<Map<String, String>> SYSCTL =
      Option.of("sysctl", Type.map(), "Sysctl options");
  static final Option<List<String>> TMPFS =
      Option.of("tmpfs", Type.list(), "Mount a tmpfs directory");
  static final Option<Boolean> TTY = Option.of("tty", 't', Type.toggle(), "Allocate a pseudo-TTY");
  static final Option<List<Map.Entry<String, Ulimit>>> ULIMIT =
      Option.of("ulimit", Type.list("ulimit", Ulimits::parse), "Ulimit options");
  static final Option<Optional<String>> USER =
      Option.of("user", 'u', Type.text(), "Username or UID (format: <name|uid>[:<group|gid>])");
  static final Option<Optional<String>> USERNS =
      Option.of("userns", Type.text(), "User namespace to use");
  static final Option<Optional<String>> UTS =
      Option.of("uts", choice("", "host"), "UTS namespace to use");
  static final Option<List<String>> VOLUME =
      Option.of("volume", 'v', Type.list(), "Bind mount a volume");
  static final Option<Optional<String>> WORKDIR =
      Option.of("workdir", 'w', Type.text(), "Working directory inside the container");

  private static final String HEALTH = "Coffer runs no health checks";
  private static final String WINDOWS = "an option of Windows";

  /** What all three commands take. */
  private static final List<Option<?>> ALL =
      List.of(
          NetworkOptions.ADD_HOST,
          ANNOTATION,
          ATTACH,
          BLKIO_WEIGHT,
          BLKIO_WEIGHT_DEVICE,
          CAP_ADD,
          CAP_DROP,
          CGROUP_PARENT,
          CGROUPNS,
          CIDFILE,
          CPU_PERIOD,
          CPU_QUOTA,
          CPU_RT_PERIOD,
          CPU_RT_RUNTIME,
          CPU_SHARES,
          CPUS,
          CPUSET_CPUS,
          CPUSET_MEMS,
          DEVICE,
          DEVICE_CGROUP_RULE,
          DEVICE_READ_BPS,
          DEVICE_READ_IOPS,
          DEVICE_WRITE_BPS,
          DEVICE_WRITE_IOPS,
          NetworkOptions.DNS,
          NetworkOptions.DNS_OPTION,
          NetworkOptions.DNS_SEARCH,
          NetworkOptions.DOMAINNAME,
          ENTRYPOINT,
          ENV,
          ENV_FILE,
          NetworkOptions.EXPOSE,
          GROUP_ADD,
          NetworkOptions.HOSTNAME,
          INIT,
          INTERACTIVE,
          NetworkOptions.IP,
          NetworkOptions.IP6,
          IPC,
          LABEL,
          LABEL_FILE,
          NetworkOptions.LINK,
          LOG_DRIVER,
          LOG_OPT,
          NetworkOptions.MAC_ADDRESS,
          MEMORY,
          MEMORY_RESERVATION,
          MEMORY_SWAP,
          MEMORY_SWAPPINESS,
          MOUNT,
          NAME,
          NetworkOptions.NETWORK,
          NetworkOptions.NET,
          NetworkOptions.NETWORK_ALIAS,
          NO_HEALTHCHECK,
          OOM_KILL_DISABLE,
          OOM_SCORE_ADJ,
          PID,
          PIDFILE,
          PIDS_LIMIT,
          PLATFORM,
          PRIVILEGED,
          NetworkOptions.PUBLISH,
          NetworkOptions.PUBLISH_ALL,
          PULL,
          QUIET,
          READ_ONLY,
          RESTART,
          RM,
          RUNTIME,
          SECURITY_OPT,
          SHM_SIZE,
          STOP_SIGNAL,
          STOP_TIMEOUT,
          SYSCTL,
          TMPFS,
          TTY,
          ULIMIT,
          USER,
          USERNS,
          UTS,
          VOLUME,
          WORKDIR,
          unsupported("cpu-count", true, WINDOWS),
          unsupported("cpu-percent", true, WINDOWS),
          unsupported("io-maxbandwidth", true, WINDOWS),
          unsupported("io-maxiops", true, WINDOWS),
          unsupported("isolation", true, WINDOWS),
          unsupported("disable-content-trust", false, "Coffer verifies digests, not signatures"),
          unsupported("gpus", true, "pass the device files with --device"),
          unsupported("health-cmd", true, HEALTH),
          unsupported("health-interval", true, HEALTH),
          unsupported("health-retries", true, HEALTH),
          unsupported("health-start-interval", true, HEALTH),
          unsupported("health-start-period", true, HEALTH),
          unsupported("health-timeout", true, HEALTH),
          unsupported("kernel-memory", true, "the kernel has no such limit any more"),
          unsupported("link-local-ip", true, "the kernel gives one where IPv6 is on"),
          unsupported("storage-opt", true, "writable layers have no size limit"),
          unsupported("use-api-socket", false, "bind mount the socket with -v"),
          unsupported("volume-driver", true, "use --mount with volume-driver="),
          unsupported("volumes-from", true, "give the same volumes with -v NAME:/path"));

  private ContainerOptions() {}

  /** The options together with a command's own. */
  static List<Option<?>> with(Option<?>... own) {
    List<Option<?>> options = new java.util.ArrayList<>(ALL);
    options.addAll(List.of(own));
    return List.copyOf(options);
  }

  private static <T> Type<T> named(Type<T> type, String name) {
    return new Type<>(name, type.takesValue(), type.absent(), type.fold());
  }

  private static Type<List<String>> streams() {
    return Type.list(
        "list",
        text ->
            switch (text.toLowerCase(java.util.Locale.ROOT)) {
              case "stdin", "stdout", "stderr" -> text.toLowerCase(java.util.Locale.ROOT);
              default ->
                  throw new IllegalArgumentException("valid streams are STDIN, STDOUT and STDERR");
            });
  }

  private static Type<Optional<String>> choice(String... choices) {
    return Type.last(
        "string",
        text -> {
          if (List.of(choices).contains(text)) {
            return text;
          }
          throw new IllegalArgumentException("use one of " + String.join(", ", choices).strip());
        });
  }

  private static String environment(String text) {
    if (text.isEmpty() || text.startsWith("=")) {
      throw new IllegalArgumentException("invalid environment variable: " + text);
    }
    return text;
  }

  private static PullPolicy pullPolicy(String text) {
    return switch (text) {
      case "always" -> PullPolicy.ALWAYS;
      case "missing", "" -> PullPolicy.MISSING;
      case "never" -> PullPolicy.NEVER;
      default ->
          throw new IllegalArgumentException(
              "invalid pull option: '"
                  + text
                  + "': must be one of \"always\", \"missing\" or \"never\"");
    };
  }

  /** A device and a number, {@code PATH:NUMBER}, that becomes a plain one. */
  private static Type<List<String>> rates(ToLongFunction<String> number) {
    return Type.list(
        "list",
        text -> {
          int colon = text.lastIndexOf(':');
          try {
            String path = text.substring(0, Math.max(colon, 0));
            if (path.startsWith("/")) {
              return path + ":" + number.applyAsLong(text.substring(colon + 1));
            }
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bad format: " + text + " (PATH:NUMBER)", e);
          }
          throw new IllegalArgumentException("bad format: " + text + " (PATH:NUMBER)");
        });
  }

  private static int blkioWeight(String text) {
    return inRange(text, "blkio weight", 10, 1000, 0);
  }

  private static int swappiness(String text) {
    return inRange(text, "swappiness", 0, 100, -1);
  }

  private static int oomScore(String text) {
    return inRange(text, "oom score adjustment", -1000, 1000, 0);
  }

  private static int inRange(String text, String what, int least, int most, int unset) {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a whole number: \"" + text + "\"", e);
    }
    if ((value < least || value > most) && value != unset) {
      throw new IllegalArgumentException(
          "invalid %s %d: range is %d to %d".formatted(what, value, least, most));
    }
    return value;
  }
}
