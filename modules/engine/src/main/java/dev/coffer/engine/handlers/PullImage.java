package dev.coffer.engine.handlers;

import dev.coffer.engine.command.TransferCommand.IsHere;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.engine.command.TransferCommand.Pull;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.ImageStore;
import dev.coffer.image.pull.PullOptions;
import dev.coffer.image.pull.PullResult;
import dev.coffer.image.registry.client.Registries;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code pull}: images from registries. */
public final class PullImage {
  private final ImageStore images;
  private final Registries registries;

  /** Pulls into this store. */
  public PullImage(ImageStore images, Registries registries) {
    this.images = images;
    this.registries = registries;
  }

  /** Carries the command out. */
  public Pulled handle(Pull command) {
    return Attempt.at(
        "cannot pull \"" + command.name() + "\"",
        () -> {
          Reference name = registries.resolve(command.name(), command.access()).orLatest();
          PullResult result =
              images.pull(
                  name,
                  registries.open(name, command.access()),
                  new PullOptions(command.platform()),
                  command.listener());
          return new Pulled(
              result.reference().toString(),
              result.reference().familiar(),
              result.target(),
              result.image().map(image -> image.id().toString()),
              result.changed());
        });
  }

  /** Carries the command out. */
  public boolean handle(IsHere command) {
    return Attempt.at(
        "cannot look for \"" + command.name() + "\"",
        () -> isHere(command.name(), command.platform()));
  }

  /** Carries the command out. */
  public String handle(NameInStore command) {
    return Attempt.at(
        "cannot look for \"" + command.name() + "\"",
        () -> {
          for (Reference meaning : meanings(command)) {
            String name = meaning.orLatest().toString();
            if (isHere(name, command.platform())) {
              return name;
            }
          }
          return command.name();
        });
  }

  /** Settings that cannot be read are in nobody's way who means an image that is here. */
  private List<Reference> meanings(NameInStore command) throws IOException {
    try {
      return registries.localMeanings(command.name(), command.access());
    } catch (IOException | IllegalArgumentException malformed) {
      if (isHere(command.name(), command.platform())) {
        return List.of();
      }
      throw malformed;
    }
  }

  private boolean isHere(String name, Optional<Platform> platform) throws ImageException {
    try {
      return images.resolve(name, platform) != null;
    } catch (ImageException e) {
      boolean missing = e.kind() == Kind.NOT_FOUND || e.kind() == Kind.NO_SUCH_PLATFORM;
      // An artifact, or the beginning of several ids: whoever wants to use it will be told.
      boolean unclear = e.kind() == Kind.NOT_SUPPORTED || e.kind() == Kind.AMBIGUOUS;
      if (!missing && !unclear) {
        throw e;
      }
      return unclear;
    }
  }
}
