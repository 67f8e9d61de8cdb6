package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Top;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.lifecycle.ContainerCgroups;
import dev.coffer.engine.lifecycle.Verbs;
import dev.coffer.engine.model.TopTable;
import dev.coffer.engine.process.PsColumns;
import dev.coffer.runtime.process.ProcessTable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The processes of a container, in the columns of {@code ps -ef}. */
public final class TopContainer {

  private final ContainerIndex containers;
  private final ContainerCgroups cgroups;

  /** Looks at these. */
  public TopContainer(ContainerIndex containers, ContainerCgroups cgroups) {
    this.containers = containers;
    this.cgroups = cgroups;
  }

  /** Carries the command out. */
  public TopTable handle(Top command) {
    Container container = containers.find(command.container());
    String what = "cannot list the processes of container \"" + container.name() + "\"";
    List<String> arguments = command.psArguments();
    if (!arguments.isEmpty() && !arguments.equals(List.of("-ef"))) {
      throw new EngineException(
          Kind.NOT_SUPPORTED,
          what + ": not supported: ps arguments " + String.join(" ", arguments) + " (only -ef)");
    }
    boolean ignored = Verbs.goesOn(Verb.TOP, container, "list the processes of");
    try {
      String cgroup = container.live().orElseThrow().cgroup();
      return PsColumns.of(ProcessTable.read(cgroups.processes(cgroup)), Instant.now());
    } catch (IOException e) {
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    }
  }
}
