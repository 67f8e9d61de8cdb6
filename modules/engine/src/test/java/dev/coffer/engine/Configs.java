package dev.coffer.engine;

import dev.coffer.engine.create.MountJoin;
import dev.coffer.engine.create.RequestJoin;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.image.Image;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Configs of containers for tests that need no image store. */
public final class Configs {

  public static final Instant CREATED = Instant.parse("2026-05-01T12:00:00Z");

  private Configs() {}

  /** An id whose first digits are the given ones. */
  public static String id(String prefix) {
    return prefix + "0".repeat(64 - prefix.length());
  }

  /** A config of a busybox container that runs one command. */
  public static ContainerConfig config(String prefix, String name, String... command) {
    return config(prefix, name, ContainerRequests.of("busybox", List.of(command)));
  }

  public static ContainerConfig config(String prefix, String name, ContainerRequest request) {
    MountJoin mounts = new MountJoin(volume -> "/v/" + volume + "/_data", () -> "anonymous");
    Image image = image();
    return RequestJoin.join(
        id(prefix),
        name,
        CREATED,
        request,
        image,
        mounts.join(request.mounts(), image.config().defaults().volumes()),
        prefix);
  }

  /** An image with something in every part. */
  public static Image image() {
    ContainerDefaults defaults =
        new ContainerDefaults(
            "",
            Set.of("80/tcp"),
            List.of("PATH=/bin", "LANG=C"),
            List.of("/entry"),
            List.of("serve"),
            Set.of("/data"),
            "/work",
            Map.of("kind", "image", "from", "image"),
            Optional.of("SIGINT"),
            Optional.empty(),
            List.of(),
            List.of(),
            JsonObject.EMPTY);
    Digest digest = Digest.ofBytes(new byte[] {1});
    ImageConfig config =
        new ImageConfig(
            Optional.of(CREATED),
            "",
            Platform.host(),
            defaults,
            List.of(digest),
            List.of(),
            JsonObject.EMPTY);
    Descriptor manifest = Descriptor.of(MediaTypes.OCI_MANIFEST, digest, 1);
    return new Image(digest, List.of(), config, manifest, List.of(digest), 1);
  }
}
