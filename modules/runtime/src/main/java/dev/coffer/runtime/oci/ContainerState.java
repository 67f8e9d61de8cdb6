package dev.coffer.runtime.oci;

import dev.coffer.runtime.cgroup.Freezers;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.runtime.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * {@code state} and {@code list}: a container as others see it (runtime-spec, runtime.md, State).
 *
 * @param pid 0 where none runs
 * @param created as {@link java.time.Instant} writes it
 * @param owner the user whom the state directory belongs to; empty for root
 */
public record ContainerState(
    String ociVersion,
    String id,
    int pid,
    ContainerStatus status,
    String bundle,
    String rootfs,
    String created,
    SequencedMap<String, String> annotations,
    String owner) {

  /** The state of one container. */
  public static ContainerState of(OciHost host, OciCaller caller, String id) throws IOException {
    StateDirectory directory = caller.states().show(id);
    try (Freezers freezers = Freezers.of(caller.facts().cgroups())) {
      return read(host, freezers, directory)
          .orElseThrow(() -> new OciException("container \"" + id + "\" has no state yet"));
    }
  }

  /** The states of all; those that vanish or are not whole are left out. */
  public static List<ContainerState> all(OciHost host, OciCaller caller) throws IOException {
    Queue<String> unreadable = new ConcurrentLinkedQueue<>();
    List<Optional<ContainerState>> states;
    try (Freezers freezers = Freezers.of(caller.facts().cgroups())) {
      states =
          caller
              .states()
              .visit(
                  all ->
                      SharedWork.map(
                          all, directory -> readable(host, freezers, directory, unreadable)));
    }
    unreadable.forEach(caller.warning());
    return states.stream().flatMap(Optional::stream).toList();
  }

  /** One that a stranger has spoilt hides none of the others. */
  private static Optional<ContainerState> readable(
      OciHost host, Freezers freezers, StateDirectory directory, Queue<String> unreadable) {
    try {
      return read(host, freezers, directory);
    } catch (IOException | OciException e) {
      unreadable.add("cannot list container \"" + directory.id() + "\": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<ContainerState> read(
      OciHost host, Freezers freezers, StateDirectory directory) throws IOException {
    Optional<RecordFile> file = directory.recordFile();
    Optional<ContainerRecord> known =
        file.isPresent() ? host.records().of(directory, file.get()) : Optional.empty();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    if (!known.get().id().equals(directory.id())) {
      throw new OciException(
          "\"%s\" has the record of another container, \"%s\""
              .formatted(directory.path(), known.get().id()));
    }
    ContainerStatus status = status(freezers, directory, known);
    ContainerRecord record = directory.latest(known).orElse(known.get());
    return Optional.of(
        new ContainerState(
            record.ociVersion(),
            record.id(),
            status == ContainerStatus.STOPPED ? 0 : record.pid(),
            status,
            record.bundle(),
            record.rootfs(),
            record.created(),
            record.annotations(),
            owner(directory.path(), file.get().owner())));
  }

  /** Where a container is in its life cycle. */
  static ContainerStatus status(
      OciCaller caller, StateDirectory directory, Optional<ContainerRecord> record)
      throws IOException {
    try (Freezers freezers = Freezers.of(caller.facts().cgroups())) {
      return status(freezers, directory, record);
    }
  }

  private static ContainerStatus status(
      Freezers freezers, StateDirectory directory, Optional<ContainerRecord> record)
      throws IOException {
    ContainerStatus status = Liveness.status(directory, record);
    if (status != ContainerStatus.RUNNING && status != ContainerStatus.CREATED) {
      return status;
    }
    ContainerRecord latest = directory.latest(record).orElseThrow();
    return freezers.isFrozen(latest.cgroup(), latest.cgroupBase())
        ? ContainerStatus.PAUSED
        : status;
  }

  private static String owner(Path directory, int uid) throws IOException {
    // Most are root's, whose name need not be looked up.
    return uid == 0 ? "" : Files.getOwner(directory).getName();
  }

  /** As {@code state} prints it. */
  public JsonObject toJson() {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("ociVersion", ociVersion)
            .put("id", id)
            .put("pid", JsonValue.of(pid))
            .put("status", status.spelling())
            .put("bundle", bundle)
            .put("rootfs", rootfs)
            .put("created", created);
    if (!annotations.isEmpty()) {
      json.put("annotations", JsonValue.ofStrings(Map.copyOf(annotations)));
    }
    return json.put("owner", owner).build();
  }
}
