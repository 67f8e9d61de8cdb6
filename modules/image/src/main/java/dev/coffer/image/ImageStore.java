package dev.coffer.image;

import dev.coffer.image.pull.PullOptions;
import dev.coffer.image.pull.PullResult;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The images of one data root.
 *
 * <p>A <em>blob</em> is a manifest, a config or a layer's archive, kept byte for byte as it came,
 * by its digest. A <em>reference</em> is a name for a manifest or an index. An <em>image</em> is a
 * manifest with its config and layers, for one platform; its id is the digest of its config. A
 * layer is <em>unpacked</em> once for each chain of layers that it tops, and shared by all images
 * with that chain.
 *
 * <p>What can be resolved is complete: all blobs are there. What nothing refers to is swept. A
 * process may be killed at any point; the next {@code open} finds the state before or after each
 * operation. One process at a time may have a data root open (the engine's lock sees to that);
 * within it any number of threads may call at once, and {@link #resolve} and {@link #list} neither
 * block nor touch the disk.
 *
 * <p>All methods throw {@link ImageException} for what the user can understand and {@link
 * IOException} for what the disk did.
 */
public interface ImageStore extends AutoCloseable {

  /**
   * Finds an image by reference, by id, by an unambiguous prefix of an id, or by {@code
   * name@digest}.
   *
   * @param platform what the image must run on; when empty, the best that this host runs
   * @throws ImageException NOT_FOUND, AMBIGUOUS, NO_SUCH_PLATFORM, INVALID_REQUEST
   */
  Image resolve(String nameOrId, Optional<Platform> platform) throws ImageException;

  /**
   * Finds an image by its id when no removal is under way. Who has said before that it is in use,
   * by the predicates given to {@link #remove} and {@link #prune}, finds it for as long as that
   * stays so.
   *
   * @throws ImageException NOT_FOUND
   */
  Image settled(Digest id) throws ImageException;

  /** All images, newest first, each once for each platform that the store holds. */
  List<Image> list();

  /**
   * The directories to mount, lowest layer first, unpacked if they are not yet. They stay as long
   * as the image, or a predicate given to {@link #remove} that says it is in use, keeps them.
   *
   * @throws ImageException when a layer cannot be unpacked
   */
  List<Path> layers(Image image) throws IOException;

  /**
   * Takes in the images of an archive: an OCI image layout or a docker-archive, as a tar, plain or
   * compressed by gzip or zstd. Either all images are loaded or the store is as before.
   *
   * @param platform of several platforms take only this one; when empty, all that the archive holds
   */
  LoadResult load(InputStream archive, Optional<Platform> platform) throws IOException;

  /** As the other {@code load}, from a file, or from the directory of an OCI image layout. */
  LoadResult load(Path archiveOrLayout, Optional<Platform> platform) throws IOException;

  /**
   * Writes images as a tar that is an OCI image layout and a docker-archive at once.
   *
   * @param namesOrIds what to save; a reference is written with its name, an id without
   * @param platform of several platforms save only this one
   */
  void save(List<String> namesOrIds, Optional<Platform> platform, OutputStream archive)
      throws IOException;

  /**
   * Brings an image from a registry, or finds that it is here. What of it has arrived when it fails
   * is kept for a while for the next attempt; the images of the store are as before. An interrupt
   * of the calling thread ends it.
   *
   * @param reference what to pull, whose tag is {@code latest} when it has neither tag nor digest
   * @param repository where from
   * @param listener told of what happens, from other threads
   */
  PullResult pull(
      Reference reference,
      RemoteRepository repository,
      PullOptions options,
      TransferListener listener)
      throws IOException;

  /** Makes an image of a tar of a root file system, plain or compressed. */
  Image importRootfs(InputStream archive, ImportOptions options) throws IOException;

  /**
   * Gives what a name stands for, all its platforms included, or the image of an id, another name,
   * whatever that stood for before.
   *
   * @throws ImageException NOT_FOUND, AMBIGUOUS, INVALID_REQUEST
   */
  void tag(String nameOrId, Reference reference) throws IOException;

  /**
   * Makes an image of another one and a layer on top of its own.
   *
   * @throws ImageException INVALID_REQUEST for a bad change, and what the writer throws
   */
  Image commit(Image base, LayerWriter layer, CommitOptions options) throws IOException;

  /**
   * Removes a reference, or an image by its id, and what nothing else needs.
   *
   * @throws ImageException NOT_FOUND, AMBIGUOUS, or CONFLICT: the image has several names or is in
   *     use
   */
  List<Removed> remove(String nameOrId, RemoveOptions options) throws IOException;

  /**
   * Removes all images that no reference names and {@code inUse} does not keep, and what broken
   * pulls have left unless one is under way.
   */
  List<Removed> prune(Predicate<Digest> inUse) throws IOException;

  /**
   * How much of the disk is taken.
   *
   * @param inUse whether an image, by its id, is in use
   */
  StoreUse use(Predicate<Digest> inUse) throws IOException;

  /** What is in the store and no image, by name. */
  List<Artifact> artifacts() throws IOException;

  /** The artifact that a name or an id stands for; empty when that is an image, or nothing. */
  Optional<Artifact> artifact(String nameOrId) throws IOException;

  /** The layers of an image, lowest first. */
  List<ImageLayer> layersOf(Image image) throws ImageException;

  /**
   * The images that a name stands for, in the order of its index, those among them that are not
   * here, too; or the one of an id. None for an artifact.
   *
   * @throws ImageException NOT_FOUND, AMBIGUOUS
   */
  List<Variant> variants(String nameOrId) throws IOException;

  /** The steps that made an image, newest first. */
  List<HistoryStep> history(Image image) throws ImageException;

  @Override
  void close();
}
