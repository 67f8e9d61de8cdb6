package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.archive.LoadedTarget;
import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A stay in the store for one that reads or adds blobs as they are: nothing is swept meanwhile, and
 * what was added and not kept is swept at its end. Any thread may read and add; the one that opened
 * the session closes it.
 */
public final class StoreSession implements AutoCloseable {

  /**
   * What a name or an id means.
   *
   * @param name the name by which it was found; empty when it was by an id
   * @param target the manifest or index
   * @param images the images in it
   */
  public record Found(Optional<Reference> name, Descriptor target, List<Image> images) {
    public Found {
      images = List.copyOf(images);
    }
  }

  /** Finds by name or id, as the store does. */
  interface Finder {
    Catalog.Found find(String nameOrId) throws ImageException;
  }

  private final Books books;
  private final Books.Use use;
  private final ContentStore content;
  private final Finder finder;
  private boolean adds;

  StoreSession(Books books, ContentStore content, Finder finder) {
    this.books = books;
    this.use = books.use();
    this.content = content;
    this.finder = finder;
  }

  /** The blobs, to be read. */
  public ContentStore content() {
    return content;
  }

  /** The blobs, to be added to; what {@link #keep} does not need goes at the session's end. */
  public ContentStore adding() {
    adds = true;
    return content;
  }

  /**
   * Finds a whole target by a name, and one image by an id or by the digest of its manifest.
   *
   * @throws ImageException NOT_FOUND, AMBIGUOUS
   */
  public Found find(String nameOrId) throws ImageException {
    Catalog.Found found = finder.find(nameOrId);
    Descriptor target = found.target().target();
    boolean part =
        found.images().size() == 1
            && (found.reference().isEmpty() || isManifestDigest(nameOrId, found.images()));
    return new Found(
        found.reference(), part ? found.images().getFirst().manifest() : target, found.images());
  }

  /** What exactly a name stands for, without anything that is embedded; empty for nothing. */
  public Optional<Found> findName(Reference name) {
    return books
        .catalog()
        .target(name)
        .map(target -> new Found(Optional.of(name), target.target(), target.images()));
  }

  private static boolean isManifestDigest(String name, List<Image> images) {
    return name.endsWith("@" + images.getFirst().manifest().digest());
  }

  /** The names in the store whose targets have a blob. */
  public List<Reference> namesOf(Digest blob) {
    return books.catalog().namesOf(blob);
  }

  /** The names of a repository, sorted. */
  public List<Reference> namesIn(Reference repository) {
    return books.catalog().namesIn(repository);
  }

  /**
   * Gives a complete target names, which move if they had another one.
   *
   * @throws ImageException MALFORMED, NOT_SUPPORTED, or NOT_FOUND when a blob of it is missing
   */
  public void keep(Descriptor target, List<Reference> names) throws IOException {
    books.add(List.of(new LoadedTarget(target, names)));
  }

  /**
   * As {@link #keep}, and what the name stood for before is kept by other names only.
   *
   * @param inUse which images stay all the same
   */
  public void replace(Descriptor target, Reference name, Predicate<Digest> inUse)
      throws IOException {
    books.replace(new LoadedTarget(target, List.of(name)), inUse);
  }

  @Override
  public void close() throws IOException {
    if (adds) {
      books.sweepAfterUse();
    }
    use.close();
  }
}
