package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ClientStreams;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.create.DetachKeys;
import dev.coffer.engine.create.LogOptions;
import dev.coffer.engine.logs.LogFormat;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.LogRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.network.Connections;
import dev.coffer.engine.oci.SpecBuilder;
import dev.coffer.engine.rootfs.ImageAccounts;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.engine.state.StateStore;
import dev.coffer.kernel.Fd;
import dev.coffer.runtime.monitor.LogSettings;
import dev.coffer.runtime.monitor.MonitorConnection;
import dev.coffer.runtime.monitor.Monitors;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.monitor.StartRequest;
import dev.coffer.runtime.monitor.StdioSettings;
import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.runtime.rootfs.Accounts;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.runtime.rootfs.RootView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings a container to life: mounts its root, decides who it runs as, compiles its plan and hands
 * that to a monitor. What it made is undone when a step fails.
 */
public final class ContainerLauncher {

  private final LaunchSite site;
  private final LaunchPlan plans;
  private final StateStore store;
  private final RootFilesystem roots;
  private final VolumeFiller volumes;
  private final JoinedNamespaces namespaces;
  private final Connections connections;
  private final Monitors monitors;
  private final ContainerCgroups cgroups;
  private final ImageAccounts accounts = new ImageAccounts();

  /** A launcher of these parts. */
  public ContainerLauncher(
      LaunchSite site,
      LaunchPlan plans,
      StateStore store,
      RootFilesystem roots,
      VolumeFiller volumes,
      JoinedNamespaces namespaces,
      Connections connections,
      Monitors monitors,
      ContainerCgroups cgroups) {
    this.site = site;
    this.plans = plans;
    this.store = store;
    this.roots = roots;
    this.volumes = volumes;
    this.namespaces = namespaces;
    this.connections = connections;
    this.monitors = monitors;
    this.cgroups = cgroups;
  }

  /**
   * Starts a container's process; the caller holds the container's lock and has seen to it that
   * nothing of an earlier run is left.
   *
   * @throws EngineException that says what could not be done, and why
   */
  public LiveContainer launch(Container container, Optional<ClientStreams> client) {
    ContainerConfig config = container.config();
    String what = "cannot start container \"" + config.name() + "\"";
    ContainerDirectory directory = store.directory(config.id());
    Optional<Connections.Prepared> network = connect(what, container);
    try (Fd root = roots.mount(config);
        JoinedNamespaces.Joined joined =
            namespaces.of(config.request(), network.map(Connections.Prepared::namespace))) {
      PlanTemplate plan = plan(config, root, joined);
      LiveContainer live =
          start(what, config, directory, plan, inputDescriptors(root, joined), client);
      network.ifPresent(Connections.Prepared::keep);
      return live;
    } catch (IOException | RuntimeException e) {
      throw StartFailure.of(what, e);
    } finally {
      network.ifPresent(Connections.Prepared::close);
    }
  }

  private Optional<Connections.Prepared> connect(String what, Container container) {
    try {
      return connections.prepare(container);
    } catch (EngineException e) {
      throw new EngineException(e.kind(), what + ": " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw StartFailure.of(what, e);
    }
  }

  private PlanTemplate plan(ContainerConfig config, Fd root, JoinedNamespaces.Joined joined)
      throws IOException {
    RootView view = new RootView(root);
    volumes.fill(config.mounts(), view);
    Identity identity =
        accounts(config, view)
            .resolve(config.process().user(), config.request().security().groupAdd());
    if (!config.isEphemeral()) {
      store.saveSpec(config.id(), plans.spec(config, identity, joined).toJson());
    }
    return plans.template(config, identity, joined);
  }

  /** Those of the image, until the container may have its own in /etc. */
  private Accounts accounts(ContainerConfig config, RootView view) throws IOException {
    return roots.mayHaveChanged(config, "etc")
        ? view.accounts()
        : accounts.of(config.imageId(), view);
  }

  private static List<Fd> inputDescriptors(Fd root, JoinedNamespaces.Joined joined) {
    List<Fd> inputs = new ArrayList<>(List.of(root));
    inputs.addAll(joined.descriptors());
    return inputs;
  }

  private LiveContainer start(
      String what,
      ContainerConfig config,
      ContainerDirectory directory,
      PlanTemplate plan,
      List<Fd> inputs,
      Optional<ClientStreams> client)
      throws IOException {
    String cgroup = SpecBuilder.cgroupsPath(config, site.cgroupParent());
    Path runDirectory = site.monitorDirectory(config.id());
    Files.createDirectories(runDirectory);
    Files.deleteIfExists(directory.exit());
    try {
      MonitorConnection connection =
          monitors.start(request(config, directory, runDirectory, cgroup, plan, inputs, client));
      return new LiveContainer(connection, cgroup);
    } catch (StartException e) {
      undo(runDirectory, cgroup, e);
      throw StartFailure.of(what, plan.plan(), e);
    } catch (IOException | RuntimeException e) {
      undo(runDirectory, cgroup, e);
      throw e;
    }
  }

  /** A monitor that was killed cannot have cleaned up what it had made by then. */
  private void undo(Path runDirectory, String cgroup, Exception cause) {
    try {
      cgroups.kill(cgroup);
      cgroups.remove(cgroup);
      RunDirectories.remove(runDirectory);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private StartRequest request(
      ContainerConfig config,
      ContainerDirectory directory,
      Path runDirectory,
      String cgroup,
      PlanTemplate plan,
      List<Fd> inputs,
      Optional<ClientStreams> client) {
    ContainerRequest request = config.request();
    boolean needsEngineAtEnd = config.isEphemeral() || RestartPolicy.applies(request.lifecycle());
    return new StartRequest(
        config.id(),
        plan.program(config.id()),
        inputs,
        directory.path(),
        runDirectory,
        stdio(request.process()),
        log(config),
        client
            .map(streams -> bytes(streams.detachKeys()))
            .filter(keys -> !keys.isEmpty())
            .orElseGet(() -> DetachKeys.parse(request.process().detachKeys())),
        directory.exit().getFileName().toString(),
        !config.isEphemeral(),
        cgroups.oomFile(cgroup),
        needsEngineAtEnd ? site.engineCommand() : List.of(),
        true,
        client.map(Clients::of));
  }

  private static StdioSettings stdio(ProcessRequest process) {
    return new StdioSettings(
        process.terminal() ? StdioMode.TERMINAL : StdioMode.PIPES,
        process.openStdin(),
        process.stdinOnce(),
        new WindowSize(process.rows(), process.columns()));
  }

  private static LogSettings log(ContainerConfig config) {
    LogRequest request = config.request().logging();
    Optional<LogFormat> format = LogFormat.ofDriver(request.driver());
    if (format.isEmpty()) {
      return LogSettings.NONE;
    }
    LogOptions options = LogOptions.of(request);
    return new LogSettings(
        format.get().onTheWire(),
        options.maximumFiles(),
        options.maximumBytes(),
        format.get().fileName(config.id()),
        LogAttributes.of(config));
  }

  private static List<Byte> bytes(byte[] keys) {
    List<Byte> list = new ArrayList<>();
    for (byte key : keys) {
      list.add(key);
    }
    return List.copyOf(list);
  }
}
