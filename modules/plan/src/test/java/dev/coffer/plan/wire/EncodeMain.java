package dev.coffer.plan.wire;

import dev.coffer.plan.Plan;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the plan of a config.json to a file, for trying the executor by hand. Arguments: the
 * config, the file, the container's id, and {@code terminal} or {@code init} if wanted. Beside the
 * plan it writes the names of the operations, one per line.
 */
public final class EncodeMain {
  private EncodeMain() {}

  public static void main(String[] arguments) throws IOException {
    Spec spec = Spec.parse(Files.readAllBytes(Path.of(arguments[0])));
    List<String> options = List.of(arguments).subList(3, arguments.length);
    StandardStreams streams =
        options.contains("terminal") ? StandardStreams.TERMINAL : StandardStreams.PASSED;
    ContainerInputs inputs =
        ContainerInputs.of(arguments[2], streams).withInit(options.contains("init"));
    Plan plan =
        new ContainerCompiler(new SeccompFilters()).compile(spec, TestHosts.hybrid(), inputs);
    Files.write(Path.of(arguments[1]), plan.encode());
    Files.write(
        Path.of(arguments[1] + ".ops"),
        plan.operations().stream().map(each -> each.describe() + " (" + each.why() + ")").toList());
  }
}
