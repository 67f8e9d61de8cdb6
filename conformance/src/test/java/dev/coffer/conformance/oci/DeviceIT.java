package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Device nodes, the default ones and the config's, and what the device rules let be opened. */
class DeviceIT extends OciSuite {

  private static final int EPERM = 1;

  @Override
  void prepare(Workspace workspace) {
    Probe.install(workspace);
  }

  @TestFactory
  Stream<DynamicNode> theDefaultSet() {
    List<Fact> facts = new ArrayList<>();
    Map<String, String> nodes =
        Map.of(
            "null", "1:3", "zero", "1:5", "full", "1:7", "random", "1:8", "urandom", "1:9", "tty",
            "5:0");
    nodes.forEach(
        (name, numbers) -> {
          String path = "/dev/" + name;
          facts.add(Fact.says("stat -c '%F' " + path, "character special file"));
          facts.add(Fact.says("stat -c %t:%T " + path, numbers));
          facts.add(Fact.says("stat -c %a " + path, "666"));
          facts.add(Fact.says("stat -c %u:%g " + path, "0:0"));
          if (!name.equals("tty")) {
            facts.add(Fact.says("probe open " + path + " r", "0 0"));
            facts.add(Fact.says("probe open " + path + " w", "0 0"));
          }
        });
    Map.of(
            "fd", "/proc/self/fd",
            "stdin", "/proc/self/fd/0",
            "stdout", "/proc/self/fd/1",
            "stderr", "/proc/self/fd/2")
        .forEach((name, target) -> facts.add(Fact.says("readlink /dev/" + name, target)));
    facts.add(Fact.matches("readlink -f /dev/ptmx", "/dev/pts/ptmx"));
    facts.add(Fact.says("stat -c %a /dev/pts/ptmx", "666"));
    facts.add(Fact.says("probe open /dev/ptmx rw", "0 0"));
    facts.add(Fact.says("head -c 4 /dev/zero | od -An -tx1 | tr -d ' '", "00000000"));
    facts.add(Fact.refused("echo x > /dev/full"));
    facts.add(Fact.says("cat /dev/null", ""));
    facts.add(
        Fact.says(
            "nothing else is there",
            "ls /dev | tr '\\n' ' ' | sed 's/core //'",
            "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero"));
    return Stream.of(facts("default devices", b -> {}, facts.toArray(Fact[]::new)));
  }

  private static Map<String, Object> device(
      String path, String type, int major, int minor, Object... more) {
    Map<String, Object> device = new LinkedHashMap<>(Map.of("path", path, "type", type));
    if (!type.equals("p")) {
      device.put("major", major);
      device.put("minor", minor);
    }
    for (int i = 0; i < more.length; i += 2) {
      device.put((String) more[i], more[i + 1]);
    }
    return device;
  }

  @TestFactory
  Stream<DynamicNode> nodesOfTheConfig() {
    return Stream.of(
        facts(
            "nodes of the config",
            b ->
                b.add(
                        "linux.devices",
                        device("/dev/a", "c", 1, 5, "fileMode", 0640, "uid", 7, "gid", 8))
                    .add("linux.devices", device("/dev/b", "b", 7, 99, "fileMode", 0600))
                    .add("linux.devices", device("/dev/u", "u", 1, 3, "fileMode", 0666))
                    .add("linux.devices", device("/dev/p", "p", 0, 0, "fileMode", 0622))
                    .add("linux.devices", device("/dev/deep/er/c", "c", 10, 237, "fileMode", 0666))
                    .add("linux.devices", device("/opt/node", "c", 1, 7, "fileMode", 0444)),
            Fact.says("stat -c '%F %t:%T %a %u:%g' /dev/a", "character special file 1:5 640 7:8"),
            Fact.says("stat -c '%F %t:%T %a %u:%g' /dev/b", "block special file 7:63 600 0:0"),
            Fact.says("stat -c '%F %t:%T %a' /dev/u", "character special file 1:3 666"),
            Fact.says("stat -c '%F %a' /dev/p", "fifo 622"),
            Fact.says("stat -c '%F %t:%T %a' /dev/deep/er/c", "character special file a:ed 666"),
            Fact.says("stat -c '%F %t:%T %a' /opt/node", "character special file 1:7 444"),
            Fact.says("probe open /dev/b r", "-1 " + EPERM),
            Fact.says("probe open /dev/deep/er/c r", "-1 " + EPERM)),
        facts(
            "a node whose mode the umask may not touch",
            b ->
                b.set("process.user.umask", 077)
                    .add("linux.devices", device("/dev/wide", "c", 1, 3, "fileMode", 0666)),
            Fact.says("stat -c %a /dev/wide", "666"),
            Fact.says("stat -c %a /dev/null", "666")));
  }

  /** Rules are read in order; later ones win. */
  private record Rules(String name, List<Map<String, Object>> rules, Map<String, Boolean> opens) {}

  private static Map<String, Object> rule(
      boolean allow, String type, Integer major, Integer minor, String access) {
    Map<String, Object> rule = new LinkedHashMap<>(Map.of("allow", allow, "access", access));
    if (type != null) {
      rule.put("type", type);
    }
    if (major != null) {
      rule.put("major", major);
    }
    if (minor != null) {
      rule.put("minor", minor);
    }
    return rule;
  }

  private static final Map<String, Object> DENY_ALL = rule(false, null, null, null, "rwm");

  /** The control device of the loop driver (10:237), and its first block device (7:0). */
  @TestFactory
  Stream<DynamicNode> rules() {
    return Stream.of(
            new Rules(
                "nothing allowed",
                List.of(DENY_ALL),
                Map.of("k r", false, "k w", false, "null rw", true, "zero r", true)),
            new Rules(
                "any number, as Docker writes it",
                List.of(DENY_ALL, rule(true, "c", 10, -1, "r"), rule(true, "b", -1, -1, "m")),
                Map.of("k r", true, "k w", false)),
            new Rules(
                "one, to read",
                List.of(DENY_ALL, rule(true, "c", 10, 237, "r")),
                Map.of("k r", true, "k w", false, "k rw", false)),
            new Rules(
                "one, to write",
                List.of(DENY_ALL, rule(true, "c", 10, 237, "w")),
                Map.of("k r", false, "k w", true)),
            new Rules(
                "one, to read and write",
                List.of(DENY_ALL, rule(true, "c", 10, 237, "rw")),
                Map.of("k r", true, "k w", true, "k rw", true, "loop r", false)),
            new Rules(
                "a whole major",
                List.of(DENY_ALL, rule(true, "c", 10, null, "rwm")),
                Map.of("k rw", true, "loop r", false)),
            new Rules(
                "another type of the same numbers",
                List.of(DENY_ALL, rule(true, "b", 10, 237, "rwm")),
                Map.of("k r", false)),
            new Rules(
                "all of a type",
                List.of(DENY_ALL, rule(true, "c", null, null, "rwm")),
                Map.of("k rw", true, "loop r", false)),
            new Rules(
                "everything", List.of(rule(true, "a", null, null, "rwm")), Map.of("k rw", true)),
            new Rules(
                "everything but one",
                List.of(rule(true, "a", null, null, "rwm"), rule(false, "c", 10, 237, "rwm")),
                Map.of("k r", false, "k w", false)),
            new Rules(
                "allowed, then denied in part",
                List.of(DENY_ALL, rule(true, "c", 10, 237, "rwm"), rule(false, "c", 10, 237, "w")),
                Map.of("k r", true, "k w", false)))
        .map(rules -> group(rules.name(), () -> rules(rules)));
  }

  private Stream<DynamicNode> rules(Rules rules) {
    Result result =
        run(
            b -> {
              b.set("linux.resources.devices", rules.rules());
              b.add("linux.devices", device("/dev/k", "c", 10, 237, "fileMode", 0666));
              b.add("linux.devices", device("/dev/loop", "b", 7, 0, "fileMode", 0666));
              StringBuilder script = new StringBuilder();
              rules
                  .opens()
                  .keySet()
                  .forEach(
                      open ->
                          script
                              .append("echo \"")
                              .append(open)
                              .append("=$(probe open /dev/")
                              .append(open)
                              .append(")\"\n"));
              b.shell(script.toString());
            });
    return rules.opens().entrySet().stream()
        .map(
            open ->
                check(
                    open.getKey() + (open.getValue() ? " opens" : " does not open"),
                    () -> {
                      String said = result.ok().value(open.getKey());
                      if (open.getValue()) {
                        assertThat(said).isEqualTo("0 0");
                      } else {
                        assertThat(said).isEqualTo("-1 " + EPERM);
                      }
                    }));
  }

  /** What a rule names may be of more than one type, and less than all access. */
  @TestFactory
  Stream<DynamicNode> rulesOfAllDevices() {
    List<Object> nodes =
        List.of(
            device("/dev/k", "c", 10, 237, "fileMode", 0666),
            device("/dev/loop", "b", 7, 0, "fileMode", 0666));
    return Stream.of(
        facts(
            "all devices, to read",
            b ->
                b.set("linux.devices", nodes)
                    .set(
                        "linux.resources.devices",
                        List.of(DENY_ALL, rule(true, null, null, null, "r"))),
            Fact.says("probe open /dev/k r", "0 0"),
            Fact.says("probe open /dev/loop r", "0 0"),
            Fact.says("probe open /dev/k w", "-1 " + EPERM).except(Deviation.RULE_OF_ALL),
            Fact.says("probe open /dev/null rw", "0 0")),
        facts(
            "the numbers of one, without a type",
            b ->
                b.set("linux.devices", nodes)
                    .set(
                        "linux.resources.devices",
                        List.of(DENY_ALL, rule(true, null, 10, 237, "rw"))),
            Fact.says("probe open /dev/k rw", "0 0"),
            Fact.says("probe open /dev/loop r", "-1 " + EPERM).except(Deviation.RULE_OF_ALL)),
        check(
            "one device out of a driver's, which the kernel would pass over",
            () ->
                run(b ->
                        b.set(
                            "linux.resources.devices",
                            List.of(
                                DENY_ALL,
                                rule(true, "c", 10, null, "rwm"),
                                rule(false, "c", 10, 237, "w"))))
                    .fails("10", "237")));
  }

  @TestFactory
  Stream<DynamicNode> makingNodes() {
    return Stream.of(
        facts(
            "with CAP_MKNOD and the default rules",
            b -> b.capabilities("CAP_MKNOD").set("linux.resources.devices", List.of(DENY_ALL)),
            Fact.says("probe mknod /tmp/c c 1 3", "0 0"),
            Fact.says("probe mknod /tmp/b b 7 0", "0 0"),
            Fact.says("probe mknod /tmp/p p 0 0", "0 0"),
            Fact.says("probe open /tmp/c rw", "0 0"),
            Fact.says("probe open /tmp/b r", "-1 " + EPERM)),
        facts(
            "without CAP_MKNOD",
            b -> {},
            Fact.says("probe mknod /tmp/c c 1 3", "-1 " + EPERM),
            Fact.says("probe mknod /tmp/b b 7 0", "-1 " + EPERM),
            Fact.says("probe mknod /tmp/p p 0 0", "0 0")));
  }

  @TestFactory
  Stream<DynamicNode> nodesThatAreThere() throws IOException {
    Map<String, Object> before = Files.readAttributes(Path.of("/dev/null"), "unix:uid,gid,mode");
    return Stream.of(
        check(
            "a file that is no such device",
            Deviation.OTHER_FILE,
            () ->
                run(b ->
                        b.file("opt/node", "").add("linux.devices", device("/opt/node", "c", 1, 3)))
                    .fails("/opt/node")),
        facts(
            "the host's node, bound",
            b -> b.bind(Path.of("/dev/null"), "/tmp/null"),
            Fact.says("stat -c %t:%T /tmp/null", "1:3"),
            Fact.says("probe open /tmp/null rw", "0 0")),
        facts(
            "a container of another user",
            b -> b.set("process.user.uid", 1000).set("process.user.gid", 1000),
            Fact.says("stat -c %u:%g /dev/null", "0:0"),
            Fact.says("probe open /dev/null rw", "0 0"),
            Fact.says("chmod 600 /dev/stdin 2>/dev/null; echo done", "done")),
        check(
            "the host's /dev/null is as before",
            () ->
                assertThat(Files.readAttributes(Path.of("/dev/null"), "unix:uid,gid,mode"))
                    .isEqualTo(before)));
  }
}
