package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.runtime.cgroup.Cgroups;
import dev.coffer.runtime.host.HostProbe;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.LogFormat;
import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.testkit.BusyboxRootfs;
import dev.coffer.testkit.LeakCheck;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Containers over one busybox root file system, made from {@code default-spec.json} with whatever a
 * test changes in it. Closing checks that nothing is left of them.
 */
final class TestContainers {
  static final Set<NamespaceType> NAMESPACES =
      Set.of(
          NamespaceType.PID,
          NamespaceType.NETWORK,
          NamespaceType.IPC,
          NamespaceType.UTS,
          NamespaceType.MOUNT);
  private static final Path HELPER = Path.of("../../build/native/coffer");
  private static final String PARENT = "/coffer-it-" + ProcessHandle.current().pid();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path directory;
  private final LeakCheck leaks;
  private final HostFacts facts;
  private final Cgroups cgroups;
  private final Fd output;
  private final ProcessMonitors monitors;
  private final SeccompFilters filters = new SeccompFilters();
  private int started;

  TestContainers(Path directory) throws Exception {
    this.directory = directory;
    leaks = LeakCheck.begin(LeakCheck.Scope.CHILDREN);
    facts = HostProbe.probe();
    cgroups = new Cgroups(facts.cgroups());
    output = FileOpen.path("/dev/null", OpenFlags.RDWR);
    monitors = ProcessMonitors.open(HELPER, output);
    BusyboxRootfs.create(Files.createDirectory(rootfs()));
    Files.createDirectory(directory.resolve("upper"));
    Files.createDirectory(directory.resolve("work"));
  }

  HostFacts facts() {
    return facts;
  }

  /** The lower directory of every container's root: what a test puts there is in the image. */
  Path rootfs() {
    return directory.resolve("rootfs");
  }

  /** The spec of a container that runs a script. */
  static Spec spec(String script) throws Exception {
    try (InputStream in = TestContainers.class.getResourceAsStream("default-spec.json")) {
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@SCRIPT@", "")
              .replace("@MOUNT@", "")
              .replace("@TERMINAL@", "false")
              .replace("@CGROUP@", PARENT + "/box");
      Spec spec = Spec.parse(text.getBytes(StandardCharsets.UTF_8));
      return process(spec, process -> process.args(List.of("sh", "-c", script)));
    }
  }

  static Spec process(Spec spec, UnaryOperator<ContainerProcess.Builder> change) {
    ContainerProcess process = change.apply(spec.process().orElseThrow().toBuilder()).build();
    return spec.toBuilder().process(process).build();
  }

  static Spec linux(Spec spec, UnaryOperator<Linux.Builder> change) {
    return spec.toBuilder()
        .linux(change.apply(spec.linux().orElseThrow().toBuilder()).build())
        .build();
  }

  static Spec mounts(Spec spec, Mount... more) {
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    mounts.addAll(List.of(more));
    return spec.toBuilder().mounts(mounts).build();
  }

  /** Runs a container to its end. */
  Conversation run(Spec spec) throws Exception {
    try (Fd root = mount()) {
      return talk(plan(spec, inputs()), List.of(root));
    }
  }

  /** Starts a container that nobody listens to. */
  MonitorConnection start(Spec spec) throws Exception {
    try (Fd root = mount()) {
      return monitors.start(request(plan(spec, inputs()), List.of(root), Optional.empty()));
    }
  }

  /** Runs a container of another plan, whose first input is the root, to its end. */
  Conversation run(Spec spec, ContainerInputs inputs, List<Fd> more) throws Exception {
    try (Fd root = mount()) {
      List<Fd> descriptors = new ArrayList<>(List.of(root));
      descriptors.addAll(more);
      return talk(plan(spec, inputs), descriptors);
    }
  }

  /** Runs a process in a container to its end. */
  Conversation exec(MonitorConnection container, ContainerProcess process, ExecInputs inputs)
      throws Exception {
    Plan plan = new ExecCompiler(filters).compile(process, facts, inputs);
    try (Fd init = container.pidfd()) {
      return talk(plan, List.of(init));
    }
  }

  static ContainerInputs inputs() {
    return ContainerInputs.of("box", StandardStreams.PIPES).toBuilder().bundle("/bundle").build();
  }

  static ExecInputs execInputs() {
    return new ExecInputs(
        "box",
        NAMESPACES,
        Optional.of(PARENT + "/box"),
        Optional.empty(),
        StandardStreams.PIPES,
        List.of(),
        Optional.empty(),
        true);
  }

  static void kill(MonitorConnection container) throws Exception {
    container.signal(9);
    assertThat(container.exited().get(10, TimeUnit.SECONDS)).isInstanceOf(ExitStatus.Exited.class);
  }

  private Plan plan(Spec spec, ContainerInputs inputs) {
    return new ContainerCompiler(filters).compile(spec, facts, inputs);
  }

  private Conversation talk(Plan plan, List<Fd> descriptors) throws Exception {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        MonitorConnection connection =
            monitors.start(
                request(
                    plan,
                    descriptors,
                    Optional.of(Client.overSocket(pair.second(), Attach.ALL, true))))) {
      pair.second().close();
      Conversation told = Conversation.listen(pair.first());
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExitStatus.Exited.class);
      return told;
    }
  }

  private StartRequest request(Plan plan, List<Fd> descriptors, Optional<Client> client)
      throws Exception {
    Path state = Files.createDirectory(directory.resolve("state-" + started++));
    return new StartRequest(
        "box",
        Program.of(plan),
        descriptors,
        state,
        state,
        new StdioSettings(StdioMode.PIPES, false, false, new WindowSize(0, 0)),
        new LogSettings(LogFormat.JSON_FILE, 1, 0, "log", ""),
        List.of(),
        "exit.json",
        false,
        Optional.empty(),
        List.of(),
        true,
        client);
  }

  private Fd mount() throws Exception {
    try (Fd lower = open("rootfs");
        Fd upper = open("upper");
        Fd work = open("work")) {
      return Overlay.ofThisKernel()
          .mount(
              OverlayLayers.writable(List.of(lower), upper, work),
              OverlayOptions.DEFAULT.withVolatile(false));
    }
  }

  private Fd open(String name) throws Exception {
    return FileOpen.path(directory.resolve(name).toString(), OpenFlags.PATH);
  }

  void close() throws Exception {
    cgroups.of(PARENT + "/box").killAll(PATIENCE);
    cgroups.of(PARENT).remove(PATIENCE);
    monitors.close();
    leaks.assertNothingLeft();
    output.close();
  }
}
