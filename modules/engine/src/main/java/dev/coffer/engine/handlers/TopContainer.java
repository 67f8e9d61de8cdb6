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
import dev.coffer.engine.process.HostPs;
import dev.coffer.engine.process.PsColumns;
import dev.coffer.runtime.process.ProcessTable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The processes of a container, in the columns of {@code ps -ef} or of any options of ps. */
public final class TopContainer {

  /** What is shown without starting a program. */
  private static final List<String> USUAL = List.of("-ef");

  private final ContainerIndex containers;
  private final ContainerCgroups cgroups;
  private final HostPs ps;

  /** Looks at these. */
  public TopContainer(ContainerIndex containers, ContainerCgroups cgroups, HostPs ps) {
    this.containers = containers;
    this.cgroups = cgroups;
    this.ps = ps;
  }

  /** Carries the command out. */
  public TopTable handle(Top command) {
    Container container = containers.find(command.container());
    String what = "cannot list the processes of container \"" + container.name() + "\"";
    boolean ignored = Verbs.goesOn(Verb.TOP, container, "list the processes of");
    try {
      Set<Integer> pids = cgroups.processes(container.live().orElseThrow().cgroup());
      List<String> options = command.psArguments();
      return options.isEmpty() || options.equals(USUAL)
          ? PsColumns.of(ProcessTable.read(pids), Instant.now())
          : ps.of(options, pids);
    } catch (IOException e) {
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    }
  }
}
