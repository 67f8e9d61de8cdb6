package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Containers without a mount namespace of their own. A shell in a new one stands for the host and
 * its user: what it prints of mounts is what the host would show.
 */
class SharedMountsIT extends OciSuite {

  /** What scripts begin with: the runtime, the container, and a look at the mount table. */
  private static final String WORDS =
      """
      runtime="$1 $2 $3"; shift 7; bundle=$1 id=$2 root=$1/rootfs
      create() {
        $runtime create --bundle $bundle $id </dev/null >$bundle/out 2>&1 || { cat $bundle/out >&2; return 1; }
      }
      inside() { $runtime exec $id "$@"; }
      mounts() { grep -c " $root[ /]" ${1:-/proc/self/mountinfo} || :; }
      others() { cut -d' ' -f1-7 /proc/self/mountinfo | grep -v " $root[ /]" | md5sum; }
      """;

  /** Of three containers, none of which stays if the script does not come to its end. */
  private static final String THREE =
      """
      common=$id
      trap 'for each in 1 2 3; do $runtime delete --force $common-$each >/dev/null 2>&1 || :; done' EXIT
      """;

  private static final String LIFE =
      """
      before=$(others)
      create
      echo namespace=$(readlink /proc/self/ns/mnt)
      [ "$(others)" = "$before" ] && echo others=same || echo others=changed
      $runtime start $id
      echo kernel=$(cat $root/proc/sys/kernel/ostype)
      echo inside=$(inside busybox readlink /proc/self/ns/mnt)
      echo marker=$(inside cat /marker)
      inside busybox mount -t tmpfs made /tmp || :
      grep -q " $root/tmp .* made " /proc/self/mountinfo && echo new=seen || :
      $runtime delete --force $id
      echo left=$(mounts)
      """;

  @TestFactory
  Stream<DynamicNode> ofTheHost() {
    return Stream.of("shared", "private", "slave")
        .map(kind -> group("where mounts are " + kind, () -> life(kind)));
  }

  private Stream<DynamicNode> life(String propagation) {
    Result result = onHost(propagation, b -> b.file("marker", "mine").stays(), LIFE);
    String namespace = result.ok().value("namespace");
    return Stream.of(
        says(result, "its mounts are seen outside", "kernel", "Linux"),
        says(result, "it has the caller's mount namespace", "inside", namespace),
        check(
            "exec has the container's root",
            Deviation.HOSTS_ROOT,
            () -> assertThat(result.value("marker")).isEqualTo("mine")),
        check(
            "what is mounted inside is seen outside",
            Deviation.HOSTS_ROOT,
            () -> assertThat(result.value("new")).isEqualTo("seen")),
        propagation.equals("shared")
            ? check(
                "nothing else changes",
                Deviation.HOSTS_PROPAGATION,
                () -> assertThat(result.value("others")).isEqualTo("same"))
            : says(result, "nothing else changes", "others", "same"),
        check(
            "its mounts go with it",
            Deviation.MOUNTS_LEFT,
            () -> assertThat(result.value("left")).isEqualTo("0")));
  }

  /** A config need not say anything about Linux (config.md, Platform-specific configuration). */
  @TestFactory
  Stream<DynamicNode> withoutAWordAboutLinux() {
    return Stream.of(
        group(
            "without linux",
            () -> {
              Result result =
                  onHost(
                      "private",
                      b -> b.remove("linux").remove("hostname").file("marker", "mine").stays(),
                      """
                      create
                      $runtime start $id
                      echo marker=$(inside cat /marker)
                      pid=$($runtime state $id | sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p')
                      echo pids=$(readlink /proc/self/ns/pid) inside=$(readlink /proc/$pid/ns/pid)
                      $runtime delete --force $id
                      """);
              String[] namespaces = result.ok().value("pids").split(" inside=", -1);
              return Stream.of(
                  check(
                      "all is the host's",
                      () -> assertThat(namespaces[1]).isEqualTo(namespaces[0])),
                  check(
                      "but its root, for exec as well",
                      Deviation.HOSTS_ROOT,
                      () -> assertThat(result.value("marker")).isEqualTo("mine")));
            }));
  }

  @TestFactory
  Stream<DynamicNode> cutShort() {
    return Stream.of(
        check(
            "one that cannot be made leaves no mount",
            Deviation.MOUNTS_LEFT,
            () -> leavesNothing(b -> b.args("/not/there"), "create || echo left=$(mounts)")),
        check(
            "what somebody else has mounted there stays",
            () ->
                assertThat(
                        onHost(
                                "private",
                                Bundle::stays,
                                """
                                create
                                umount -lR $root
                                mount -t tmpfs others $root
                                $runtime delete --force $id
                                echo left=$(mounts)
                                """)
                            .ok()
                            .value("left"))
                    .isEqualTo("1")),
        check(
            "where its mount's number is another's by now",
            () ->
                assertThat(
                        onHost(
                                "private",
                                Bundle::stays,
                                """
                                create
                                $runtime kill $id KILL
                                until $runtime state $id | grep -q stopped; do sleep 0.1; done
                                umount -lR $root
                                sleep 0.2
                                mount -t tmpfs others $root
                                $runtime delete --force $id
                                echo left=$(mounts)
                                """)
                            .ok()
                            .value("left"))
                    .isEqualTo("1")));
  }

  @TestFactory
  Stream<DynamicNode> ofOneDirectory() {
    return Stream.of("1 2 3", "3 2 1", "2 1 3", "2 3 1")
        .flatMap(
            order ->
                Stream.of("create", "create &")
                    .map(
                        made ->
                            check(
                                "three by \"" + made + "\", deleted in the order " + order,
                                Deviation.MOUNTS_LEFT,
                                () -> leavesNothing(Bundle::stays, three(made, order)))));
  }

  @TestFactory
  Stream<DynamicNode> atOnce() {
    return Stream.of(
        check(
            "three of one directory that are deleted at the same moment",
            Deviation.MOUNTS_LEFT,
            () ->
                leavesNothing(
                    Bundle::stays,
                    THREE
                        + """
                    for round in 1 2 3 4 5 6 7 8 9 10; do
                      for each in 1 2 3; do id=$common-$each; create; done
                      for each in 1 2 3; do $runtime delete --force $common-$each & done
                      wait
                      [ $(mounts) = 0 ] || break
                    done
                    echo left=$(mounts)
                    """)));
  }

  /** The shell stays in the mount namespace of the container: it can still be found by it. */
  @TestFactory
  Stream<DynamicNode> fromElsewhere() {
    return Stream.of("$runtime start $id", "$runtime kill $id KILL", "")
        .map(
            before ->
                check(
                    "one that is deleted from another mount namespace, after \"" + before + "\"",
                    Deviation.MOUNTS_LEFT,
                    () ->
                        leavesNothing(
                            Bundle::stays,
                            """
                            create
                            %s
                            unshare -m $runtime delete --force $id
                            echo left=$(mounts)
                            """
                                .formatted(before))));
  }

  @TestFactory
  DynamicNode fromElsewhereInVain() {
    return check(
        "one that cannot be taken away from another mount namespace is told of",
        Deviation.MOUNTS_LEFT,
        () ->
            assertThat(
                    onHost(
                            "private",
                            Bundle::stays,
                            """
                            create
                            mount -t tmpfs none /proc
                            unshare -m sh -c "umount /proc; $runtime delete --force $id"
                            umount /proc
                            """)
                        .ok()
                        .err())
                .contains("may stay mounted"));
  }

  private static String three(String made, String order) {
    return THREE
        + """
    for each in 1 2 3; do
      id=$common-$each
      %s
    done
    wait
    for each in 1 2 3; do $runtime start $common-$each; done
    for each in %s; do
      id=$common-$each
      inside true
      grep -q Linux $root/proc/sys/kernel/ostype
      $runtime delete --force $id
    done
    echo left=$(mounts)
    """
            .formatted(made, order);
  }

  /** Of which runc leaves more than mounts. */
  @TestFactory
  Stream<DynamicNode> killed() {
    return isOldRunc()
        ? Stream.of()
        : Stream.of(
            check(
                "one whose maker is killed",
                () ->
                    leavesNothing(
                        b -> b.set("hooks.createRuntime", List.of(hook("touch hooked; sleep 60"))),
                        """
                    cd $bundle
                    create & maker=$!
                    while ! [ -e hooked ]; do sleep 0.1; done
                    kill -9 $(pgrep -P $maker) $maker
                    wait || :
                    $runtime delete --force $id
                    echo left=$(mounts)
                    """)));
  }

  private static Map<String, Object> hook(String script) {
    return Map.of(
        "path", "/bin/sh", "args", List.of("sh", "-c", script), "env", List.of("PATH=/bin"));
  }

  private void leavesNothing(Consumer<Bundle> edit, String script) {
    assertThat(onHost("private", edit, script).ok().value("left")).isEqualTo("0");
  }

  @TestFactory
  Stream<DynamicNode> ofAnother() {
    String script =
        """
        unshare -m --propagation private sleep 60 & other=$!
        while [ "$(readlink /proc/$other/ns/mnt)" = "$(readlink /proc/self/ns/mnt)" ]; do sleep 0.1; done
        sed -i "s/OTHER/$other/" $bundle/config.json
        create
        $runtime start $id
        echo namespace=$(readlink /proc/$other/ns/mnt)
        echo inside=$(inside busybox readlink /proc/self/ns/mnt)
        echo marker=$(inside cat /marker)
        echo here=$(mounts) there=$(mounts /proc/$other/mountinfo)
        $runtime delete --force $id
        kill $other
        """;
    return Stream.of(
        check(
            "one that is joined",
            () -> {
              Result result =
                  onHost(
                          "private",
                          b ->
                              b.file("marker", "mine")
                                  .stays()
                                  .namespace("mount", Path.of("/proc/OTHER/ns/mnt")),
                          script)
                      .ok();
              assertThat(result.value("inside")).isEqualTo(result.value("namespace"));
              assertThat(result.value("marker")).isEqualTo("mine");
              assertThat(result.value("here")).startsWith("0 there=").isNotEqualTo("0 there=0");
            }));
  }

  @TestFactory
  Stream<DynamicNode> refused() {
    return Stream.of("linux.maskedPaths", "linux.readonlyPaths")
        .map(
            field ->
                check(
                    field,
                    () ->
                        onHost("private", b -> b.set(field, List.of("/proc/keys")), "create")
                            .fails()));
  }

  private DynamicTest says(Result result, String name, String key, String expected) {
    return check(name, () -> assertThat(result.ok().value(key)).isEqualTo(expected));
  }

  /** Runs a script in a mount namespace that is new, for a container that has none. */
  private Result onHost(String propagation, Consumer<Bundle> edit, String script) {
    Bundle bundle = workspace().bundle();
    bundle.withoutNamespace("mount").capabilities("CAP_SYS_ADMIN");
    bundle.set("linux.maskedPaths", List.of()).set("linux.readonlyPaths", List.of());
    edit.accept(bundle);
    bundle.write();
    try (Container container = workspace().container(bundle)) {
      List<String> wrapper =
          new ArrayList<>(List.of("unshare", "-m", "--propagation", propagation));
      wrapper.addAll(List.of("/bin/sh", "-euc", WORDS + script, "sh"));
      return runtime()
          .start("", wrapper, List.of(bundle.directory().toString(), container.id()))
          .finish();
    }
  }
}
