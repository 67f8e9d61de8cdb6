package dev.coffer.engine.lifecycle;

import dev.coffer.engine.oci.HostDevices;
import dev.coffer.engine.oci.SpecBuilder;
import dev.coffer.engine.oci.SpecMounts;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.engine.state.StateStore;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.ForeignMount;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.runtime.cgroup.ParentCpuset;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a container's config to its spec and plan. Nothing is run. */
public final class LaunchPlan {

  private final LaunchSite site;
  private final StateStore store;
  private final HostFacts facts;
  private final ContainerCompiler compiler;
  private final PlanTemplates templates = new PlanTemplates();

  /** Plans for this engine and host. */
  public LaunchPlan(
      LaunchSite site, StateStore store, HostFacts facts, ContainerCompiler compiler) {
    this.site = site;
    this.store = store;
    this.facts = facts;
    this.compiler = compiler;
  }

  /**
   * What starts a container, compiled for it or for one before it that differs in its id alone.
   *
   * @throws dev.coffer.plan.PlanException when the host or Coffer cannot do what the spec asks
   */
  PlanTemplate template(ContainerConfig config, Identity identity, JoinedNamespaces.Joined joined)
      throws IOException {
    PlanTemplates.Shape shape = PlanTemplates.Shape.of(config, identity);
    // A network namespace of its own is the same input for all of a kind.
    boolean alone = joined.pids().isEmpty();
    Optional<PlanTemplate> known = alone ? templates.find(shape) : Optional.empty();
    if (known.isPresent()) {
      return known.get();
    }
    AskedDevices devices = new AskedDevices(site.devices());
    Spec spec =
        SpecBuilder.build(config, site.specFacts(directory(config), identity, joined, devices));
    Optional<String> parent = config.request().resources().cgroupParent();
    HostFacts here =
        parent.isPresent()
            ? ParentCpuset.read(facts, spec.linux().flatMap(Linux::cgroupsPath).orElseThrow())
            : facts;
    PlanTemplate made = new PlanTemplate(config.id(), compile(config, spec, joined, here));
    // The host's nodes, and what a user's own cgroup has, may be others the next time.
    if (alone && !devices.asked() && parent.isEmpty()) {
      templates.add(shape, made);
    }
    return made;
  }

  /** Devices of the host that remember whether anybody looked. */
  private static final class AskedDevices implements HostDevices {
    private final HostDevices host;
    private boolean asked;

    AskedDevices(HostDevices host) {
      this.host = host;
    }

    boolean asked() {
      return asked;
    }

    @Override
    public List<Node> at(String path) {
      asked = true;
      return host.at(path);
    }
  }

  private ContainerDirectory directory(ContainerConfig config) {
    return store.directory(config.id());
  }

  /** The container's OCI spec. */
  public Spec spec(ContainerConfig config, Identity identity, JoinedNamespaces.Joined joined) {
    return SpecBuilder.build(
        config, site.specFacts(directory(config), identity, joined, site.devices()));
  }

  /**
   * The plan that starts it. Its inputs are the root file system, then the joined namespaces.
   *
   * @throws dev.coffer.plan.PlanException when the host or Coffer cannot do what the spec asks
   */
  public Plan compile(ContainerConfig config, Spec spec, JoinedNamespaces.Joined joined) {
    return compile(config, spec, joined, facts);
  }

  private Plan compile(
      ContainerConfig config, Spec spec, JoinedNamespaces.Joined joined, HostFacts here) {
    List<String> names = new ArrayList<>(List.of(ContainerInputs.ROOTFS));
    names.addAll(joined.inputNames());
    StandardStreams streams =
        config.request().process().terminal() ? StandardStreams.TERMINAL : StandardStreams.PIPES;
    return compiler.compile(
        spec,
        here,
        ContainerInputs.of(config.id(), streams).toBuilder()
            .inputs(names)
            .init(config.request().process().init())
            .joined(joined.inputs())
            .foreign(sharedMemory(joined))
            .build());
  }

  private static Map<String, ForeignMount> sharedMemory(JoinedNamespaces.Joined joined) {
    return joined
        .pid(NamespaceType.IPC)
        .map(
            pid ->
                Map.of(
                    SpecMounts.joinedShm(pid),
                    new ForeignMount(joined.inputs().get(NamespaceType.IPC), SpecMounts.SHM)))
        .orElse(Map.of());
  }
}
