package dev.coffer.engine.state;

import java.nio.file.Path;
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
 */
public record EngineOptions(
    Path dataRoot,
    Path runDirectory,
    Path nativeBinary,
    Optional<Path> embeddedImages,
    long build,
    List<String> engineCommand) {

  public EngineOptions {
    engineCommand = List.copyOf(engineCommand);
  }

  /** The directory of a monitor's socket and lock. */
  public Path monitorDirectory(String id) {
    return runDirectory.resolve("m").resolve(id);
  }
}
