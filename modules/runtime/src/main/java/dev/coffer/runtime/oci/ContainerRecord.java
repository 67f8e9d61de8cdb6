package dev.coffer.runtime.oci;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What is kept of a container beside its config: the file {@code state.json}. Its first line is
 * written before anything runs, the second when the first process is known; whether that lives is
 * asked of the kernel each time.
 *
 * @param id the container
 * @param bundle absolute path
 * @param rootfs absolute path of its root file system
 * @param created when it was asked for, as {@link Instant} writes it: it is only ever shown
 * @param ociVersion the config's
 * @param annotations the config's
 * @param cgroup as in {@code linux.cgroupsPath}
 * @param cgroupBase by mount point of a hierarchy, the cgroup that a relative path starts from; a
 *     hierarchy that is not named has no cgroup of this container
 * @param scope the unit of systemd that its cgroup belongs to; empty: none
 * @param rootMount of one that has the mount namespace of its creator, what is mounted there
 * @param newKeyring whether it has a session keyring of its own
 * @param start how its plan ends
 * @param pid its first process, 0 as long as none is known
 * @param startTicks when that started, in the kernel's ticks since boot: with the pid its identity
 */
public record ContainerRecord(
    String id,
    String bundle,
    String rootfs,
    String created,
    String ociVersion,
    SequencedMap<String, String> annotations,
    String cgroup,
    SequencedMap<String, String> cgroupBase,
    Optional<String> scope,
    Optional<RootMount> rootMount,
    boolean newKeyring,
    StartSteps start,
    int pid,
    long startTicks) {
  private static final int SCHEMA = 1;
  private static final String ROOT_MOUNT = "rootMount";

  /** Whether its first process has been written down. */
  boolean hasProcess() {
    return pid != 0;
  }

  /** Whether it has a cgroup in any hierarchy. */
  boolean hasCgroup() {
    return !cgroupBase.isEmpty();
  }

  /** The same for a container that has come into no cgroup. */
  ContainerRecord withoutCgroup() {
    return new ContainerRecord(
        id,
        bundle,
        rootfs,
        created,
        ociVersion,
        annotations,
        cgroup,
        new LinkedHashMap<>(),
        Optional.empty(),
        rootMount,
        newKeyring,
        start,
        pid,
        startTicks);
  }

  /** The record of a container whose plan is known. */
  ContainerRecord withStart(StartSteps steps) {
    return with(rootMount, steps, pid, startTicks);
  }

  /** The record of a container whose root is mounted where others see it. */
  ContainerRecord withRootMount(Optional<RootMount> mount) {
    return with(mount, start, pid, startTicks);
  }

  /** The record of a container whose first process is known, and its root mounted by now. */
  ContainerRecord mounted() throws IOException {
    return rootMount.isEmpty()
        ? this
        : withRootMount(Optional.of(rootMount.get().after(rootfs, pid)));
  }

  /** The record of a container whose first process is known. */
  public ContainerRecord withProcess(int number, long ticks) {
    return with(rootMount, start, number, ticks);
  }

  private ContainerRecord with(
      Optional<RootMount> mount, StartSteps steps, int number, long ticks) {
    return new ContainerRecord(
        id,
        bundle,
        rootfs,
        created,
        ociVersion,
        annotations,
        cgroup,
        cgroupBase,
        scope,
        mount,
        newKeyring,
        steps,
        number,
        ticks);
  }

  /**
   * Reads the file's content; {@code document} names it in messages. A line that is not whole has
   * not been written yet: empty where that is the first.
   */
  static Optional<ContainerRecord> parse(String document, String text) {
    int first = text.indexOf('\n');
    if (first < 0) {
      return Optional.empty();
    }
    try {
      ContainerRecord planned = planned(document, line(document, text.substring(0, first)));
      int second = text.indexOf('\n', first + 1);
      return Optional.of(
          second < 0 ? planned : planned.begun(line(document, text.substring(first + 1, second))));
    } catch (SpecException | DateTimeException e) {
      throw new OciException(
          "cannot read \"" + document + "\": it is no record of a container: " + e.getMessage(), e);
    }
  }

  private static JsonCursor line(String document, String text) {
    return JsonCursor.read(document, text.getBytes(StandardCharsets.UTF_8), Limits.STATE);
  }

  private static ContainerRecord planned(String document, JsonCursor in) {
    long schema = in.field("schema").integer(1, Integer.MAX_VALUE);
    if (schema > SCHEMA) {
      throw new OciException(document + ": written by a newer version (schema " + schema + ")");
    }
    return new ContainerRecord(
        in.field("id").string(),
        in.field("bundle").string(),
        in.field("rootfs").string(),
        Instant.parse(in.field("created").string()).toString(),
        in.field("ociVersion").string(),
        in.field("annotations").map(JsonCursor::string),
        in.field("cgroup").string(),
        in.field("cgroupBase").map(JsonCursor::string),
        in.field("scope").nonEmpty(),
        in.field(ROOT_MOUNT).optional(RootMount::read),
        in.field("newKeyring").bool(),
        StartSteps.read(in.field("start")),
        0,
        0);
  }

  private ContainerRecord begun(JsonCursor in) {
    return with(
        in.field(ROOT_MOUNT).optional(RootMount::read),
        start,
        (int) in.field("pid").integer(0, Integer.MAX_VALUE),
        in.field("startTicks").int64());
  }

  /** The first line, with its end. */
  String firstLine() {
    return line(
        JsonObject.builder()
            .put("schema", JsonValue.of(SCHEMA))
            .put("id", id)
            .put("bundle", bundle)
            .put("rootfs", rootfs)
            .put("created", created)
            .put("ociVersion", ociVersion)
            .put("annotations", JsonValue.ofStrings(annotations))
            .put("cgroup", cgroup)
            .put("cgroupBase", JsonValue.ofStrings(cgroupBase))
            .put("scope", scope.orElse(""))
            .put("newKeyring", JsonValue.of(newKeyring))
            .put("start", start.toJson()));
  }

  /** The second line, with its end. */
  String secondLine() {
    return line(
        JsonObject.builder()
            .put("pid", JsonValue.of(pid))
            .put("startTicks", JsonValue.of(startTicks)));
  }

  private String line(JsonObject.Builder fields) {
    rootMount.ifPresent(mount -> fields.put(ROOT_MOUNT, mount.toJson()));
    return Json.write(fields.build()) + "\n";
  }

  /**
   * The last part of a plan, from the wait for {@code start} on: what goes wrong there is known
   * only to the status page, when whoever has the plan is gone.
   *
   * @param stage the stage that becomes the program
   * @param execInstruction its last instruction
   * @param steps by ascending first instruction
   */
  public record StartSteps(int stage, int execInstruction, List<Step> steps) {
    public StartSteps {
      steps = List.copyOf(steps);
    }

    static StartSteps read(JsonCursor in) {
      return new StartSteps(
          (int) in.field("stage").integer(0, Integer.MAX_VALUE),
          (int) in.field("execInstruction").integer(0, Integer.MAX_VALUE),
          in.field("steps").list(Step::read));
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("stage", JsonValue.of(stage))
          .put("execInstruction", JsonValue.of(execInstruction))
          .put("steps", JsonArray.of(steps, Step::toJson))
          .build();
    }
  }

  /**
   * An operation.
   *
   * @param firstInstruction where its instructions begin
   * @param what what it does, as in errors
   * @param causes what an errno means here where that is something special
   */
  public record Step(int firstInstruction, String what, Map<String, String> causes) {
    public Step {
      causes = Map.copyOf(causes);
    }

    static Step read(JsonCursor in) {
      return new Step(
          (int) in.field("first").integer(0, Integer.MAX_VALUE),
          in.field("what").string(),
          in.field("causes").map(JsonCursor::string));
    }

    JsonObject toJson() {
      return JsonObject.builder()
          .put("first", JsonValue.of(firstInstruction))
          .put("what", what)
          .put("causes", JsonValue.ofStrings(causes))
          .build();
    }
  }
}
