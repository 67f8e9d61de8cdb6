package dev.coffer.engine.model;

import dev.coffer.image.copy.RawManifest;
import java.util.List;

/**
 * A manifest to look at.
 *
 * @param name under which it was found
 * @param target the manifest or index
 * @param children the manifests that an index lists, when they were asked for
 */
public record ManifestView(String name, RawManifest target, List<RawManifest> children) {
  public ManifestView {
    children = List.copyOf(children);
  }
}
