package dev.coffer.runtime.oci;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What is kept of a container beside its config: the file {@code state.json}. It is written before
 * anything runs, and once more when the first process is known; whether that lives is asked of the
 * kernel each time.
 *
 * @param id the container
 * @param bundle absolute path
 * @param rootfs absolute path of its root file system
 * @param created when it was asked for
 * @param cgroup as in {@code linux.cgroupsPath}
 * @param cgroupBase by mount point of a hierarchy, the cgroup that a relative path starts from; a
 *     hierarchy that is not named has no cgroup of this container
 * @param newKeyring whether it has a session keyring of its own
 * @param start how its plan ends
 * @param pid its first process, 0 as long as none is known
 * @param startTicks when that started, in the kernel's ticks since boot: with the pid its identity
 */
public record ContainerRecord(
    String id,
    String bundle,
    String rootfs,
    Instant created,
    String cgroup,
    SequencedMap<String, String> cgroupBase,
    boolean newKeyring,
    StartSteps start,
    int pid,
    long startTicks) {
  private static final int SCHEMA = 1;

  /** Whether it has a cgroup in any hierarchy. */
  boolean hasCgroup() {
    return !cgroupBase.isEmpty();
  }

  /** The record of a container whose plan is known. */
  ContainerRecord withStart(StartSteps steps) {
    return new ContainerRecord(
        id, bundle, rootfs, created, cgroup, cgroupBase, newKeyring, steps, pid, startTicks);
  }

  /** The record of a container whose first process is known. */
  public ContainerRecord withProcess(int number, long ticks) {
    return new ContainerRecord(
        id, bundle, rootfs, created, cgroup, cgroupBase, newKeyring, start, number, ticks);
  }

  /** Reads the file's content; {@code document} names it in messages. */
  static ContainerRecord parse(String document, byte[] json) {
    JsonCursor in = JsonCursor.read(document, json, Limits.STATE);
    long schema = in.field("schema").integer(1, Integer.MAX_VALUE);
    if (schema > SCHEMA) {
      throw new OciException(document + ": written by a newer version (schema " + schema + ")");
    }
    return new ContainerRecord(
        in.field("id").string(),
        in.field("bundle").string(),
        in.field("rootfs").string(),
        Instant.parse(in.field("created").string()),
        in.field("cgroup").string(),
        in.field("cgroupBase").map(JsonCursor::string),
        in.field("newKeyring").bool(),
        StartSteps.read(in.field("start")),
        (int) in.field("pid").integer(0, Integer.MAX_VALUE),
        in.field("startTicks").int64());
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("schema", JsonValue.of(SCHEMA))
        .put("id", id)
        .put("bundle", bundle)
        .put("rootfs", rootfs)
        .put("created", created.toString())
        .put("cgroup", cgroup)
        .put("cgroupBase", JsonValue.ofStrings(cgroupBase))
        .put("newKeyring", JsonValue.of(newKeyring))
        .put("start", start.toJson())
        .put("pid", JsonValue.of(pid))
        .put("startTicks", JsonValue.of(startTicks))
        .build();
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
