package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ClientStreams;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.Exec;
import dev.coffer.engine.container.ExecIndex;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.create.DetachKeys;
import dev.coffer.engine.create.Paths;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ExecRequest;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.engine.oci.Environment;
import dev.coffer.engine.oci.SecurityChoice;
import dev.coffer.engine.oci.SpecBuilder;
import dev.coffer.engine.oci.SpecNamespaces;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.runtime.monitor.ExitStatus;
import dev.coffer.runtime.monitor.LogSettings;
import dev.coffer.runtime.monitor.MonitorConnection;
import dev.coffer.runtime.monitor.Monitors;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.monitor.StartRequest;
import dev.coffer.runtime.monitor.StdioSettings;
import dev.coffer.runtime.process.Signals;
import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.runtime.rootfs.LiveRoots;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.User;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds processes to running containers, each under a monitor of its own. */
public final class ExecLauncher {

  private static final int KILLED = 137;

  private final LaunchSite site;
  private final ExecIndex execs;
  private final Monitors monitors;
  private final HostFacts facts;
  private final ExecCompiler compiler;
  private final LiveRoots roots = new LiveRoots();

  /** A launcher of these parts. */
  public ExecLauncher(
      LaunchSite site, ExecIndex execs, Monitors monitors, HostFacts facts, ExecCompiler compiler) {
    this.site = site;
    this.execs = execs;
    this.monitors = monitors;
    this.facts = facts;
    this.compiler = compiler;
  }

  /**
   * Starts an exec whose start has been claimed.
   *
   * @throws dev.coffer.engine.EngineException when it cannot be started
   */
  public void launch(Exec exec, Optional<ClientStreams> client) {
    Container container = exec.container();
    String what = "cannot exec in container \"" + container.name() + "\"";
    Optional<LiveContainer> live = container.live();
    try {
      MonitorConnection connection = start(what, exec, live.orElseThrow(), client);
      exec.setConnection(connection);
      var ignored = connection.exited().thenAccept(status -> ended(exec, connection, status));
    } catch (IOException | RuntimeException e) {
      // Whatever failed first when the container ended meanwhile, that is why.
      RuntimeException failure =
          live.filter(LiveContainer::isAlive).isPresent()
              ? StartFailure.of(what, e)
              : new EngineException(Kind.CONFLICT, what + ": it is not running (start it)", e);
      exec.exitCode().completeExceptionally(failure);
      execs.noteEnd(exec);
      throw failure;
    }
  }

  private Plan plan(Exec exec, LiveContainer live) throws IOException {
    ContainerConfig config = exec.container().config();
    ContainerRequest container = config.request();
    SecurityChoice security =
        exec.request().privileged() ? privileged() : SecurityChoice.of(container.security());
    ContainerProcess process = process(exec.request(), config, security, identity(exec, live));
    return compiler.compile(
        process,
        facts,
        new ExecInputs(
            config.id(),
            SpecNamespaces.distinct(container, site.cgroupV2()),
            Optional.of(live.cgroup()),
            initCgroup(live),
            exec.request().terminal() ? StandardStreams.TERMINAL : StandardStreams.PIPES,
            List.of(),
            site.seccomp().profile(security.seccomp(), security.capabilities()),
            true));
  }

  /** Where init is now, if that is below the container's own group: then it was divided. */
  private Optional<String> initCgroup(LiveContainer live) throws IOException {
    if (facts.cgroups().unified().isEmpty()) {
      return Optional.empty();
    }
    return ContainerCgroups.unifiedPath(
            ProcFile.read("/proc/" + live.connection().pid() + "/cgroup"))
        .filter(path -> path.startsWith(live.cgroup() + "/"));
  }

  private static SecurityChoice privileged() {
    return SecurityChoice.of(
        new SecurityRequest(true, List.of(), List.of(), List.of(), List.of(), Map.of(), false));
  }

  /** The accounts are those that the running container sees in its own root, now. */
  private Identity identity(Exec exec, LiveContainer live) throws IOException {
    ContainerConfig config = exec.container().config();
    return roots.look(
        live.connection().pid(),
        live::isAlive,
        root ->
            root.accounts()
                .resolve(
                    exec.request().user().orElse(config.process().user()),
                    config.request().security().groupAdd()));
  }

  private static ContainerProcess process(
      ExecRequest request, ContainerConfig config, SecurityChoice security, Identity identity) {
    CapabilitySet capabilities = security.capabilities();
    List<String> defaults = new ArrayList<>();
    defaults.add(Environment.DEFAULT_PATH);
    defaults.add("HOSTNAME=" + config.hostname());
    defaults.add("HOME=" + identity.home());
    if (request.terminal()) {
      defaults.add("TERM=xterm");
    }
    String directory = request.workingDirectory().orElse(config.process().workingDirectory());
    ContainerProcess.Builder built =
        ContainerProcess.builder(directory.isEmpty() ? "/" : Paths.normalize(directory))
            .terminal(request.terminal())
            .user(User.of(identity.uid(), identity.gid(), identity.groups()))
            .args(request.command())
            .env(Environment.join(defaults, config.process().environment(), request.environment()))
            .capabilities(SpecBuilder.capabilities(capabilities, identity))
            .noNewPrivileges(security.noNewPrivileges());
    SpecBuilder.limits(config.request().resources(), built);
    return built.build();
  }

  private MonitorConnection start(
      String what, Exec exec, LiveContainer live, Optional<ClientStreams> client)
      throws IOException {
    Plan plan = plan(exec, live);
    Path directory = site.monitorDirectory(exec.id());
    Files.createDirectories(directory);
    try (Fd init = live.connection().pidfd()) {
      return monitors.start(request(exec, init, directory, plan, client));
    } catch (IOException | RuntimeException e) {
      RunDirectories.remove(directory);
      if (e instanceof StartException refused) {
        throw StartFailure.of(what, plan, refused);
      }
      throw e;
    }
  }

  private static StartRequest request(
      Exec exec, Fd init, Path directory, Plan plan, Optional<ClientStreams> client) {
    ExecRequest request = exec.request();
    return new StartRequest(
        exec.id(),
        new Program(
            plan.encode(),
            failed -> plan.describe(failed.op(), failed.errno(), failed.signal(), failed.stage())),
        List.of(init),
        directory,
        directory,
        new StdioSettings(
            request.terminal() ? StdioMode.TERMINAL : StdioMode.PIPES,
            request.attachStdin(),
            request.attachStdin(),
            new WindowSize(request.rows(), request.columns())),
        LogSettings.NONE,
        DetachKeys.parse(request.detachKeys()),
        "exit.json",
        false,
        Optional.empty(),
        List.of(),
        true,
        client.map(Clients::of));
  }

  /** Nobody would read what it writes or learn of its end. */
  private static void kill(Exec exec, MonitorConnection connection) {
    try {
      connection.signal(Signals.KILL);
    } catch (IOException e) {
      System.getLogger(ExecLauncher.class.getName())
          .log(Level.WARNING, "cannot kill exec " + exec.id(), e);
    }
  }

  private void ended(Exec exec, MonitorConnection connection, ExitStatus status) {
    int code =
        switch (status) {
          case ExitStatus.Exited exited -> exited.code();
          case ExitStatus.MonitorLost _ -> {
            kill(exec, connection);
            yield KILLED;
          }
        };
    connection.close();
    exec.exitCode().complete(code);
    execs.noteEnd(exec);
    try {
      RunDirectories.remove(site.monitorDirectory(exec.id()));
    } catch (IOException e) {
      System.getLogger(ExecLauncher.class.getName())
          .log(Level.WARNING, "cannot remove the run directory of an exec", e);
    }
  }
}
