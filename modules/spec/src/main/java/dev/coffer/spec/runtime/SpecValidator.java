package dev.coffer.spec.runtime;

import dev.coffer.spec.SpecException;
import java.util.List;
import java.util.Optional;

/**
 * Checks a config against the rules of the specification that its types do not hold already: what
 * it says MUST be, and what a runtime MUST refuse. Rules about the host (that a path exists, that a
 * namespace file is of its type) are checked where the host is known.
 */
public final class SpecValidator {
  // The grammar of semver.org; the parts after + and - are not looked into.
  private static final String VERSION =
      "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?";

  private SpecValidator() {}

  /** Everything that is wrong with a config, in the order of the specification. */
  public static List<SpecProblem> validate(Spec spec) {
    Problems problems = new Problems();
    version(spec.ociVersion(), problems.at("ociVersion"));
    root(spec.root(), problems.at("root"));
    for (int i = 0; i < spec.mounts().size(); i++) {
      mount(spec.mounts().get(i), spec, problems.at("mounts").at(i));
    }
    spec.process().ifPresent(process -> ProcessRules.check(process, problems.at("process")));
    spec.hooks().ifPresent(hooks -> hooks(hooks, problems.at("hooks")));
    if (spec.annotations().containsKey("")) {
      problems.at("annotations").add("must not have an empty key");
    }
    spec.linux().ifPresent(linux -> LinuxRules.check(linux, problems.at("linux")));
    spec.vm().ifPresent(vm -> vm(vm, problems.at("vm")));
    return problems.all();
  }

  /** Everything that is wrong with a process by itself, as one is added to a container. */
  public static List<SpecProblem> validate(ContainerProcess process) {
    Problems problems = new Problems();
    ProcessRules.check(process, problems);
    return problems.all();
  }

  /** Everything that is wrong with resources by themselves, as those of an update. */
  public static List<SpecProblem> validate(Resources resources) {
    Problems problems = new Problems();
    ResourceRules.check(resources, problems);
    return problems.all();
  }

  /**
   * Fails with the first problem, if there is one, and says how many more there are.
   *
   * @param document what the message calls the config, such as {@code config.json}
   */
  public static void require(String document, Spec spec) {
    List<SpecProblem> problems = validate(spec);
    if (!problems.isEmpty()) {
      int more = problems.size() - 1;
      throw new SpecException(
          document
              + ": "
              + problems.getFirst()
              + (more == 0 ? "" : " (and " + more + " more problem" + (more > 1 ? "s)" : ")")));
    }
  }

  private static void version(String version, Problems problems) {
    if (!version.matches(VERSION)) {
      problems.add("must be a version by SemVer 2.0, is \"" + version + "\"");
    } else if (!version.startsWith("1.")) {
      problems.add("must be 1.x, is \"" + version + "\"");
    }
  }

  private static void root(Optional<Root> root, Problems problems) {
    if (root.isEmpty()) {
      problems.add("is missing");
    } else {
      problems.at("path").path(root.get().path());
    }
  }

  private static void mount(Mount mount, Spec spec, Problems problems) {
    problems.at("destination").path(mount.destination());
    mount.source().ifPresent(source -> problems.at("source").text(source));
    problems.at("options").texts(mount.options());
    problems.at("uidMappings").mappings(mount.uidMappings());
    problems.at("gidMappings").mappings(mount.gidMappings());
    if (mount.uidMappings().isEmpty() != mount.gidMappings().isEmpty()) {
      problems.add("must have both uidMappings and gidMappings, or neither");
    }
    boolean idmapped = mount.options().contains("idmap") || mount.options().contains("ridmap");
    boolean mapped =
        !mount.uidMappings().isEmpty()
            || spec.linux().flatMap(linux -> linux.namespace(NamespaceType.USER)).isPresent();
    if (idmapped && !mapped) {
      problems
          .at("options")
          .add("idmap needs uidMappings and gidMappings when there is no user namespace");
    }
  }

  private static void hooks(Hooks hooks, Problems problems) {
    hooks(hooks.prestart(), problems.at("prestart"));
    hooks(hooks.createRuntime(), problems.at("createRuntime"));
    hooks(hooks.createContainer(), problems.at("createContainer"));
    hooks(hooks.startContainer(), problems.at("startContainer"));
    hooks(hooks.poststart(), problems.at("poststart"));
    hooks(hooks.poststop(), problems.at("poststop"));
  }

  private static void hooks(List<Hook> hooks, Problems problems) {
    for (int i = 0; i < hooks.size(); i++) {
      Hook hook = hooks.get(i);
      Problems at = problems.at(i);
      at.at("path").absolute(hook.path());
      at.at("args").texts(hook.args());
      at.at("env").environment(hook.env());
      hook.timeout()
          .filter(timeout -> timeout <= 0)
          .ifPresent(timeout -> at.at("timeout").add("must be more than 0, is " + timeout));
    }
  }

  private static void vm(Vm vm, Problems problems) {
    vm.hypervisor()
        .ifPresent(hypervisor -> problems.at("hypervisor").at("path").absolute(hypervisor.path()));
    vm.kernel()
        .ifPresentOrElse(
            kernel -> {
              problems.at("kernel").at("path").absolute(kernel.path());
              kernel
                  .initrd()
                  .ifPresent(initrd -> problems.at("kernel").at("initrd").absolute(initrd));
            },
            () -> problems.at("kernel").add("is missing"));
    vm.image().ifPresent(image -> problems.at("image").at("path").absolute(image.path()));
  }
}
