package dev.coffer.testkit.registry;

import java.util.List;
import java.util.stream.Stream;

/** All that a registry can do to a client, as far as it has been thought of. */
public final class Misbehaviours {
  private Misbehaviours() {}

  /** All of them, each once. */
  public static Stream<Misbehaviour> all() {
    return Stream.of(
            ManifestMisbehaviours.all(),
            ImageMisbehaviours.all(),
            ImageMisbehaviours.hostileLayers(),
            BlobMisbehaviours.all(),
            TransportMisbehaviours.all(),
            LoginMisbehaviours.all(),
            ListMisbehaviours.all(),
            UploadMisbehaviours.all())
        .flatMap(List::stream);
  }
}
