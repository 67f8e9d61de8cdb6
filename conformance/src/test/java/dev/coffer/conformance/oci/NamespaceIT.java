package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Namespaces: new, the host's, and joined by path, as the links of {@code /proc/self/ns} tell. */
class NamespaceIT extends OciSuite {

  /** The spec's name of each type, and the kernel's. */
  private static final Map<String, String> TYPES =
      Map.of(
          "pid", "pid", "network", "net", "ipc", "ipc", "uts", "uts", "mount", "mnt", "cgroup",
          "cgroup");

  /** Types that a container can be without: a root file system needs a mount namespace. */
  private static final List<String> OPTIONAL = List.of("cgroup", "ipc", "network", "pid", "uts");

  private static String ofHost(String kernelName) {
    return link(Path.of("/proc/self/ns", kernelName));
  }

  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All combinations of new and host's; without a namespace nothing may be set in it. */
  @TestFactory
  Stream<DynamicNode> newOrOfTheHost() {
    return IntStream.range(0, 1 << OPTIONAL.size())
        .mapToObj(
            bits ->
                IntStream.range(0, OPTIONAL.size())
                    .filter(i -> (bits & 1 << i) != 0)
                    .mapToObj(OPTIONAL::get)
                    .toList())
        .map(fresh -> group("new: " + String.join(" ", fresh), () -> combination(fresh)));
  }

  private Stream<DynamicNode> combination(List<String> fresh) {
    Result result =
        run(
            bundle -> {
              OPTIONAL.forEach(bundle::withoutNamespace);
              fresh.forEach(bundle::namespace);
              if (!fresh.contains("uts")) {
                bundle.remove("hostname");
              }
              if (!fresh.contains("network")) {
                bundle.withoutMount("/sys");
              }
              if (!fresh.contains("ipc")) {
                bundle.withoutMount("/dev/mqueue");
              }
              bundle.shell("cd /proc/self/ns; for n in *; do echo $n=$(readlink $n); done");
            });
    return TYPES.entrySet().stream()
        .map(
            type -> {
              String host = ofHost(type.getValue());
              boolean isNew = fresh.contains(type.getKey()) || type.getKey().equals("mount");
              return check(
                  type.getKey() + (isNew ? " is new" : " is the host's"),
                  () -> {
                    String inside = result.ok().value(type.getValue());
                    if (isNew) {
                      assertThat(inside).startsWith(type.getValue() + ":[").isNotEqualTo(host);
                    } else {
                      assertThat(inside).isEqualTo(host);
                    }
                  });
            });
  }

  /** Each namespace of a running container can be given to another, alone and all at once. */
  @TestFactory
  Stream<DynamicNode> joined() {
    List<List<String>> joins = new ArrayList<>(OPTIONAL.stream().map(List::of).toList());
    joins.add(List.of("ipc", "network", "uts"));
    joins.add(OPTIONAL);
    return Stream.of(
        group(
            "of another container",
            () -> started(bundle -> bundle.namespace("cgroup")),
            owner ->
                joins.stream().map(types -> group("join " + types, () -> join(owner, types)))));
  }

  /** Controllers of version 1 whose place is kept from the container would leak the host's. */
  @TestFactory
  Stream<DynamicNode> rootsOfCgroups() {
    return Stream.of(
        check(
            "the container's cgroups are the roots of its namespace",
            () ->
                assertThat(
                        run(bundle -> bundle.namespace("cgroup").args("cat", "/proc/self/cgroup"))
                            .ok()
                            .lines())
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith(":/"))));
  }

  private Stream<DynamicNode> join(Container owner, List<String> types) {
    Path namespaces = owner.proc().resolve("ns");
    Result result =
        run(
            bundle -> {
              bundle.namespace("cgroup");
              for (String type : types) {
                bundle.namespace(type, namespaces.resolve(TYPES.get(type)));
              }
              bundle.shell("cd /proc/self/ns; for n in *; do echo $n=$(readlink $n); done");
            });
    return OPTIONAL.stream()
        .map(
            type -> {
              String ofOwner = link(namespaces.resolve(TYPES.get(type)));
              return types.contains(type)
                  ? check(
                      type + " is the other's",
                      () -> assertThat(result.ok().value(TYPES.get(type))).isEqualTo(ofOwner))
                  : check(
                      type + " is not",
                      () -> assertThat(result.ok().value(TYPES.get(type))).isNotEqualTo(ofOwner));
            });
  }
}
