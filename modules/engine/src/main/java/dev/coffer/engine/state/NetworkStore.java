package dev.coffer.engine.state;

import dev.coffer.kernel.AtomicFile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks on disk: {@code networks/<id>.json} below a data root that this engine has locked. A
 * network exists while its file does.
 */
public final class NetworkStore {

  private final Path networks;

  /** The networks of a data root. */
  public NetworkStore(Path dataRoot) {
    this.networks = dataRoot.resolve("networks");
  }

  /** All of them; one that cannot be read is left for a person to look at. */
  public List<NetworkRecord> load() throws IOException {
    List<NetworkRecord> records = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(networks, "*.json")) {
      for (Path file : files) {
        try {
          records.add(read(file));
        } catch (SpecException e) {
          System.getLogger(NetworkStore.class.getName())
              .log(Level.ERROR, "cannot read network " + file, e);
        }
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return records;
  }

  private static NetworkRecord read(Path file) throws IOException {
    return RecordJson.read(
        NetworkRecord.class,
        JsonCursor.read(file.toString(), Files.readAllBytes(file), Limits.STATE));
  }

  /** Writes one that is new; it is on disk for certain when this returns. */
  public void save(NetworkRecord network) throws IOException {
    Files.createDirectories(networks);
    AtomicFile.write(file(network.id()), Json.bytes(RecordJson.write(network)), true);
  }

  /** Forgets one. */
  public void remove(String id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  private Path file(String id) {
    return networks.resolve(id + ".json");
  }
}
