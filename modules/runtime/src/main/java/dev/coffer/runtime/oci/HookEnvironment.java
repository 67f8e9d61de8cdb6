package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Hooks;
import java.util.List;
import java.util.Map;

/**
 * What hooks have for an environment that their config gives none: the specification does not say,
 * and under other runtimes they inherit that of who runs them.
 */
final class HookEnvironment {
  private HookEnvironment() {}

  /**
   * Hooks that all have one.
   *
   * @param caller the environment of whoever called this program
   * @param process the container's own, for what runs in the container in its place
   */
  static Hooks complete(Hooks hooks, Map<String, String> caller, List<String> process) {
    List<String> outside = entries(caller);
    return hooks.toBuilder()
        .prestart(complete(hooks.prestart(), outside))
        .createRuntime(complete(hooks.createRuntime(), outside))
        .createContainer(complete(hooks.createContainer(), outside))
        .startContainer(complete(hooks.startContainer(), process))
        .poststart(complete(hooks.poststart(), outside))
        .poststop(complete(hooks.poststop(), outside))
        .build();
  }

  /** The same for hooks that run outside the container. */
  static List<Hook> complete(List<Hook> hooks, Map<String, String> caller) {
    return complete(hooks, entries(caller));
  }

  private static List<Hook> complete(List<Hook> hooks, List<String> inherited) {
    return hooks.stream()
        .map(hook -> hook.env().isEmpty() ? hook.withEnv(inherited) : hook)
        .toList();
  }

  private static List<String> entries(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .sorted()
        .toList();
  }
}
