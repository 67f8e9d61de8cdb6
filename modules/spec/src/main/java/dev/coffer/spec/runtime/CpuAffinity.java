package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * CPUs of processes that are added to a container, as lists such as {@code 0-3,7}.
 *
 * @param initialCpus before the process joins the container's cgroup
 * @param finalCpus after it has joined
 * @param extra members that the specification does not know, kept for writing
 */
public record CpuAffinity(
    Optional<String> initialCpus, Optional<String> finalCpus, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static CpuAffinity read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new CpuAffinity(in.field("initial").nonEmpty(), in.field("final").nonEmpty(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("initial", initialCpus)
        .putIfPresent("final", finalCpus)
        .putAll(extra)
        .build();
  }
}
