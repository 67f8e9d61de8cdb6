package dev.coffer.engine.command;

import dev.coffer.engine.model.ManifestView;
import dev.coffer.engine.model.Pulled;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.list.PlatformChange;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Platform;
import java.util.List;
import java.util.Optional;

/**
 * Commands that bring images from one place to another, and on what is in registries. {@code
 * access} says on whose behalf a registry is spoken to.
 *
 * @param <R> what the command answers
 */
public sealed interface TransferCommand<R> extends Command<R> {

  /**
   * Pushes an image.
   *
   * @param image a name in the store, or an id with a destination
   * @param destination where to; when empty, to the registry of the name
   */
  record Push(
      String image,
      Optional<ImageLocation> destination,
      CopyOptions options,
      RegistryAccess access,
      TransferListener progress)
      implements TransferCommand<Transferred> {}

  /**
   * Pulls an image, or finds that the store has what the registry has.
   *
   * @param name as the user gave it
   * @param platform what it must run on; the best that this host runs when empty
   */
  record Pull(
      String name, Optional<Platform> platform, RegistryAccess access, TransferListener listener)
      implements TransferCommand<Pulled> {}

  /** Whether an image is in the store, for a platform if one is given. */
  record IsHere(String name, Optional<Platform> platform) implements TransferCommand<Boolean> {}

  /**
   * The name by which the store has what a user means: that of a configured meaning of a short name
   * if the store has it, else the name as it was given, whether there is such an image or not.
   */
  record NameInStore(String name, Optional<Platform> platform, RegistryAccess access)
      implements TransferCommand<String> {}

  /** The names that the store has of a repository, sorted. */
  record NamesInStore(String repository) implements TransferCommand<List<String>> {}

  /**
   * Copies an image.
   *
   * @param retries how often to begin again after a failure that may pass; what has arrived by then
   *     is not sent again
   */
  record Copy(
      ImageLocation from,
      RegistryAccess fromAccess,
      ImageLocation to,
      RegistryAccess toAccess,
      CopyOptions options,
      int retries,
      TransferListener progress)
      implements TransferCommand<Transferred> {}

  /** Makes a list of manifests; answers its name. */
  record CreateList(
      String list, List<String> members, boolean amend, boolean all, RegistryAccess access)
      implements TransferCommand<String> {}

  /** Adds a member to a list; answers its digest. */
  record AddToList(
      String list, String member, boolean all, PlatformChange change, RegistryAccess access)
      implements TransferCommand<String> {}

  /** Changes what a list says of a member. */
  record AnnotateList(String list, String member, PlatformChange change)
      implements TransferCommand<Void> {}

  /** Takes a member out of a list; answers its digest. */
  record RemoveFromList(String list, String member) implements TransferCommand<String> {}

  /** Removes a list, and what only it has kept. */
  record RemoveList(String list) implements TransferCommand<Void> {}

  /**
   * Pushes a list with all its members.
   *
   * @param destination where to; when empty, to the registry of its name
   * @param remove whether to remove the list when it is there
   */
  record PushList(
      String list,
      Optional<ImageLocation> destination,
      CopyOptions options,
      boolean remove,
      RegistryAccess access,
      TransferListener progress)
      implements TransferCommand<Transferred> {}

  /**
   * Reads a manifest: of a list that was made here, else of a registry.
   *
   * @param image a name, or a location
   * @param whole whether the manifests that an index lists are wanted, too
   */
  record ShowManifest(String image, ImageLocation location, boolean whole, RegistryAccess access)
      implements TransferCommand<ManifestView> {}

  /** The tags of a registry's repository, in its order. */
  record RemoteTags(String repository, RegistryAccess access)
      implements TransferCommand<List<String>> {}

  /** What a registry has about one of its manifests. */
  record RemoteReferrers(String image, Optional<String> artifactType, RegistryAccess access)
      implements TransferCommand<List<Descriptor>> {}

  /** Deletes a manifest of a registry, with all its tags; answers its digest. */
  record DeleteRemote(String image, RegistryAccess access) implements TransferCommand<String> {}
}
