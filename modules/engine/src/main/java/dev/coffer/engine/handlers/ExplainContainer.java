package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Explain;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.create.ContainerPreparation;
import dev.coffer.engine.create.NetworkChoice;
import dev.coffer.engine.lifecycle.JoinedNamespaces;
import dev.coffer.engine.lifecycle.LaunchPlan;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.kernel.Fd;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.runtime.rootfs.RootView;
import java.io.IOException;
import java.util.Optional;

/** Compiles what a request would run. Nothing is made, mounted or started. */
public final class ExplainContainer {

  private static final String NAME = "explained";

  private final ContainerPreparation preparation;
  private final JoinedNamespaces namespaces;
  private final LaunchPlan plans;
  private final RootFilesystem roots;
  private final Ids ids;

  /** Explains with these. */
  public ExplainContainer(
      ContainerPreparation preparation,
      JoinedNamespaces namespaces,
      LaunchPlan plans,
      RootFilesystem roots,
      Ids ids) {
    this.preparation = preparation;
    this.namespaces = namespaces;
    this.plans = plans;
    this.roots = roots;
    this.ids = ids;
  }

  /** Carries the command out. */
  public Plan handle(Explain command) {
    ContainerConfig config =
        preparation
            .prepare(NetworkChoice.assumed(command.request()))
            .config(ids.next(), command.request().name().orElse(NAME));
    try (JoinedNamespaces.Joined joined = namespaces.of(config.request(), Optional.empty())) {
      return plans.compile(config, plans.spec(config, identity(config), joined), joined);
    } catch (IOException | PlanException | IllegalArgumentException e) {
      throw new EngineException(Kind.INVALID, "cannot explain container: " + e.getMessage(), e);
    }
  }

  /** The accounts as the image has them; the view of its layers is read-only and detached. */
  private Identity identity(ContainerConfig config) throws IOException {
    try (Fd root = roots.view(config.imageId())) {
      return new RootView(root)
          .accounts()
          .resolve(config.process().user(), config.request().security().groupAdd());
    }
  }
}
