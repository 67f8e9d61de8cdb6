package dev.coffer.runtime.oci;

import dev.coffer.plan.PlanException;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.SpecProblem;
import dev.coffer.spec.runtime.SpecValidator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code update}: other limits for a container that exists. */
public final class UpdateContainer {
  private UpdateContainer() {}

  /**
   * Changes what the resources name, and nothing else. Devices stay as they are.
   *
   * @param schemata for its resource class, empty: as they are
   * @throws OciException where the container has ended, or a limit cannot be had
   */
  public static void update(
      OciCaller caller, String id, Resources resources, ResourceClass.Schemata schemata)
      throws IOException {
    StateDirectory directory = caller.states().get(id);
    String what = "cannot update container \"" + id + "\": ";
    List<SpecProblem> problems = SpecValidator.validate(resources);
    if (!problems.isEmpty()) {
      throw new OciException(what + problems.getFirst());
    }
    boolean ignored = directory.change(() -> update(caller, directory, resources, schemata, what));
  }

  private static ResourceClass resourceClass(StateDirectory directory, String id)
      throws IOException {
    return ResourceClass.of(directory.config(), id)
        .orElseThrow(
            () -> new IOException("it has no resource class (linux.intelRdt in its config)"));
  }

  private static boolean update(
      OciCaller caller,
      StateDirectory directory,
      Resources resources,
      ResourceClass.Schemata schemata,
      String what)
      throws IOException {
    Optional<ContainerRecord> record = directory.record();
    if (ContainerState.status(caller, directory, record) == ContainerStatus.STOPPED) {
      throw new OciException(what + "container not running");
    }
    ContainerGroup.require(record.orElseThrow(), what);
    try {
      Cgroup cgroup = ContainerGroup.of(caller, record.orElseThrow());
      Resources wanted = resources.toBuilder().devices(List.of()).build();
      if (record.get().scope().isPresent()) {
        // First, for what it writes itself is less exact.
        ContainerScope.limit(caller, record.get().scope().get(), cgroup.complete(wanted));
      }
      cgroup.update(wanted);
      if (!schemata.isEmpty()) {
        resourceClass(directory, record.get().id()).update(schemata);
      }
      return true;
    } catch (IOException | PlanException e) {
      throw new OciException(what + e.getMessage(), e);
    }
  }
}
