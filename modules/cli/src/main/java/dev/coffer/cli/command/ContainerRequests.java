package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.value.MountSyntax;
import dev.coffer.cli.value.RestartPolicy;
import dev.coffer.cli.value.VolumeSyntax;
import dev.coffer.engine.create.DetachKeys;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequest.PullPolicy;
import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.model.LogRequest;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.model.ResourceRequest;
import dev.coffer.engine.model.ResourceRequest.Ulimit;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the options of {@code run} and {@code create} into what the engine is asked for. */
final class ContainerRequests {

  private final EngineRequest request;
  private final Arguments arguments;

  private ContainerRequests(EngineRequest request, Arguments arguments) {
    this.request = request;
    this.arguments = arguments;
  }

  /**
   * The request.
   *
   * @param streams which streams the caller attaches to
   * @throws IllegalArgumentException when options contradict each other or a value is wrong
   * @throws IOException when a file that an option names cannot be read
   */
  static ContainerRequest of(EngineRequest request, Arguments arguments, AttachedStreams streams)
      throws IOException {
    return new ContainerRequests(request, arguments).build(streams);
  }

  private ContainerRequest build(AttachedStreams streams) throws IOException {
    List<String> positionals = arguments.positionals();
    return new ContainerRequest(
        positionals.getFirst(),
        arguments.get(ContainerOptions.NAME),
        arguments.get(ContainerOptions.PLATFORM),
        arguments.get(ContainerOptions.PULL).orElse(PullPolicy.MISSING),
        process(positionals.subList(1, positionals.size()), streams),
        resources(),
        security(),
        namespaces(),
        mounts(),
        NetworkOptions.request(request, arguments),
        new LogRequest(
            arguments.get(ContainerOptions.LOG_DRIVER).orElse("json-file"),
            arguments.get(ContainerOptions.LOG_OPT)),
        lifecycle(),
        labels(),
        arguments.get(ContainerOptions.ANNOTATION),
        arguments.get(ContainerOptions.RUNTIME));
  }

  private ProcessRequest process(List<String> command, AttachedStreams streams) throws IOException {
    boolean interactive = arguments.get(ContainerOptions.INTERACTIVE);
    boolean terminal = arguments.get(ContainerOptions.TTY);
    WindowSize size = terminal ? request.console().size() : WindowSize.UNKNOWN;
    Optional<String> keys = arguments.get(ContainerOptions.DETACH_KEYS);
    // For its errors alone.
    DetachKeys.parse(keys);
    return new ProcessRequest(
        arguments
            .get(ContainerOptions.ENTRYPOINT)
            .map(entrypoint -> entrypoint.isEmpty() ? List.of() : List.of(entrypoint)),
        command,
        EnvironmentOptions.of(
            request, arguments.get(ContainerOptions.ENV_FILE), arguments.get(ContainerOptions.ENV)),
        arguments.get(ContainerOptions.USER),
        arguments.get(ContainerOptions.WORKDIR),
        terminal,
        interactive,
        interactive && streams.stdin(),
        streams.stdin(),
        streams.stdout(),
        streams.stderr(),
        size.rows(),
        size.columns(),
        arguments.get(ContainerOptions.INIT),
        keys);
  }

  private ResourceRequest resources() {
    Map<String, Ulimit> ulimits = new LinkedHashMap<>();
    arguments
        .get(ContainerOptions.ULIMIT)
        .forEach(one -> ulimits.put(one.getKey(), one.getValue()));
    return new ResourceRequest(
        arguments.get(ContainerOptions.MEMORY),
        arguments.get(ContainerOptions.MEMORY_SWAP),
        arguments.get(ContainerOptions.MEMORY_RESERVATION),
        arguments.get(ContainerOptions.MEMORY_SWAPPINESS).filter(value -> value >= 0),
        arguments.get(ContainerOptions.OOM_KILL_DISABLE),
        arguments.get(ContainerOptions.CPUS),
        arguments.get(ContainerOptions.CPU_SHARES),
        arguments.get(ContainerOptions.CPU_PERIOD),
        arguments.get(ContainerOptions.CPU_QUOTA),
        arguments.get(ContainerOptions.CPU_RT_PERIOD),
        arguments.get(ContainerOptions.CPU_RT_RUNTIME),
        arguments.get(ContainerOptions.CPUSET_CPUS),
        arguments.get(ContainerOptions.CPUSET_MEMS),
        arguments.get(ContainerOptions.PIDS_LIMIT),
        arguments.get(ContainerOptions.BLKIO_WEIGHT).filter(value -> value != 0),
        arguments.get(ContainerOptions.BLKIO_WEIGHT_DEVICE),
        arguments.get(ContainerOptions.DEVICE_READ_BPS),
        arguments.get(ContainerOptions.DEVICE_WRITE_BPS),
        arguments.get(ContainerOptions.DEVICE_READ_IOPS),
        arguments.get(ContainerOptions.DEVICE_WRITE_IOPS),
        arguments.get(ContainerOptions.DEVICE),
        arguments.get(ContainerOptions.DEVICE_CGROUP_RULE),
        ulimits,
        arguments.get(ContainerOptions.SHM_SIZE),
        arguments.get(ContainerOptions.OOM_SCORE_ADJ),
        arguments.get(ContainerOptions.CGROUP_PARENT),
        Map.of());
  }

  private SecurityRequest security() throws IOException {
    return new SecurityRequest(
        arguments.get(ContainerOptions.PRIVILEGED),
        arguments.get(ContainerOptions.CAP_ADD),
        arguments.get(ContainerOptions.CAP_DROP),
        SecurityOptions.of(request.files(), arguments.get(ContainerOptions.SECURITY_OPT)),
        arguments.get(ContainerOptions.GROUP_ADD),
        arguments.get(ContainerOptions.SYSCTL),
        arguments.get(ContainerOptions.READ_ONLY));
  }

  private NamespaceRequest namespaces() {
    return new NamespaceRequest(
        arguments.get(ContainerOptions.PID).orElse(""),
        arguments.get(ContainerOptions.IPC).orElse(""),
        arguments.get(ContainerOptions.UTS).orElse(""),
        arguments.get(ContainerOptions.USERNS).orElse(""),
        arguments.get(ContainerOptions.CGROUPNS).orElse(""));
  }

  private List<MountRequest> mounts() {
    List<MountRequest> mounts = new ArrayList<>();
    for (String text : arguments.get(ContainerOptions.VOLUME)) {
      mounts.add(VolumeSyntax.parse(text, request.files()));
    }
    for (String text : arguments.get(ContainerOptions.MOUNT)) {
      mounts.add(MountSyntax.parse(text, request.files()));
    }
    for (String text : arguments.get(ContainerOptions.TMPFS)) {
      int colon = text.indexOf(':');
      String target = colon < 0 ? text : text.substring(0, colon);
      if (!target.startsWith("/")) {
        throw new IllegalArgumentException(
            "invalid tmpfs \"" + text + "\": the path inside the container must be absolute");
      }
      mounts.add(new MountRequest.Tmpfs(target, false, colon < 0 ? "" : text.substring(colon + 1)));
    }
    return mounts;
  }

  private LifecycleRequest lifecycle() {
    RestartPolicy restart = arguments.get(ContainerOptions.RESTART).orElse(RestartPolicy.NONE);
    boolean remove = arguments.get(ContainerOptions.RM);
    if (remove && !restart.name().equals("no")) {
      throw new IllegalArgumentException(
          "conflicting options: cannot specify both --restart and --rm");
    }
    return new LifecycleRequest(
        remove,
        restart.name(),
        restart.maximum(),
        arguments.get(ContainerOptions.STOP_SIGNAL),
        arguments.get(ContainerOptions.STOP_TIMEOUT),
        arguments.get(ContainerOptions.CIDFILE).map(request.files()::absolute),
        arguments.get(ContainerOptions.PIDFILE).map(request.files()::absolute));
  }

  private Map<String, String> labels() throws IOException {
    List<String> entries =
        new ArrayList<>(
            CallerInput.entries(request.files(), arguments.get(ContainerOptions.LABEL_FILE)));
    entries.addAll(arguments.get(ContainerOptions.LABEL));
    Map<String, String> labels = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? entry : entry.substring(0, equals);
      if (name.isEmpty()) {
        throw new IllegalArgumentException("invalid label '" + entry + "': empty name");
      }
      labels.put(name, equals < 0 ? "" : entry.substring(equals + 1));
    }
    return labels;
  }
}
