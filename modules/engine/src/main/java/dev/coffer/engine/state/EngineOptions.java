package dev.coffer.engine.state;

import dev.coffer.image.snapshot.SnapshotKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where an engine lives and what it is made of.
 *
 * @param dataRoot what outlives a reboot: images, containers, volumes; made when missing
 * @param runDirectory sockets and locks, gone at reboot; made when missing
 * @param nativeBinary the static program that is launcher, monitor and executor
 * @param embeddedImages directory of image archives that every data root has; empty: none
 * @param build a number that grows with every build
 * @param engineCommand what a monitor starts when its container has ended, a restart policy or
 *     {@code --rm} applies, and no engine is there; empty: nothing
 * @param snapshotter how new containers have their root file systems; empty: as the data root's
 *     file {@code snapshotter} says, else as overlays where those can be had
 */
public record EngineOptions(
    Path dataRoot,
    Path runDirectory,
    Path nativeBinary,
    Optional<Path> embeddedImages,
    long build,
    List<String> engineCommand,
    Optional<SnapshotKind> snapshotter) {

  public EngineOptions {
    engineCommand = List.copyOf(engineCommand);
  }

  private static final Path DEFAULT_ROOT = Path.of("/var/lib/coffer");
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * The control group below which this engine's containers have theirs: {@code /coffer} for the
   * default data root, {@code /coffer/r-<hash>} for another, so that no engine takes another's
   * containers for orphans.
   */
  public String cgroupParent() {
    return rootHash().map(hash -> "/coffer/r-" + hash).orElse("/coffer");
  }

  /**
   * Sixteen hexadecimal digits for what an engine makes on its host beside others; empty for the
   * default data root.
   */
  public Optional<String> rootHash() {
    if (dataRoot.equals(DEFAULT_ROOT)) {
      return Optional.empty();
    }
    long hash = FNV_OFFSET;
    for (byte each : dataRoot.toString().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return Optional.of(HexFormat.of().toHexDigits(hash));
  }
}
