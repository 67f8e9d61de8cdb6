package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.EngineStatus;
import dev.coffer.engine.model.SystemInfo;
import dev.coffer.engine.model.VersionInfo;
import dev.coffer.engine.state.EngineOptions;
import dev.coffer.engine.state.Status;
import dev.coffer.image.ImageStore;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.HostFacts;
import dev.coffer.runtime.Release;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the engine tells of itself and its host. */
public final class SystemHandlers {

  private final EngineOptions options;
  private final ContainerIndex containers;
  private final ImageStore images;
  private final RootFilesystem roots;
  private final HostFacts facts;
  private final Instant started = Instant.now();

  /** Tells of these. */
  public SystemHandlers(
      EngineOptions options,
      ContainerIndex containers,
      ImageStore images,
      RootFilesystem roots,
      HostFacts facts) {
    this.options = options;
    this.containers = containers;
    this.images = images;
    this.roots = roots;
    this.facts = facts;
  }

  /**
   * The members of Docker's {@code GET /info} that have a meaning here.
   *
   * <p>Source: Docker Engine API 1.47, SystemInfo.
   */
  public SystemInfo info() {
    return new SystemInfo(
        JsonObject.builder()
            .put("ID", options.dataRoot().toString())
            .put("Containers", containers.all().size())
            .put("ContainersRunning", count(Status.RUNNING))
            .put("ContainersPaused", count(Status.PAUSED))
            .put("ContainersStopped", containers.all().size() - running())
            .put("Images", images.list().size())
            .put("Driver", driver())
            .put("Plugins", plugins())
            .put("LoggingDriver", "json-file")
            .put("CgroupDriver", "cgroupfs")
            .put("CgroupVersion", facts.cgroups().mode() == CgroupLayout.Mode.V2 ? "2" : "1")
            .put("KernelVersion", facts.kernelRelease())
            .put("OperatingSystem", operatingSystem())
            .put("OSType", "linux")
            .put("Architecture", System.getProperty("os.arch").replace("amd64", "x86_64"))
            .put("NCPU", Runtime.getRuntime().availableProcessors())
            .put("MemTotal", totalMemoryBytes())
            .put("DockerRootDir", options.dataRoot().toString())
            .put("Name", text("/proc/sys/kernel/hostname"))
            .put("Labels", JsonArray.EMPTY)
            .put("ServerVersion", Release.VERSION)
            .put("DefaultRuntime", "coffer")
            .put("Runtimes", JsonObject.builder().put("coffer", JsonObject.EMPTY).build())
            .put("InitBinary", "coffer")
            .put("SecurityOptions", JsonValue.ofStrings(securityOptions()))
            .put("LiveRestoreEnabled", true)
            .put("Warnings", JsonArray.EMPTY)
            .build());
  }

  private String driver() {
    try {
      return roots.forNew().word();
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED, "cannot tell how containers are kept: " + e.getMessage(), e);
    }
  }

  private static JsonObject plugins() {
    return JsonObject.builder()
        .putStrings("Volume", List.of("local"))
        .putStrings("Network", List.of("bridge", "cni", "host", "ipvlan", "macvlan", "null"))
        .putStrings("Log", List.of("json-file", "k8s-file", "none"))
        .build();
  }

  private List<String> securityOptions() {
    List<String> securityOptions = new ArrayList<>(List.of("name=seccomp,profile=builtin"));
    if (facts.cgroups().mode() == CgroupLayout.Mode.V2) {
      securityOptions.add("name=cgroupns");
    }
    return securityOptions;
  }

  /** Versions. */
  public VersionInfo version() {
    Platform host = Platform.host();
    return new VersionInfo(
        Release.VERSION,
        options.build(),
        System.getProperty("java.runtime.version"),
        facts.kernelRelease(),
        host.os(),
        host.architecture(),
        Spec.VERSION);
  }

  /** Whether the engine is well. */
  public EngineStatus status() {
    return new EngineStatus(
        ProcessHandle.current().pid(),
        options.build(),
        started,
        options.dataRoot().toString(),
        options.runDirectory().toString(),
        options.cgroupParent(),
        running(),
        containers.all().size());
  }

  private int running() {
    return count(Status.RUNNING) + count(Status.PAUSED) + count(Status.RESTARTING);
  }

  private int count(Status status) {
    return Math.toIntExact(
        containers.all().stream().filter(c -> c.state().status() == status).count());
  }

  private static String operatingSystem() {
    return text("/etc/os-release")
        .lines()
        .filter(line -> line.startsWith("PRETTY_NAME="))
        .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
        .findFirst()
        .orElse("Linux");
  }

  private static long totalMemoryBytes() {
    return text("/proc/meminfo")
        .lines()
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  private static String text(String path) {
    try {
      return Files.readString(Path.of(path), StandardCharsets.UTF_8).strip();
    } catch (IOException none) {
      return "";
    }
  }
}
