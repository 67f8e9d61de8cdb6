package dev.coffer.plan;

import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.CriuCompiler;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.NetworkDevice;
import dev.coffer.plan.compile.Restoration;
import dev.coffer.plan.compile.RootSource;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.State;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Plans of everyday actions, one golden file each. */
public enum TestPlans {
  RUN_HYBRID(() -> run("standard.json", TestHosts.hybrid(), StandardStreams.PIPES)),
  RUN_UNIFIED(() -> run("standard.json", TestHosts.unified(), StandardStreams.PIPES)),
  RUN_TERMINAL(() -> run("terminal.json", TestHosts.unified(), StandardStreams.TERMINAL)),
  RUN_READ_ONLY(() -> run("read-only.json", TestHosts.unified(), StandardStreams.PASSED)),
  RUN_USER_NAMESPACE(() -> run("user-namespace.json", TestHosts.unified(), StandardStreams.PASSED)),
  RUN_ID_MAPPED(() -> run("id-mapped.json", TestHosts.unified(), StandardStreams.PASSED)),
  RUN_JOINED(() -> run("joined.json", TestHosts.unified(), StandardStreams.PASSED)),
  RUN_JOINER(() -> run("joiner.json", TestHosts.unified(), StandardStreams.PASSED)),
  RUN_ROOTLESS(() -> run("rootless.json", TestHosts.ordinaryUser(), StandardStreams.PASSED)),
  RUN_INIT(TestPlans::withInit),
  RUN_HOOKS(TestPlans::withHooks),
  RUN_FIELDS(TestPlans::withFields),
  LIMITS_HYBRID(() -> run("limits.json", TestHosts.hybrid(), StandardStreams.PASSED)),
  LIMITS_UNIFIED(() -> run("limits-unified.json", TestHosts.unified(), StandardStreams.PASSED)),
  SCOPE_HYBRID(() -> scope("limits.json", TestHosts.hybrid())),
  SCOPE_UNIFIED(() -> scope("limits-unified.json", TestHosts.unified())),
  SCOPE_JOINER(() -> scope("joiner.json", TestHosts.unified())),
  EXEC(() -> exec(TestHosts.hybrid(), StandardStreams.PIPES, false)),
  EXEC_TERMINAL(() -> exec(TestHosts.unified(), StandardStreams.TERMINAL, true)),
  EXEC_ROOTLESS(TestPlans::execRootless),
  EXEC_FIELDS(TestPlans::execWithFields),
  RUN_BUNDLE(() -> ofBundle("standard.json")),
  RUN_SHARED_MOUNTS(() -> ofBundle("shared-mounts.json")),
  CHECKPOINT(
      () ->
          CriuCompiler.start(
              TestHosts.unified().architecture(),
              new CriuCompiler.Criu("/usr/sbin/criu", List.of("PATH=/bin")),
              "checkpoint")),
  RESTORE_HYBRID(() -> restore("standard.json", TestHosts.hybrid(), "network")),
  RESTORE_TERMINAL(() -> restore("terminal.json", TestHosts.unified(), CriuCompiler.NULL)),
  RESTORE_SCOPE(() -> restore("standard.json", TestHosts.unified(), "scope")),
  RESTORE_SCOPE_HYBRID(() -> restore("standard.json", TestHosts.hybrid(), "scope"));

  @SuppressWarnings("ImmutableEnumChecker")
  private final Supplier<Plan> make;

  TestPlans(Supplier<Plan> make) {
    this.make = make;
  }

  public Plan plan() {
    return make.get();
  }

  public String fileName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt";
  }

  private static Plan restore(String spec, HostFacts facts, String input) {
    return CriuCompiler.restoration(
        new CriuCompiler.Criu("/usr/sbin/criu", List.of("PATH=/bin")),
        facts,
        new Restoration(
            "web",
            TestSpecs.read(spec),
            "/bundle/rootfs",
            "/bundle",
            List.of(CriuCompiler.SOCKET, input),
            Stream.of(input).filter("network"::equals).toList(),
            Optional.of(input).filter("scope"::equals)));
  }

  private static Plan run(String spec, HostFacts facts, StandardStreams streams) {
    return compile(TestSpecs.read(spec), facts, ContainerInputs.of("web", streams));
  }

  private static Plan compile(Spec spec, HostFacts facts, ContainerInputs inputs) {
    return new ContainerCompiler(new SeccompFilters())
        .compile(spec, facts, inputs.toBuilder().origins(Map.of("mounts[7]", "--volume")).build());
  }

  private static Plan withInit() {
    ContainerInputs inputs =
        ContainerInputs.of("web", StandardStreams.PIPES).toBuilder()
            .inputs(List.of(ContainerInputs.ROOTFS, "log"))
            .preserved(List.of("log"))
            .init(true)
            .build();
    return compile(TestSpecs.standard(), TestHosts.unified(), inputs);
  }

  private static Plan scope(String spec, HostFacts facts) {
    ContainerInputs inputs =
        ContainerInputs.of("web", StandardStreams.PASSED).toBuilder()
            .inputs(List.of(ContainerInputs.ROOTFS, "start", "scope"))
            .startBarrier("start")
            .scope("scope")
            .build();
    return compile(TestSpecs.read(spec), facts, inputs);
  }

  private static Plan ofBundle(String spec) {
    return compile(
        TestSpecs.read(spec),
        TestHosts.unified(),
        ContainerInputs.builder(
                "web", new RootSource.Directory("/bundle/rootfs"), StandardStreams.PASSED)
            .bundle("/bundle")
            .build());
  }

  private static Plan withHooks() {
    ContainerInputs inputs =
        ContainerInputs.of("web", StandardStreams.PASSED).toBuilder()
            .bundle("/bundle")
            .inputs(List.of(ContainerInputs.ROOTFS, "start"))
            .startBarrier("start")
            .build();
    return compile(TestSpecs.read("hooks.json"), TestHosts.unified(), inputs);
  }

  private static Plan withFields() {
    ContainerInputs inputs =
        ContainerInputs.of("web", StandardStreams.PASSED).toBuilder()
            .bundle("/bundle")
            .inputs(List.of(ContainerInputs.ROOTFS, "start"))
            .startBarrier("start")
            .netDevices(Map.of("eth1", networkDevice()))
            .build();
    return compile(TestSpecs.read("process-fields.json"), TestHosts.unified(), inputs);
  }

  private static NetworkDevice networkDevice() {
    NetworkDevice.Address address =
        new NetworkDevice.Address(
            Bytes.copyOf(new byte[] {(byte) 192, 0, 2, 1}),
            Optional.empty(),
            24,
            Optional.of(Bytes.copyOf(new byte[] {(byte) 192, 0, 2, (byte) 255})),
            "192.0.2.1");
    return new NetworkDevice(3, List.of(address));
  }

  private static Plan execWithFields() {
    Spec spec = TestSpecs.read("process-fields.json");
    State state =
        new State(
            "1.3.0",
            "web",
            ContainerStatus.RUNNING,
            Optional.of(4711),
            "/bundle",
            new LinkedHashMap<>(spec.annotations()),
            JsonObject.EMPTY);
    ExecInputs inputs =
        execInputs(EnumSet.of(NamespaceType.PID, NamespaceType.MOUNT), StandardStreams.PASSED)
            .withSeccomp(spec.linux().orElseThrow().seccomp().orElseThrow())
            .withContainer(spec.linux().orElseThrow(), state);
    return new ExecCompiler(new SeccompFilters())
        .compile(spec.process().orElseThrow(), TestHosts.unified(), inputs);
  }

  private static Plan execRootless() {
    ExecInputs inputs =
        execInputs(
            EnumSet.of(NamespaceType.PID, NamespaceType.MOUNT, NamespaceType.USER),
            StandardStreams.PASSED);
    return new ExecCompiler(new SeccompFilters())
        .compile(
            TestSpecs.read("rootless.json").process().orElseThrow(),
            TestHosts.ordinaryUser(),
            inputs);
  }

  private static ExecInputs execInputs(Set<NamespaceType> namespaces, StandardStreams streams) {
    return new ExecInputs(
        "web",
        namespaces,
        Optional.of("/coffer/web"),
        Optional.of("/coffer/web/init.scope"),
        streams,
        List.of(),
        Optional.empty(),
        true);
  }

  private static Plan exec(HostFacts facts, StandardStreams streams, boolean remapped) {
    Set<NamespaceType> namespaces = EnumSet.allOf(NamespaceType.class);
    namespaces.remove(NamespaceType.TIME);
    if (!remapped) {
      namespaces.remove(NamespaceType.USER);
    }
    ExecInputs inputs = execInputs(namespaces, streams);
    Spec spec = TestSpecs.read(remapped ? "terminal.json" : "standard.json");
    return new ExecCompiler(new SeccompFilters())
        .compile(spec.process().orElseThrow(), facts, inputs);
  }
}
