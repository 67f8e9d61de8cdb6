package dev.coffer.engine.state;

import dev.coffer.kernel.AtomicFile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Containers on disk, below a data root that this engine has locked.
 *
 * <p>The order of steps makes every prefix of them a state that the next {@link #load} finishes or
 * undoes; docs/contributors/state.md lists them. A container exists from the moment that its {@code
 * container.json} has its name until its directory has been renamed into {@code trash/}.
 */
public final class StateStore {

  /** What Docker records where it does not know. */
  private static final int UNKNOWN_END = 255;

  private final Path containers;
  private final Path names;
  private final Path trash;

  private StateStore(Path root) {
    this.containers = root.resolve("containers");
    this.names = root.resolve("names");
    this.trash = root.resolve("trash").resolve("containers");
  }

  /** Opens the store, making its directories where they are missing. */
  public static StateStore open(Path root) throws IOException {
    StateStore store = new StateStore(root);
    Files.createDirectories(store.containers);
    Files.createDirectories(store.names);
    Files.createDirectories(store.trash);
    return store;
  }

  /** A container as found on disk; its monitor may know more. */
  public record Found(ContainerConfig config, ContainerState state, Membership membership) {}

  /**
   * What {@link #load} found.
   *
   * @param unread names by id of those that were left unread
   * @param damaged what it could not read, one line each; left as it is for a person to look at
   */
  public record Contents(
      List<Found> containers, Map<String, String> unread, List<String> damaged) {}

  /** Reads all containers, undoes half-made ones, and makes the names agree with them. */
  public Contents load() throws IOException {
    return load(Map.of());
  }

  /**
   * The same, but for those that are known to be at rest.
   *
   * @param atRest names by id; one that is not there any more is passed over
   */
  public Contents load(Map<String, String> atRest) throws IOException {
    List<Found> found = new ArrayList<>();
    Map<String, String> unread = new HashMap<>();
    List<String> damaged = new ArrayList<>();
    for (String id : list(containers)) {
      if (atRest.containsKey(id)) {
        unread.put(id, atRest.get(id));
        continue;
      }
      ContainerDirectory directory = directory(id);
      if (!Files.exists(directory.config())) {
        discard(id);
        continue;
      }
      try {
        found.add(read(directory));
      } catch (SpecException e) {
        damaged.add("cannot read container " + id + ": " + e.getMessage());
      }
    }
    repairNames(found, unread, damaged.isEmpty());
    return new Contents(List.copyOf(found), Map.copyOf(unread), List.copyOf(damaged));
  }

  /**
   * Reads one container.
   *
   * @throws SpecException where its files cannot be understood
   */
  public Found read(String id) throws IOException {
    return read(directory(id));
  }

  private static Found read(ContainerDirectory directory) throws IOException {
    ContainerConfig config = RecordJson.read(ContainerConfig.class, document(directory.config()));
    return new Found(config, state(directory), membership(directory, config));
  }

  private static Membership membership(ContainerDirectory directory, ContainerConfig config)
      throws IOException {
    boolean connected = config.request().network().isConnected();
    if (!connected || !Files.exists(directory.network())) {
      return connected ? Membership.asked(config) : Membership.NONE;
    }
    try {
      return RecordJson.read(Membership.class, document(directory.network()));
    } catch (SpecException lostToPowerCut) {
      return Membership.asked(config);
    }
  }

  /** What a power cut took away of it must not take the container away. */
  private static ContainerState state(ContainerDirectory directory) throws IOException {
    if (!Files.exists(directory.state())) {
      return ContainerState.CREATED;
    }
    try {
      return RecordJson.read(ContainerState.class, document(directory.state()));
    } catch (SpecException e) {
      return ContainerState.CREATED.ended(UNKNOWN_END, false, Instant.now(), "its state was lost");
    }
  }

  private static JsonCursor document(Path file) throws IOException {
    return JsonCursor.read(file.toString(), Files.readAllBytes(file), Limits.STATE);
  }

  private void repairNames(List<Found> found, Map<String, String> unread, boolean complete)
      throws IOException {
    Map<String, String> wanted = new HashMap<>();
    found.forEach(each -> wanted.put(each.config().name(), each.config().id()));
    Set<String> known = new HashSet<>(unread.values());
    for (String name : list(names)) {
      if (known.contains(name)) {
        continue;
      }
      boolean agrees =
          wanted.containsKey(name) && holder(name).equals(Optional.of(wanted.get(name)));
      if (agrees) {
        wanted.remove(name);
      } else if (complete || holder(name).filter(id -> Files.exists(container(id))).isEmpty()) {
        release(name);
      }
    }
    for (Map.Entry<String, String> missing : wanted.entrySet()) {
      boolean reserved = reserve(missing.getKey(), missing.getValue());
      if (!reserved) {
        throw new IOException("name \"" + missing.getKey() + "\" is held by another container");
      }
    }
  }

  private Optional<String> holder(String name) throws IOException {
    Path link = names.resolve(name);
    return Files.isSymbolicLink(link)
        ? Optional.of(Files.readSymbolicLink(link).getFileName().toString())
        : Optional.empty();
  }

  /**
   * Reserves a name. The entry is a symbolic link to the container: made whole or not at all.
   *
   * @return false when it is taken
   */
  public boolean reserve(String name, String id) throws IOException {
    try {
      Files.createSymbolicLink(names.resolve(name), Path.of("..", "containers", id));
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
    }
  }

  /** Gives a name back. */
  public void release(String name) throws IOException {
    Files.deleteIfExists(names.resolve(name));
  }

  /** Makes a container's directory; it does not count as one yet. */
  public ContainerDirectory prepare(String id) throws IOException {
    ContainerDirectory directory = directory(id);
    Files.createDirectory(directory.path());
    return directory;
  }

  /** Writes {@code container.json}: from here on the container exists. */
  public void saveConfig(ContainerConfig config) throws IOException {
    AtomicFile.write(
        directory(config.id()).config(),
        Json.bytes(RecordJson.write(config)),
        !config.isEphemeral());
  }

  /** Writes {@code state.json}. Losing it to a power cut loses no data of the user: no sync. */
  public void saveState(String id, ContainerState state) throws IOException {
    AtomicFile.write(directory(id).state(), Json.bytes(RecordJson.write(state)), false);
  }

  /** Writes {@code network.json}. Losing it to a power cut loses what was changed since create. */
  public void saveMembership(String id, Membership membership) throws IOException {
    AtomicFile.write(directory(id).network(), Json.bytes(RecordJson.write(membership)), false);
  }

  /** Writes the spec of a start, for people to read. */
  public void saveSpec(String id, JsonObject spec) throws IOException {
    AtomicFile.write(directory(id).spec(), Json.bytes(spec), false);
  }

  /** Moves a container out of the way at once: it does not exist any more. */
  public void discard(String id) throws IOException {
    try {
      Files.move(container(id), trash.resolve(id), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException gone) {
      // Removed by an earlier try.
    }
  }

  /** What waits to be deleted. */
  public List<Path> discarded() throws IOException {
    return list(trash).stream().map(trash::resolve).toList();
  }

  /** Where a discarded container's files are. */
  public Path discarded(String id) {
    return trash.resolve(id);
  }

  /** A container's directory. */
  public ContainerDirectory directory(String id) {
    return new ContainerDirectory(container(id));
  }

  private Path container(String id) {
    return containers.resolve(id);
  }

  private static List<String> list(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names;
  }
}
