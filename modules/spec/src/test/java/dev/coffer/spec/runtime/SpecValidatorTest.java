package dev.coffer.spec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each case changes one value of a valid config and names the one problem that there is then. */
class SpecValidatorTest {
  @ParameterizedTest
  @ValueSource(strings = {"runc-spec.json", "minimal"})
  void acceptsValidConfigs(String name) throws IOException {
    assertThat(
            SpecValidator.validate(name.equals("minimal") ? read(MINIMAL) : read(resource(name))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ociVersion | \"1.0\" | must be a version by SemVer 2.0, is \"1.0\"",
        "ociVersion | \"2.0.0\" | must be 1.x, is \"2.0.0\"",
        "root | null | is missing",
        "root.path | \"\" | must not be empty",
        "process.cwd | \"work\" | must be an absolute path, is \"work\"",
        "process.args | [] | must have at least one entry",
        "process.args[0] | \"a\\u0000b\" | must not contain a NUL character",
        "process.env[0] | \"NAME\" | must be NAME=value, is \"NAME\"",
        "process.user.umask | 512 | must be from 0 to 511, is 512",
        "process.oomScoreAdj | 1001 | must be from -1000 to 1000, is 1001",
        "process.rlimits[1].type | \"RLIMIT_NOFILE\" | must not be given twice: RLIMIT_NOFILE",
        "process.rlimits[0].soft | 18446744073709551615"
            + " | must not be above the hard limit 1024, is 18446744073709551615",
        "process.ioPriority.priority | 8 | must be from 0 to 7, is 8",
        "process.scheduler.nice | 20 | must be from -20 to 19, is 20",
        "process.scheduler.priority | 1 | must be from 0 to 0, is 1",
        "process.execCPUAffinity.initial | \"3-1\" | must be a list such as 0-3,7, is \"3-1\"",
        "mounts[0].destination | \"\" | must not be empty",
        "mounts[0].uidMappings[0].size | 0 | must be more than 0",
        "hooks.prestart[0].path | \"hook\" | must be an absolute path, is \"hook\"",
        "hooks.prestart[0].timeout | 0 | must be more than 0, is 0",
        "linux.namespaces[3].type | \"pid\" | must not be given twice: pid",
        "linux.namespaces[0].path | \"ns/pid\" | must be an absolute path, is \"ns/pid\"",
        "linux.uidMappings[0].size | 4294967295 | must not lead beyond id 4294967295",
        "linux.timeOffsets.monotonic.nanosecs | 1000000000"
            + " | must be from 0 to 999999999, is 1000000000",
        "linux.devices[0].path | \"dev/fuse\" | must be an absolute path, is \"dev/fuse\"",
        "linux.devices[0].type | \"a\" | must be one of c, b, u, p, is \"a\"",
        "linux.devices[0].major | 4096 | must be from 0 to 4095, is 4096",
        "linux.netDevices.eth0.name | \"a/b\" | must be the name of a network device, is \"a/b\"",
        "linux.maskedPaths[0] | \"proc\" | must be an absolute path, is \"proc\"",
        "linux.readonlyPaths[0] | \"proc\" | must be an absolute path, is \"proc\"",
        "linux.resources.devices[0].access | \"rx\" | must be some of r, w and m, is \"rx\"",
        "linux.resources.memory.limit | -2 | must be at least 0, or -1 for no limit, is -2",
        "linux.resources.memory.swappiness | 101 | must be from 0 to 100, is 101",
        "linux.resources.cpu.burst | 60000 | must not be above the quota 50000, is 60000",
        "linux.resources.cpu.cpus | \"0-\" | must be a list such as 0-3,7, is \"0-\"",
        "linux.resources.cpu.idle | 2 | must be from 0 to 1, is 2",
        "linux.resources.pids.limit | -2 | must be at least 0, or -1 for no limit, is -2",
        "linux.resources.blockIO.weightDevice[0] | {\"major\": 8, \"minor\": 0}"
            + " | must have weight or leafWeight",
        "linux.resources.hugepageLimits[0].pageSize | \"2TB\""
            + " | must be a size such as 64KB, 2MB or 1GB, is \"2TB\"",
        "linux.resources.rdma.mlx5 | {} | must have hcaHandles or hcaObjects",
        "linux.seccomp.defaultErrnoRet | 1 | must be absent with SCMP_ACT_ALLOW",
        "linux.seccomp.listenerMetadata | \"m\" | must not be set without listenerPath",
        "linux.seccomp.syscalls[0].names | [] | must have at least one entry",
        "linux.seccomp.syscalls[0].args[0].index | 6 | must be from 0 to 5, is 6",
        "linux.seccomp.syscalls[0].errnoRet | 4096 | must be from 0 to 4095, is 4096",
        "linux.intelRdt.memBwSchema | \"L3:0=1\" | must begin with \"MB:\", is \"L3:0=1\"",
        "linux.intelRdt.schemata[0] | \"a\\nb\" | must not contain a newline",
        "linux.memoryPolicy.nodes | null | is missing: MPOL_BIND needs it",
        "linux.personality.flags | [\"X\"] | must be empty: none are defined",
        "vm.kernel.path | \"vmlinuz\" | must be an absolute path, is \"vmlinuz\"",
        "vm.kernel | null | is missing"
      })
  void namesTheOneProblem(String path, String value, String problem) {
    JsonValue changed = set(VALID, path, Json.parse(value, Limits.CONFIG));
    assertThat(SpecValidator.validate(read(changed)))
        .extracting(SpecProblem::toString)
        .containsExactly(path + ": " + problem);
  }

  @Test
  void namesProblemsOfNamesAndCombinations() {
    assertThat(problems("linux.seccomp.syscalls[0].action", "\"SCMP_ACT_NOTIFY\""))
        .containsExactlyInAnyOrder(
            "linux.seccomp.listenerPath: is missing: SCMP_ACT_NOTIFY needs it",
            "linux.seccomp.syscalls[0].errnoRet: must be absent with SCMP_ACT_NOTIFY");
    assertThat(problems("mounts[0].gidMappings", "[]"))
        .containsExactly("mounts[0]: must have both uidMappings and gidMappings, or neither");
    assertThat(problems("linux.namespaces", "[]"))
        .containsExactlyInAnyOrder(
            "linux.timeOffsets: need a time namespace",
            "linux.netDevices: need a network namespace");
    assertThat(problems("annotations", "{\"\": \"x\"}"))
        .containsExactly("annotations: must not have an empty key");
    assertThat(problems("linux.resources.unified", "{\"../cpu.max\": \"1\"}"))
        .containsExactly("linux.resources.unified[\"../cpu.max\"]: must be a file name");
    assertThat(problems("linux.timeOffsets", "{\"realtime\": {}}"))
        .containsExactly("linux.timeOffsets.realtime: must be one of monotonic, boottime");
    assertThat(problems("linux.sysctl", "{\"../x\": \"1\"}"))
        .containsExactly("linux.sysctl[\"../x\"]: must be the name of a kernel parameter");
    assertThat(problems("process.scheduler.runtime", "5"))
        .containsExactly(
            "process.scheduler: runtime, deadline and period are for SCHED_DEADLINE only");
  }

  /** The kernel takes no longer ones, and an error that quotes one is a screen full. */
  @Test
  void refusesPathsThatTheKernelWould() {
    String longest = "/".repeat(4095);
    assertThat(SpecValidator.validate(ContainerProcess.builder(longest).args(List.of("a")).build()))
        .isEmpty();
    assertThat(
            SpecValidator.validate(
                ContainerProcess.builder(longest + "/").args(List.of("a")).build()))
        .containsExactly(new SpecProblem("cwd", "must not be longer than 4095 bytes"));
  }

  @Test
  void checksPartsByThemselves() {
    assertThat(SpecValidator.validate(ContainerProcess.builder("x").args(List.of("a")).build()))
        .containsExactly(new SpecProblem("cwd", "must be an absolute path, is \"x\""));
    assertThat(SpecValidator.validate(Resources.builder().pids(Pids.of(-2)).build()))
        .containsExactly(
            new SpecProblem("pids.limit", "must be at least 0, or -1 for no limit, is -2"));
  }

  @Test
  void requireFailsWithTheFirst() {
    JsonValue broken =
        set(set(VALID, "process.cwd", JsonValue.of("x")), "root.path", JsonValue.of(""));
    assertThatThrownBy(() -> SpecValidator.require("config.json", read(broken)))
        .isInstanceOf(SpecException.class)
        .hasMessage("config.json: root.path: must not be empty (and 1 more problem)");
    SpecValidator.require("config.json", read(VALID));
  }

  private static List<String> problems(String path, String value) {
    JsonValue changed = set(VALID, path, Json.parse(value, Limits.CONFIG));
    return SpecValidator.validate(read(changed)).stream().map(SpecProblem::toString).toList();
  }

  private static final JsonValue MINIMAL =
      Json.parse("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}}", Limits.CONFIG);

  private static final JsonValue VALID =
      Json.parse(
          """
          {"ociVersion": "1.3.0-rc.1+dev", "root": {"path": "rootfs"},
           "process": {"cwd": "/", "args": ["a"], "env": ["A=b"], "user": {"uid": 0, "gid": 0},
             "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024},
                         {"type": "RLIMIT_CORE", "hard": 0, "soft": 0}],
             "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 0},
             "scheduler": {"policy": "SCHED_OTHER"}, "execCPUAffinity": {"initial": "0-1,3"}},
           "mounts": [{"destination": "/a", "options": ["bind", "idmap"],
             "uidMappings": [{"containerID": 0, "hostID": 1, "size": 1}],
             "gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}]}],
           "hooks": {"prestart": [{"path": "/hook", "timeout": 1}]},
           "linux": {
             "namespaces": [{"type": "pid"}, {"type": "time"}, {"type": "network"}, {"type": "uts"}],
             "uidMappings": [{"containerID": 1, "hostID": 2, "size": 3}],
             "timeOffsets": {"monotonic": {"nanosecs": 0}},
             "devices": [{"type": "c", "path": "/dev/fuse", "major": 10, "minor": 229}],
             "netDevices": {"eth0": {"name": "a%d"}},
             "maskedPaths": ["/proc"], "readonlyPaths": ["/proc"], "sysctl": {"a.b": "1"},
             "resources": {"devices": [{"allow": true, "access": "rw"}],
               "memory": {"limit": -1, "swappiness": 100},
               "cpu": {"quota": 50000, "burst": 50000, "cpus": "0", "idle": 0},
               "pids": {"limit": -1}, "unified": {"io.max": "x"},
               "blockIO": {"weightDevice": [{"major": 8, "minor": 0, "weight": 1}]},
               "hugepageLimits": [{"pageSize": "2MB", "limit": 1}],
               "rdma": {"mlx5": {"hcaHandles": 1}}},
             "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
               {"names": ["a"], "action": "SCMP_ACT_ERRNO", "errnoRet": 2,
                "args": [{"index": 5, "value": 1, "op": "SCMP_CMP_EQ"}]}]},
             "intelRdt": {"closID": "/", "memBwSchema": "MB:0=1", "schemata": ["L3:0=1"]},
             "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0"},
             "personality": {"domain": "LINUX"}},
           "vm": {"kernel": {"path": "/vmlinuz"}}}
          """,
          Limits.CONFIG);

  private static Spec read(JsonValue json) {
    return Spec.read(JsonCursor.of("config.json", json));
  }

  /** The document with the value at a path such as {@code a.b[0]} replaced. */
  private static JsonValue set(JsonValue document, String path, JsonValue value) {
    if (path.isEmpty()) {
      return value;
    }
    if (path.startsWith("[")) {
      int end = path.indexOf(']');
      int index = Integer.parseInt(path.substring(1, end));
      List<JsonValue> elements = new ArrayList<>(((JsonArray) document).elements());
      elements.set(index, set(elements.get(index), rest(path, end + 1), value));
      return new JsonArray(elements);
    }
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    JsonObject object = (JsonObject) document;
    String name = path.substring(0, end);
    JsonValue old = object.get(name).orElse(JsonObject.EMPTY);
    return object.with(name, set(old, rest(path, end), value));
  }

  private static String rest(String path, int from) {
    return path.startsWith(".", from) ? path.substring(from + 1) : path.substring(from);
  }

  private static JsonValue resource(String name) throws IOException {
    try (InputStream in = SpecValidatorTest.class.getResourceAsStream(name)) {
      return Json.parse(in, Limits.CONFIG);
    }
  }
}
