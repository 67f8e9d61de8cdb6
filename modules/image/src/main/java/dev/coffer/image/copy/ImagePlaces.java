package dev.coffer.image.copy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.archive.ArchiveLoader;
import dev.coffer.image.archive.LoadedTarget;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Opens locations for reading and writing. */
public final class ImagePlaces {
  private final RepositoryOpener repositories;
  private final ArchiveLimits limits;
  private final UploadsUnderWay uploads = new UploadsUnderWay();

  /** Opens with these; all that push in one process share one of this. */
  public ImagePlaces(RepositoryOpener repositories, ArchiveLimits limits) {
    this.repositories = repositories;
    this.limits = limits;
  }

  /** Opens for reading, as long as the session lasts. */
  public ImageSource source(ImageLocation location, StoreSession session, RegistryAccess access)
      throws IOException {
    return switch (location) {
      case ImageLocation.Registry(Reference reference) -> registry(reference, access);
      case ImageLocation.Store(String nameOrId) -> StoreSource.find(session, nameOrId);
      case ImageLocation.Layout(String shown, Path path, Optional<String> tag) ->
          new LayoutSource(shown, path, tag);
      case ImageLocation.OciArchive(String shown, Path path, Optional<String> tag) ->
          archive(
              session,
              shown,
              path,
              target -> tag.isEmpty() || target.spellings().contains(tag.get()));
      case ImageLocation.DockerArchive(String shown, Path path, Optional<Reference> reference) ->
          archive(
              session,
              shown,
              path,
              target -> reference.isEmpty() || target.names().contains(reference.get()));
      case ImageLocation.Directory(String shown, Path path) -> new DirectorySource(shown, path);
    };
  }

  /** An image of a registry. */
  public ImageSource registry(Reference reference, RegistryAccess access) throws IOException {
    return new RegistrySource(repositories.open(reference, access), reference);
  }

  /** A name in a registry. */
  public ImageDestination destination(Reference reference, RegistryAccess access)
      throws IOException {
    return new RegistryDestination(repositories.open(reference, access), reference, uploads);
  }

  private ImageSource archive(
      StoreSession session, String shown, Path file, Predicate<LoadedTarget> wanted)
      throws IOException {
    List<LoadedTarget> targets;
    try (InputStream in = Files.newInputStream(file)) {
      targets = new ArchiveLoader(session.adding(), limits).load(in, Optional.empty());
    } catch (NoSuchFileException e) {
      throw new ImageException(Kind.NOT_FOUND, "cannot open %s: no such file".formatted(shown), e);
    }
    List<LoadedTarget> found = targets.stream().filter(wanted).toList();
    if (found.size() != 1) {
      String has =
          targets.stream()
              .flatMap(
                  target ->
                      target.names().isEmpty()
                          ? target.spellings().stream()
                          : target.names().stream().map(Reference::familiar))
              .collect(Collectors.joining(", "));
      throw new ImageException(
          found.isEmpty() ? Kind.NOT_FOUND : Kind.AMBIGUOUS,
          "cannot choose an image of %s: it has %s"
              .formatted(shown, has.isEmpty() ? targets.size() + " without names" : has));
    }
    return new StoreSource(session, shown, found.getFirst().target());
  }

  /** Opens for writing, as long as the session lasts. */
  public ImageDestination destination(
      ImageLocation location, StoreSession session, RegistryAccess access) throws IOException {
    return switch (location) {
      case ImageLocation.Registry(Reference reference) -> destination(reference, access);
      case ImageLocation.Store(String name) ->
          new StoreDestination(session, Reference.parse(name).orLatest());
      case ImageLocation.Layout(String shown, Path path, Optional<String> tag) ->
          new LayoutDestination(shown, path, tag);
      case ImageLocation.OciArchive(String shown, Path path, Optional<String> tag) ->
          new ArchiveDestination(session, shown, path, List.of(), tag);
      case ImageLocation.DockerArchive(String shown, Path path, Optional<Reference> reference) ->
          new ArchiveDestination(
              session, shown, path, reference.stream().toList(), Optional.empty());
      case ImageLocation.Directory(String shown, Path path) ->
          new DirectoryDestination(shown, path);
    };
  }
}
