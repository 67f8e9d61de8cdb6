package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Capabilities, as the masks of {@code /proc/self/status} show them after the exec. What a set
 * becomes there is the rule of capabilities(7), written into each case by hand.
 */
class CapabilityIT extends OciSuite {

  /** In the order of their numbers (linux/capability.h). */
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ",
          "PERFMON",
          "BPF",
          "CHECKPOINT_RESTORE");

  private static final List<String> SETS = List.of("Inh", "Prm", "Eff", "Bnd", "Amb");

  private static long mask(String names) {
    return Stream.of(names.split(" "))
        .filter(name -> !name.isEmpty())
        .mapToLong(name -> 1L << NAMES.indexOf(name))
        .reduce(0, (all, one) -> all | one);
  }

  private static List<String> full(String names) {
    return Stream.of(names.split(" ")).filter(n -> !n.isEmpty()).map("CAP_"::concat).toList();
  }

  /** What this process itself may hand on. */
  private static long ofTheHost() {
    return Leftovers.read(java.nio.file.Path.of("/proc/self/status"))
        .lines()
        .filter(line -> line.startsWith("CapBnd:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> granted() {
    long host = ofTheHost();
    return IntStream.range(0, NAMES.size())
        .filter(i -> (host & 1L << i) != 0)
        .mapToObj(NAMES::get)
        .toList();
  }

  private static DynamicNode shows(Result result, String set, String expected) {
    return check(
        "Cap" + set + " is {" + expected + "}",
        () ->
            assertThat(result.ok().value("Cap" + set))
                .isEqualTo("%016x".formatted(mask(expected))));
  }

  private Result status(int uid, boolean noNewPrivileges, Map<String, String> sets) {
    return run(
        b -> {
          b.set("process.user.uid", uid).set("process.noNewPrivileges", noNewPrivileges);
          b.set("process.capabilities", Map.of());
          sets.forEach((set, names) -> b.set("process.capabilities." + set, full(names)));
          b.args("cat", "/proc/self/status");
        });
  }

  /** Each capability that the host can grant, alone. */
  @TestFactory
  Stream<DynamicNode> eachAlone() {
    return granted().stream()
        .map(
            name ->
                group(
                    name,
                    () -> {
                      Result result =
                          status(
                              1000,
                              true,
                              Map.of(
                                  "bounding",
                                  name,
                                  "permitted",
                                  name,
                                  "inheritable",
                                  name,
                                  "effective",
                                  name,
                                  "ambient",
                                  name));
                      return SETS.stream().map(set -> shows(result, set, name));
                    }));
  }

  /**
   * What is asked for, and what is there after the exec.
   *
   * @param asked the sets by their names in the spec
   * @param shown inheritable, permitted, effective, bounding, ambient
   */
  private record Case(
      String name,
      int uid,
      boolean noNewPrivileges,
      Map<String, String> asked,
      List<String> shown) {

    Case(
        String name, int uid, boolean noNewPrivileges, Map<String, String> asked, String... shown) {
      this(name, uid, noNewPrivileges, asked, List.of(shown));
    }
  }

  @TestFactory
  Stream<DynamicNode> sets() {
    String all = String.join(" ", granted());
    String few = "CHOWN KILL NET_BIND_SERVICE";
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("none, root", 0, true, Map.of(), "", "", "", "", ""));
    cases.add(new Case("none, root that may gain", 0, false, Map.of(), "", "", "", "", ""));
    cases.add(new Case("none, a user", 1000, false, Map.of(), "", "", "", "", ""));
    cases.add(new Case("all, root", 0, true, sets(all, "", all, all, ""), "", all, all, all, ""));
    cases.add(
        new Case(
            "all, root that may gain",
            0,
            false,
            sets(all, "", all, all, ""),
            "",
            all,
            all,
            all,
            ""));
    cases.add(
        new Case("all, a user", 1000, true, sets(all, "", all, all, ""), "", "", "", all, ""));
    cases.add(
        new Case(
            "all and ambient, a user",
            1000,
            true,
            sets(all, all, all, all, all),
            all,
            all,
            all,
            all,
            all));
    cases.add(
        new Case(
            "a wider bounding set gives root nothing under no_new_privs",
            0,
            true,
            sets(few, "", "KILL", "KILL", ""),
            "",
            "KILL",
            "KILL",
            few,
            ""));
    cases.add(
        new Case(
            "a wider bounding set is root's to gain",
            0,
            false,
            sets(few, "", "KILL", "KILL", ""),
            "",
            few,
            few,
            few,
            ""));
    cases.add(
        new Case(
            "a narrower effective set is root's to raise",
            0,
            true,
            sets(few, "", few, "KILL", ""),
            "",
            few,
            few,
            few,
            ""));
    cases.add(
        new Case("few, a user", 1000, true, sets(few, "", few, few, ""), "", "", "", few, ""));
    cases.add(
        new Case(
            "inheritable is not ambient",
            1000,
            true,
            sets(few, few, few, few, ""),
            few,
            "",
            "",
            few,
            ""));
    cases.add(
        new Case(
            "ambient in part",
            1000,
            true,
            sets(few, few, few, few, "KILL"),
            few,
            "KILL",
            "KILL",
            few,
            "KILL"));
    cases.add(
        new Case(
            "ambient of a user that may gain",
            1000,
            false,
            sets(few, few, few, few, "CHOWN"),
            few,
            "CHOWN",
            "CHOWN",
            few,
            "CHOWN"));
    cases.add(
        new Case(
            "inheritable in part, root",
            0,
            false,
            sets(few, "KILL", few, few, ""),
            "KILL",
            few,
            few,
            few,
            ""));
    cases.add(
        new Case("ambient, root", 0, true, sets(few, few, few, few, few), few, few, few, few, few));
    cases.add(
        new Case(
            "bounding alone, a user", 1000, false, sets(few, "", "", "", ""), "", "", "", few, ""));
    return cases.stream()
        .map(
            each ->
                group(
                    each.name(),
                    () -> {
                      Result result = status(each.uid(), each.noNewPrivileges(), each.asked());
                      return IntStream.range(0, SETS.size())
                          .mapToObj(i -> shows(result, SETS.get(i), each.shown().get(i)));
                    }));
  }

  private static Map<String, String> sets(
      String bounding, String inheritable, String permitted, String effective, String ambient) {
    return new TreeMap<>(
        Map.of(
            "bounding", bounding,
            "inheritable", inheritable,
            "permitted", permitted,
            "effective", effective,
            "ambient", ambient));
  }

  /** The spec: what cannot be mapped or granted is worth a warning, and no failure. */
  @TestFactory
  Stream<DynamicNode> whatCannotBeGranted() {
    List<DynamicNode> nodes = new ArrayList<>();
    nodes.add(
        group(
            "a name that nobody knows",
            () -> {
              Result result =
                  run(
                      b ->
                          b.capabilities("CAP_KILL", "CAP_UNHEARD_OF")
                              .args("cat", "/proc/self/status"));
              return Stream.of(
                  shows(result, "Eff", "KILL"),
                  check(
                      "a warning names it",
                      () -> assertThat(result.log() + result.err()).contains("CAP_UNHEARD_OF")));
            }));
    NAMES.stream()
        .filter(name -> (ofTheHost() & mask(name)) == 0)
        .forEach(
            name ->
                nodes.add(
                    check(
                        name + ", which the host has not",
                        Deviation.UNGRANTABLE_CAPABILITY,
                        () ->
                            run(
                                b ->
                                    b.capabilities("CAP_KILL", "CAP_" + name)
                                        .args("cat", "/proc/self/status")),
                        result ->
                            assertThat(result.value("CapEff"))
                                .isEqualTo("%016x".formatted(mask("KILL"))))));
    return nodes.stream();
  }
}
