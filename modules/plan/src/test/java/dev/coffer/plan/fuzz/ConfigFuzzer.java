package dev.coffer.plan.fuzz;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.plan.wire.WireDecoder;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.SpecValidator;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Takes configs all the way to plans. Each is either refused with the exception that says so, or
 * compiled to a plan that decodes to what it was; and soon.
 */
final class ConfigFuzzer {
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int MOST_GENERATIONS = 6;

  private static final List<HostFacts> HOSTS =
      List.of(
          TestHosts.hybrid(),
          TestHosts.unified(),
          versionOne(),
          rootless(),
          TestHosts.without(Feature.CLONE_INTO_CGROUP));

  private final RandomGenerator random;
  private final List<JsonValue> seeds;
  private final TreeMutator mutator;
  private final Consumer<byte[]> plans;
  private final ContainerCompiler containers = new ContainerCompiler(new SeccompFilters());
  private final ExecCompiler execs = new ExecCompiler(new SeccompFilters());

  /**
   * Starts with documents.
   *
   * @param plans gets every encoded plan
   */
  ConfigFuzzer(long seed, List<JsonValue> documents, Consumer<byte[]> plans) {
    random = new Random(seed);
    seeds = List.copyOf(documents);
    mutator = new TreeMutator(random, seeds);
    this.plans = plans;
  }

  /**
   * Tries one more document.
   *
   * @throws AssertionError with the document, where it is neither refused nor compiled as it should
   */
  void step() {
    JsonValue document = seeds.get(random.nextInt(seeds.size()));
    for (int left = random.nextInt(1, MOST_GENERATIONS); left > 0; left--) {
      document = mutator.mutate(document);
    }
    String text = Json.write(document);
    HostFacts host = HOSTS.get(random.nextInt(HOSTS.size()));
    long start = cpuNanos();
    try {
      attempt(text.getBytes(StandardCharsets.UTF_8), host);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("neither refused nor compiled: " + e + ": " + text, e);
    }
    if (cpuNanos() - start > LONGEST.toNanos()) {
      throw new AssertionError("took longer than " + LONGEST + ": " + text);
    }
  }

  private void attempt(byte[] config, HostFacts host) {
    Spec spec;
    try {
      spec = Spec.parse(config);
      SpecValidator.require("config.json", spec);
    } catch (SpecException _) {
      return;
    }
    // Whoever compiles has looked for these.
    if (spec.process().isEmpty() || spec.linux().isEmpty()) {
      return;
    }
    StandardStreams streams =
        spec.process().get().terminal() ? StandardStreams.TERMINAL : StandardStreams.PASSED;
    try {
      check(containers.compile(spec, host, container(streams)));
    } catch (PlanException _) {
      // A refusal says nothing of an exec.
    }
    try {
      check(execs.compile(spec.process().get(), host, exec(spec.linux().get(), streams)));
    } catch (PlanException _) {
      return;
    }
  }

  private ContainerInputs container(StandardStreams streams) {
    return ContainerInputs.of("fuzz", streams).toBuilder()
        .bundle("/bundle")
        .init(random.nextBoolean())
        .build();
  }

  private static ExecInputs exec(Linux linux, StandardStreams streams) {
    Set<NamespaceType> namespaces =
        linux.namespaces().stream().map(Namespace::type).collect(Collectors.toSet());
    return new ExecInputs(
        "fuzz",
        namespaces,
        linux.cgroupsPath(),
        Optional.empty(),
        streams,
        List.of(),
        linux.seccomp(),
        true);
  }

  private void check(Plan plan) {
    byte[] encoded;
    try {
      encoded = plan.encode();
    } catch (IllegalArgumentException _) {
      // Larger than what an executor takes.
      return;
    }
    if (!WireDecoder.decode(encoded).equals(plan.lower())) {
      throw new IllegalStateException("the plan decodes to another");
    }
    plans.accept(encoded);
  }

  /** Not the clock's time, which is long where the machine is busy. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** A document of the resources. */
  static JsonValue parse(byte[] document) {
    return Json.parse(document, Limits.CONFIG);
  }

  private static HostFacts versionOne() {
    HostFacts hybrid = TestHosts.hybrid();
    return withCgroups(
        hybrid,
        new CgroupLayout(
            CgroupLayout.Mode.V1,
            hybrid.cgroups().hierarchies().stream().filter(each -> each.version() == 1).toList()));
  }

  private static HostFacts withCgroups(HostFacts facts, CgroupLayout cgroups) {
    return facts.forProcess(
        cgroups, facts.permittedCapabilities(), facts.boundingCapabilities(), facts.hardLimits());
  }

  private static HostFacts rootless() {
    HostFacts facts = TestHosts.unified();
    return new HostFacts(
        facts.architecture(),
        facts.kernelRelease(),
        facts.cgroups(),
        true,
        facts.lastCapability(),
        facts.permittedCapabilities(),
        facts.boundingCapabilities(),
        facts.hardLimits(),
        facts.features(),
        facts.cpusets(),
        facts.appArmor(),
        facts.seLinux());
  }
}
