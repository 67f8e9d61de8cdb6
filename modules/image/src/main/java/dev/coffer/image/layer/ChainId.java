package dev.coffer.image.layer;

import dev.coffer.spec.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names for stacks of layers. Source: OCI image-spec config.md, "Layer ChainID". */
public final class ChainId {
  private ChainId() {}

  /** The chain id of each layer with those below it, lowest first. */
  public static List<Digest> of(List<Digest> diffIds) {
    List<Digest> chain = new ArrayList<>(diffIds.size());
    for (Digest diffId : diffIds) {
      String pair = chain.isEmpty() ? "" : chain.getLast() + " " + diffId;
      chain.add(
          chain.isEmpty() ? diffId : Digest.ofBytes(pair.getBytes(StandardCharsets.US_ASCII)));
    }
    return List.copyOf(chain);
  }
}
