package dev.coffer.engine.lifecycle;

import dev.coffer.engine.oci.SpecBuilder;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.spec.runtime.Spec;
import java.util.ArrayList;
import java.util.List;

/** From a container's config to its spec and plan. Nothing is run. */
public final class LaunchPlan {

  private final LaunchSite site;
  private final StateStore store;
  private final HostFacts facts;
  private final ContainerCompiler compiler;

  /** Plans for this engine and host. */
  public LaunchPlan(
      LaunchSite site, StateStore store, HostFacts facts, ContainerCompiler compiler) {
    this.site = site;
    this.store = store;
    this.facts = facts;
    this.compiler = compiler;
  }

  /** The container's OCI spec. */
  public Spec spec(ContainerConfig config, Identity identity, JoinedNamespaces.Joined joined) {
    return SpecBuilder.build(
        config, site.specFacts(store.directory(config.id()), identity, joined));
  }

  /**
   * The plan that starts it. Its inputs are the root file system, then the joined namespaces.
   *
   * @throws dev.coffer.plan.PlanException when the host or Coffer cannot do what the spec asks
   */
  public Plan compile(ContainerConfig config, Spec spec, JoinedNamespaces.Joined joined) {
    List<String> names = new ArrayList<>(List.of(ContainerInputs.ROOTFS));
    names.addAll(joined.inputNames());
    StandardStreams streams =
        config.request().process().terminal() ? StandardStreams.TERMINAL : StandardStreams.PIPES;
    return compiler.compile(
        spec,
        facts,
        ContainerInputs.of(config.id(), streams).toBuilder()
            .inputs(names)
            .init(config.request().process().init())
            .joined(joined.inputs())
            .build());
  }
}
