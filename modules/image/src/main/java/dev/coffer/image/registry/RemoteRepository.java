package dev.coffer.image.registry;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One repository of a registry, such as {@code library/busybox} at {@code docker.io}.
 *
 * <p>What is read may come from a mirror; what is written goes to the registry itself. Whoever
 * answers is a stranger: sizes are bounded, and a manifest is returned only when its bytes have the
 * digest that was asked for. A request that fails at a mirror is made at the next one; at the
 * registry itself it is repeated a few times when the failure may pass (no connection, a 5xx, a
 * 429), before it fails for the caller. Authentication happens inside, once for each scope.
 *
 * <p>Any number of threads may call. An interrupt of the calling thread ends a call soon, with an
 * {@link java.io.InterruptedIOException}.
 *
 * <p>All methods throw {@link dev.coffer.image.ImageException}: NOT_FOUND when the registry says
 * so, UNAUTHORIZED when it wants other credentials, UNAVAILABLE when it cannot be reached or keeps
 * failing, MALFORMED, DIGEST_MISMATCH, LIMIT_EXCEEDED and NOT_SUPPORTED for answers that are wrong.
 * Each message names the registry's host and the object.
 *
 * <p>Source: OCI distribution-spec 1.1.
 */
public interface RemoteRepository {

  /** Registry and path in the form that users know, such as {@code localhost:5000/app}. */
  String name();

  /**
   * Fetches a manifest or an index.
   *
   * @param tagOrDigest a tag, or the text form of a digest
   */
  RemoteManifest manifest(String tagOrDigest) throws IOException;

  /** Asks for a manifest's descriptor without its bytes; empty when the registry has none. */
  Optional<Descriptor> find(String tagOrDigest) throws IOException;

  /**
   * Opens a blob for reading. Its bytes are not verified: the reader does that.
   *
   * @param blob what to read; its {@code urls} are tried when the registry does not have it
   * @param offset the first byte wanted
   * @param length how many bytes are wanted at most
   */
  BlobBody blob(Descriptor blob, long offset, long length) throws IOException;

  /**
   * What was sent of a blob has proven wrong: mirrors that sent of it are passed by for a while.
   *
   * @return whether somebody else can be asked now
   */
  boolean distrust(Digest blob);

  /** Whether the registry has a blob. */
  boolean has(Digest blob) throws IOException;

  /**
   * Asks the registry to take a blob from another of its repositories.
   *
   * @param from the path of the other repository
   * @return whether it is here now; if not, it must be uploaded
   */
  boolean mount(Digest blob, String from) throws IOException;

  /**
   * Uploads a blob, in one request or, where a registry wants that, in chunks. An upload that
   * breaks is gone on with.
   *
   * @param blob its digest and size
   * @param content its bytes, which may be read more than once
   */
  void upload(Descriptor blob, BlobContent content) throws IOException;

  /** Stores a manifest or an index whose blobs are there. */
  void put(String tagOrDigest, String mediaType, byte[] manifest) throws IOException;

  /** All tags, in the registry's order. */
  List<String> tags() throws IOException;

  /** Deletes a manifest by digest, or a tag where the registry can. */
  void deleteManifest(String tagOrDigest) throws IOException;

  /** Deletes a blob. */
  void deleteBlob(Digest blob) throws IOException;

  /**
   * The manifests that say something about another one: by the referrers API, or by its tag scheme
   * where a registry does not have that.
   *
   * @param artifactType only those of this type, when given
   */
  Index referrers(Digest subject, Optional<String> artifactType) throws IOException;
}
