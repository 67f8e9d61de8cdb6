package dev.coffer.engine.create;

import static dev.coffer.engine.create.Refusal.invalid;
import static dev.coffer.engine.create.Refusal.notSupported;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.logs.LogFormat;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.ExtraHost;
import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.model.ResourceRequest;
import dev.coffer.engine.network.Link;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.plan.compile.NamespacedSysctls;
import dev.coffer.runtime.process.Signals;
import dev.coffer.spec.runtime.NamespaceType;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What can be said of a request without looking at its image or the host: contradictions, values
 * out of range, and what Coffer does not do. The limits are Docker's.
 */
public final class RequestCheck {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?)*");
  private static final Pattern DEVICE_LIMIT = Pattern.compile("/.*:[0-9]{1,18}");
  private static final int HOST_NAME_MAX = 64;
  private static final long MEMORY_MIN = 6L << 20;
  private static final Set<String> PROPAGATIONS =
      Set.of("rprivate", "private", "rshared", "shared", "rslave", "slave");

  private RequestCheck() {}

  /**
   * Passes or throws.
   *
   * @param cpus how many CPUs the host has
   * @throws dev.coffer.engine.EngineException INVALID or NOT_SUPPORTED
   */
  public static void check(ContainerRequest request, int cpus) {
    request.name().ifPresent(name -> name("cannot create container", name));
    request
        .runtime()
        .filter(runtime -> !runtime.isEmpty() && !runtime.equals("coffer"))
        .ifPresent(
            runtime -> {
              throw notSupported("runtime \"" + runtime + "\" (leave --runtime out)");
            });
    resources(request.resources(), cpus);
    lifecycle(request.lifecycle());
    namespaces(request.namespaces());
    network(request.network());
    sysctls(request);
    mounts(request.mounts());
    logging(request);
  }

  /**
   * Passes a container's name, or throws.
   *
   * @param what what it is for, such as {@code cannot create container}
   */
  public static void name(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new EngineException(
          Kind.INVALID,
          what
              + ": invalid name \""
              + name
              + "\": two or more of a-z A-Z 0-9 _ . -, a letter or digit first");
    }
  }

  private static void resources(ResourceRequest r, int cpus) {
    long memory = r.memoryBytes().orElse(0L);
    long swap = r.memorySwapBytes().orElse(0L);
    require(memory == 0 || memory >= MEMORY_MIN, "memory limit below 6 MiB");
    require(swap >= -1, "memory and swap limit below -1");
    require(swap <= 0 || memory > 0, "--memory-swap without --memory");
    require(swap <= 0 || swap >= memory, "--memory-swap is less than --memory");
    long reservation = r.memoryReservationBytes().orElse(0L);
    require(memory == 0 || reservation <= memory, "--memory-reservation is more than --memory");
    range("memory swappiness", r.memorySwappiness().filter(value -> value != -1), 0, 100);
    range("block I/O weight", r.blkioWeight().filter(value -> value != 0), 10, 1000);
    Stream.of(
            r.blkioWeightDevices(),
            r.deviceReadBps(),
            r.deviceWriteBps(),
            r.deviceReadIops(),
            r.deviceWriteIops())
        .flatMap(List::stream)
        .forEach(
            entry ->
                require(
                    DEVICE_LIMIT.matcher(entry).matches(),
                    "device limit \"" + entry + "\" is not PATH:NUMBER"));
    range("OOM score adjustment", r.oomScoreAdj(), -1000, 1000);
    long nano = r.nanoCpus().orElse(0L);
    require(
        nano >= 0 && nano <= cpus * 1_000_000_000L,
        "CPUs out of range: 0.01 to " + cpus + ", as many as this host has");
    boolean quota = r.cpuQuotaMicros().isPresent() || r.cpuPeriodMicros().isPresent();
    require(nano == 0 || !quota, "--cpus together with --cpu-period or --cpu-quota");
    r.cpuPeriodMicros()
        .filter(period -> period != 0)
        .ifPresent(
            period ->
                require(
                    period >= 1000 && period <= 1_000_000,
                    "CPU period out of range: 1000 to 1000000 microseconds"));
    require(r.shmSizeBytes().orElse(1L) > 0, "size of /dev/shm must be more than 0");
    r.ulimits()
        .forEach(
            (name, limit) ->
                require(
                    limit.hard() == -1 || (limit.soft() != -1 && limit.soft() <= limit.hard()),
                    "ulimit \"" + name + "\": the soft limit is more than the hard limit"));
  }

  private static void range(String what, Optional<Integer> value, int least, int most) {
    require(
        value.isEmpty() || (value.get() >= least && value.get() <= most),
        what + " out of range: " + least + " to " + most);
  }

  private static void lifecycle(LifecycleRequest l) {
    switch (l.restartPolicy()) {
      case "", "no", "always", "unless-stopped" ->
          require(
              l.restartMaximum() == 0,
              "a maximum of restarts goes with the restart policy \"on-failure\" alone");
      case "on-failure" -> require(l.restartMaximum() >= 0, "maximum of restarts below 0");
      default ->
          throw invalid(
              "invalid restart policy \""
                  + l.restartPolicy()
                  + "\" (no, on-failure[:N], always, unless-stopped)");
    }
    boolean restarts = !l.restartPolicy().isEmpty() && !l.restartPolicy().equals("no");
    require(!l.autoRemove() || !restarts, "--rm together with a restart policy");
    l.stopSignal()
        .ifPresent(
            signal ->
                require(
                    Signals.parse(signal).isPresent(), "invalid stop signal \"" + signal + "\""));
  }

  private static void namespaces(NamespaceRequest n) {
    mode("pid", n.pid(), Set.of("", "private", "host"), true);
    mode("ipc", n.ipc(), Set.of("", "private", "shareable", "none", "host"), true);
    mode("uts", n.uts(), Set.of("", "private", "host"), false);
    mode("cgroupns", n.cgroup(), Set.of("", "private", "host"), false);
    if (!n.user().isEmpty() && !n.user().equals("host")) {
      throw notSupported("user namespace \"" + n.user() + "\" (host, or leave --userns out)");
    }
  }

  private static void mode(String option, String value, Set<String> allowed, boolean container) {
    boolean joins = container && value.startsWith("container:") && value.length() > 10;
    require(joins || allowed.contains(value), "invalid --" + option + " \"" + value + "\"");
  }

  private static void network(NetworkRequest n) {
    boolean joins = n.joinsContainer();
    require(n.isConnected() || n.isDefault() || n.endpoints().isEmpty(), notOfNetworks(n.mode()));
    n.endpoints().forEach(RequestCheck::endpoint);
    ports(n);
    require(
        !joins || n.hostname().isEmpty(), "--hostname together with another container's network");
    n.hostname()
        .ifPresent(
            name ->
                require(
                    name.length() <= HOST_NAME_MAX && HOST_NAME.matcher(name).matches(),
                    "invalid host name \"" + name + "\""));
    for (String server : n.dns()) {
      require(isAddress(server), "invalid DNS server \"" + server + "\": not an IP address");
    }
    n.extraHosts().forEach(entry -> extraHost(entry, n));
  }

  private static void extraHost(String entry, NetworkRequest n) {
    ExtraHost host;
    try {
      host = ExtraHost.parse(entry);
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
    if (host.isGateway()) {
      require(
          n.isConnected() || n.isDefault() || n.mode().equals(NetworkRequest.HOST),
          "host-gateway without a network");
      return;
    }
    require(
        isAddress(host.address()),
        "invalid host \"%s\": \"%s\" is not an IP address".formatted(entry, host.address()));
  }

  private static String notOfNetworks(String mode) {
    return "addresses, aliases, links and further networks together with --network " + mode;
  }

  private static void endpoint(EndpointRequest end) {
    try {
      end.ip().ifPresent(text -> address(text, false));
      end.ip6().ifPresent(text -> address(text, true));
      end.macAddress().ifPresent(MacAddress::parse);
      end.links().forEach(Link::parse);
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
    for (String alias : end.aliases()) {
      require(HOST_NAME.matcher(alias).matches(), "invalid alias \"" + alias + "\"");
    }
  }

  private static void address(String text, boolean ipv6) {
    boolean isIpv6 = Subnet.parseAddress(text).getAddress().length == 16;
    require(isIpv6 == ipv6, "invalid address \"%s\": not IPv%d".formatted(text, ipv6 ? 6 : 4));
  }

  private static void ports(NetworkRequest n) {
    try {
      n.publish().forEach(PublishedPort::parse);
      n.expose().forEach(PublishedPort::parse);
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
    boolean publishes = !n.publish().isEmpty() || n.publishAll();
    require(
        !publishes || n.isConnected() || n.isDefault() || n.mode().equals(NetworkRequest.HOST),
        "ports are published together with --network " + n.mode());
  }

  /** The short forms of IPv4 that the C library takes, such as {@code 10.1}, are none. */
  private static boolean isAddress(String text) {
    try {
      InetAddress.ofLiteral(text);
      return text.contains(":") || text.chars().filter(c -> c == '.').count() == 3;
    } catch (IllegalArgumentException name) {
      return false;
    }
  }

  /** As the compiler checks them, in the words of the command line and before anything is made. */
  private static void sysctls(ContainerRequest request) {
    for (String key : request.security().sysctls().keySet()) {
      NamespaceType type =
          NamespacedSysctls.namespace(key)
              .orElseThrow(
                  () ->
                      invalid(
                          "sysctl \""
                              + key
                              + "\" is not allowed: it is of no namespace and would change the"
                              + " host"));
      boolean shared =
          switch (type) {
            case IPC -> request.namespaces().ipc().equals("host");
            case UTS -> request.namespaces().uts().equals("host");
            case NETWORK -> request.network().mode().equals("host");
            case USER -> true;
            case PID, MOUNT, CGROUP, TIME -> false;
          };
      require(
          !shared,
          "sysctl \""
              + key
              + "\" is not allowed with the host's "
              + type.spelling()
              + " namespace");
    }
  }

  private static void mounts(List<MountRequest> mounts) {
    Set<String> targets = new HashSet<>();
    for (MountRequest mount : mounts) {
      String target = Paths.normalize(mount.target());
      require(target.startsWith("/"), "mount target \"" + mount.target() + "\" is not absolute");
      require(!target.equals("/"), "a mount target cannot be \"/\"");
      require(targets.add(target), "two mounts on \"" + target + "\"");
      switch (mount) {
        case MountRequest.Bind bind -> {
          require(
              bind.source().startsWith("/"),
              "bind source \"" + bind.source() + "\" is not absolute");
          require(
              PROPAGATIONS.contains(bind.propagation()) || bind.propagation().isEmpty(),
              "invalid propagation \"" + bind.propagation() + "\"");
        }
        case MountRequest.Volume volume -> {
          volume.name().ifPresent(RequestCheck::volumeName);
          if (volume.driver().filter(d -> !d.isEmpty() && !d.equals("local")).isPresent()) {
            throw notSupported("volume driver \"" + volume.driver().get() + "\"");
          }
          if (!volume.driverOptions().isEmpty()) {
            throw notSupported("options of the volume driver");
          }
          if (volume.subpath().isPresent()) {
            throw notSupported("volume-subpath (mount the whole volume)");
          }
        }
        case MountRequest.Tmpfs _ -> {}
      }
    }
  }

  private static void volumeName(String name) {
    require(
        NAME.matcher(name).matches(),
        "invalid volume name \""
            + name
            + "\": two or more of a-z A-Z 0-9 _ . - (a host directory needs an absolute path)");
  }

  private static void logging(ContainerRequest request) {
    String driver = request.logging().driver();
    if (LogFormat.ofDriver(driver).isEmpty() && !driver.equals("none")) {
      throw notSupported("log driver \"" + driver + "\" (json-file, k8s-file, none)");
    }
    for (String option : request.logging().options().keySet()) {
      require(
          Set.of("max-size", "max-file", "labels", "env", "tag").contains(option),
          "unknown log option \"" + option + "\"");
    }
    LogOptions.of(request.logging());
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw invalid(problem);
    }
  }
}
