package dev.coffer.plan.wire;

import dev.coffer.plan.Plan;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the plan of a config.json to a file, for trying the executor by hand. Arguments: the
 * config, the file, the container's id, and {@code terminal}, {@code init} or {@code exec} if
 * wanted. Beside the plan it writes the names of the operations, one per line.
 */
public final class EncodeMain {
  private EncodeMain() {}

  public static void main(String[] arguments) throws IOException {
    Spec spec = Spec.parse(Files.readAllBytes(Path.of(arguments[0])));
    List<String> options = List.of(arguments).subList(3, arguments.length);
    Plan plan =
        options.contains("exec")
            ? exec(spec, arguments[2], options)
            : run(spec, arguments[2], options);
    Files.write(Path.of(arguments[1]), plan.encode());
    Files.write(
        Path.of(arguments[1] + ".ops"),
        plan.operations().stream().map(each -> each.describe() + " (" + each.why() + ")").toList());
  }

  private static Plan run(Spec spec, String id, List<String> options) {
    ContainerInputs inputs =
        ContainerInputs.of(id, streams(options)).toBuilder().init(options.contains("init")).build();
    return new ContainerCompiler(new SeccompFilters()).compile(spec, TestHosts.hybrid(), inputs);
  }

  private static Plan exec(Spec spec, String id, List<String> options) {
    Set<NamespaceType> namespaces =
        spec.linux().orElseThrow().namespaces().stream()
            .map(Namespace::type)
            .collect(Collectors.toSet());
    ExecInputs inputs =
        new ExecInputs(
            id,
            namespaces,
            spec.linux().orElseThrow().cgroupsPath(),
            Optional.empty(),
            streams(options),
            List.of(),
            spec.linux().orElseThrow().seccomp(),
            true);
    return new ExecCompiler(new SeccompFilters())
        .compile(spec.process().orElseThrow(), TestHosts.hybrid(), inputs);
  }

  private static StandardStreams streams(List<String> options) {
    return options.contains("terminal") ? StandardStreams.TERMINAL : StandardStreams.PASSED;
  }
}
