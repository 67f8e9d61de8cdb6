package dev.coffer.engine.oci;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.model.ResourceRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Capabilities;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.ConsoleSize;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Root;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the OCI spec of a container. */
public final class SpecBuilder {

  private SpecBuilder() {}

  /**
   * The spec.
   *
   * @throws dev.coffer.engine.EngineException INVALID or NOT_SUPPORTED for what only shows here
   */
  public static Spec build(ContainerConfig config, SpecFacts facts) {
    ContainerRequest request = config.request();
    SecurityChoice security = SecurityChoice.of(request.security());
    Spec.Builder spec =
        Spec.builder(Spec.VERSION)
            .root(Root.of(facts.rootPath(), request.security().readOnlyRootfs()))
            .process(process(config, facts.identity(), security))
            .mounts(SpecMounts.of(config, facts, security))
            .annotations(request.annotations())
            .linux(linux(config, facts, security));
    if (SpecNamespaces.ownsUts(request)) {
      spec.hostname(config.hostname());
      request.network().domainname().ifPresent(spec::domainname);
    }
    return spec.build();
  }

  private static ContainerProcess process(
      ContainerConfig config, Identity identity, SecurityChoice security) {
    ContainerRequest request = config.request();
    ProcessRequest process = request.process();
    ContainerProcess.Builder built =
        ContainerProcess.builder(
                config.process().workingDirectory().isEmpty()
                    ? "/"
                    : config.process().workingDirectory())
            .terminal(process.terminal())
            .user(User.of(identity.uid(), identity.gid(), identity.groups()))
            .args(config.process().arguments())
            .env(environment(config, identity))
            .capabilities(capabilities(security.capabilities(), identity))
            .noNewPrivileges(security.noNewPrivileges());
    if (process.terminal() && process.rows() > 0) {
      built.consoleSize(new ConsoleSize(process.rows(), process.columns(), JsonObject.EMPTY));
    }
    limits(request.resources(), built);
    return built.build();
  }

  /** The limits that hold for each process of a container by itself, those of exec included. */
  public static void limits(ResourceRequest resources, ContainerProcess.Builder process) {
    process.rlimits(SpecResources.rlimits(resources.ulimits()));
    resources.oomScoreAdj().ifPresent(process::oomScoreAdj);
  }

  /** The variables that a process finds, {@code HOME} from its own passwd entry included. */
  private static List<String> environment(ContainerConfig config, Identity identity) {
    List<String> defaults = new ArrayList<>();
    defaults.add(Environment.DEFAULT_PATH);
    defaults.add("HOSTNAME=" + config.hostname());
    if (config.request().process().terminal()) {
      defaults.add("TERM=xterm");
    }
    defaults.add("HOME=" + identity.home());
    return Environment.join(defaults, config.process().environment());
  }

  /**
   * Root keeps what it is given; another user has it only as the limit of what a set-user-id
   * program may regain, as with Docker since 20.10.
   */
  public static Capabilities capabilities(CapabilitySet granted, Identity identity) {
    if (identity.uid() == 0) {
      return Capabilities.of(granted);
    }
    return new Capabilities(
        granted,
        CapabilitySet.EMPTY,
        CapabilitySet.EMPTY,
        CapabilitySet.EMPTY,
        CapabilitySet.EMPTY,
        JsonObject.EMPTY);
  }

  private static Linux linux(ContainerConfig config, SpecFacts facts, SecurityChoice security) {
    ContainerRequest request = config.request();
    DeviceChoice devices = DeviceChoice.of(request, facts.devices());
    Linux.Builder linux =
        Linux.builder()
            .namespaces(SpecNamespaces.of(request, facts))
            .cgroupsPath(cgroupsPath(config, facts.cgroupParent()))
            .devices(devices.nodes())
            .resources(SpecResources.of(request.resources(), devices.rules(), facts.devices()))
            .sysctl(sysctls(request))
            .maskedPaths(security.maskedPaths())
            .readonlyPaths(security.readOnlyPaths());
    facts.seccomp().profile(security.seccomp(), security.capabilities()).ifPresent(linux::seccomp);
    return linux.build();
  }

  /**
   * Below the engine's own group, or below the parent that the user chose.
   *
   * @param parent the engine's own, such as {@code /coffer}
   */
  public static String cgroupsPath(ContainerConfig config, String parent) {
    return config
        .request()
        .resources()
        .cgroupParent()
        .filter(chosen -> !chosen.isEmpty())
        .map(chosen -> (chosen.startsWith("/") ? "" : "/") + chosen)
        .orElse(parent)
        .concat("/" + config.id());
  }

  /** What Docker sets where the network namespace is the container's own, then the user's. */
  private static Map<String, String> sysctls(ContainerRequest request) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    if (SpecNamespaces.ownsNetwork(request)) {
      sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
      sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
    }
    sysctls.putAll(request.security().sysctls());
    return sysctls;
  }
}
