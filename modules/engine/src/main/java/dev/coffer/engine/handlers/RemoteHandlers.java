package dev.coffer.engine.handlers;

import dev.coffer.engine.command.TransferCommand.DeleteRemote;
import dev.coffer.engine.command.TransferCommand.RemoteReferrers;
import dev.coffer.engine.command.TransferCommand.RemoteTags;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.copy.RepositoryOpener;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;

/** The commands on what is in registries. */
public final class RemoteHandlers {
  private final RepositoryOpener repositories;

  /** Handles with this. */
  public RemoteHandlers(RepositoryOpener repositories) {
    this.repositories = repositories;
  }

  /** Carries the command out. */
  public List<String> handle(RemoteTags command) {
    return Attempt.at(
        "cannot list the tags of \"" + command.repository() + "\"",
        () -> {
          Reference repository = Reference.parse(command.repository());
          return repositories.open(repository, command.access()).tags();
        });
  }

  /** Carries the command out. */
  public List<Descriptor> handle(RemoteReferrers command) {
    return Attempt.at(
        "cannot list the referrers of \"" + command.image() + "\"",
        () -> {
          Found found = find(command.image(), command.access());
          return found.repository.referrers(found.digest, command.artifactType()).manifests();
        });
  }

  /** Carries the command out. */
  public String handle(DeleteRemote command) {
    return Attempt.at(
        "cannot delete \"" + command.image() + "\"",
        () -> {
          Found found = find(command.image(), command.access());
          found.repository.deleteManifest(found.digest.toString());
          return found.digest.toString();
        });
  }

  private record Found(RemoteRepository repository, Digest digest) {}

  private Found find(String image, RegistryAccess access) throws IOException {
    Reference name = Reference.parse(image).orLatest();
    RemoteRepository repository = repositories.open(name, access);
    if (name.digest().isPresent()) {
      return new Found(repository, name.digest().get());
    }
    String tag = name.tag().orElseThrow();
    Descriptor target =
        repository
            .find(tag)
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND, "%s has no tag \"%s\"".formatted(repository.name(), tag)));
    return new Found(repository, target.digest());
  }
}
