package dev.coffer.plan.compile;

import dev.coffer.spec.runtime.Spec;
import java.util.List;
import java.util.Optional;

/**
 * A container that criu is to restore.
 *
 * @param id the container's
 * @param spec its config, with the path of its cgroup
 * @param rootfs absolute path
 * @param bundle absolute path, from which relative sources of mounts start
 * @param inputs names of the descriptors that come with the plan. {@link CriuCompiler#SOCKET} is
 *     one of them; with {@link CriuCompiler#NULL} the standard streams are that, else the caller's
 * @param inherited inputs that criu gets as descriptors 4, 5, …
 * @param scope input where criu's pidfd is sent, as {@link ContainerInputs#scope()} has it of init;
 *     empty: the plan makes the cgroup
 */
public record Restoration(
    String id,
    Spec spec,
    String rootfs,
    String bundle,
    List<String> inputs,
    List<String> inherited,
    Optional<String> scope) {
  public Restoration {
    inputs = List.copyOf(inputs);
    inherited = List.copyOf(inherited);
  }
}
