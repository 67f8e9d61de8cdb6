package dev.coffer.engine.model;

import java.util.List;

/**
 * An image whose root file system is mounted on the host.
 *
 * @param id config digest, {@code sha256:…}
 * @param names familiar names that point at it; may be empty
 * @param path where it is mounted, absolute
 */
public record MountedImage(String id, List<String> names, String path) {
  public MountedImage {
    names = List.copyOf(names);
  }
}
