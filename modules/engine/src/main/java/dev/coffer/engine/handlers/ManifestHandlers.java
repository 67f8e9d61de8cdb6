package dev.coffer.engine.handlers;

import dev.coffer.engine.command.TransferCommand.AddToList;
import dev.coffer.engine.command.TransferCommand.AnnotateList;
import dev.coffer.engine.command.TransferCommand.CreateList;
import dev.coffer.engine.command.TransferCommand.PushList;
import dev.coffer.engine.command.TransferCommand.RemoveFromList;
import dev.coffer.engine.command.TransferCommand.RemoveList;
import dev.coffer.engine.command.TransferCommand.ShowManifest;
import dev.coffer.engine.model.ManifestView;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.copy.ImageDestination;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.ImagePlaces;
import dev.coffer.image.copy.ImageSource;
import dev.coffer.image.copy.RawManifest;
import dev.coffer.image.list.ManifestLists;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The commands on manifests and lists of them. */
public final class ManifestHandlers {
  private final LocalImageStore store;
  private final ImagePlaces places;
  private final Predicate<Digest> inUse;

  /** A change reads the list, asks a registry, and writes: one after the other. */
  private final ReentrantLock changes = new ReentrantLock();

  /**
   * Handles with these.
   *
   * @param inUse which images containers need
   */
  public ManifestHandlers(LocalImageStore store, ImagePlaces places, Predicate<Digest> inUse) {
    this.store = store;
    this.places = places;
    this.inUse = inUse;
  }

  private interface Work<T> {
    T run(ManifestLists lists, StoreSession session) throws IOException;
  }

  private <T> T with(RegistryAccess access, Work<T> work) throws IOException {
    try (StoreSession session = store.session()) {
      return work.run(new ManifestLists(session, places, access, inUse), session);
    }
  }

  private <T> T changing(RegistryAccess access, Work<T> work) throws IOException {
    changes.lock();
    try {
      return with(access, work);
    } finally {
      changes.unlock();
    }
  }

  private <T> T changing(Work<T> work) throws IOException {
    return changing(RegistryAccess.of(Map.of()), work);
  }

  /** Carries the command out. */
  public String handle(CreateList command) {
    return Attempt.at(
        "cannot create manifest list \"" + command.list() + "\"",
        () -> {
          Reference list = name(command.list());
          return changing(
              command.access(),
              (lists, _) -> {
                lists.create(list, command.members(), command.amend(), command.all());
                return list.toString();
              });
        });
  }

  private static Reference name(String list) {
    Reference name = Reference.parse(list).orLatest();
    if (name.digest().isPresent()) {
      throw new IllegalArgumentException("a list has a tag and no digest");
    }
    return name;
  }

  /** Carries the command out. */
  public String handle(AddToList command) {
    return Attempt.at(
        "cannot add \"" + command.member() + "\" to manifest list \"" + command.list() + "\"",
        () ->
            changing(
                command.access(),
                (lists, _) ->
                    lists
                        .add(
                            name(command.list()), command.member(), command.all(), command.change())
                        .digest()
                        .toString()));
  }

  /** Carries the command out. */
  public Void handle(AnnotateList command) {
    return Attempt.at(
        "cannot annotate manifest list \"" + command.list() + "\"",
        () ->
            changing(
                (lists, _) -> {
                  lists.annotate(name(command.list()), command.member(), command.change());
                  return null;
                }));
  }

  /** Carries the command out. */
  public String handle(RemoveFromList command) {
    return Attempt.at(
        "cannot remove \"" + command.member() + "\" from manifest list \"" + command.list() + "\"",
        () ->
            changing(
                (lists, _) ->
                    lists.remove(name(command.list()), command.member()).digest().toString()));
  }

  /** Carries the command out. */
  public Void handle(RemoveList command) {
    return Attempt.at(
        "cannot remove manifest list \"" + command.list() + "\"",
        () -> {
          remove(name(command.list()));
          return null;
        });
  }

  private void remove(Reference list) throws IOException {
    changing(
        (lists, _) -> {
          try (ImageSource _ = open(lists, list)) {
            return null;
          }
        });
    var _ = store.remove(list.toString(), new RemoveOptions(true, inUse));
  }

  private static ImageSource open(ManifestLists lists, Reference list) throws IOException {
    return lists
        .source(list)
        .orElseThrow(
            () ->
                new ImageException(
                    Kind.NOT_FOUND, "no such manifest list: \"" + list.familiar() + "\""));
  }

  /** Carries the command out. */
  public Transferred handle(PushList command) {
    return Attempt.at(
        "cannot push manifest list \"" + command.list() + "\"",
        () -> {
          Reference list = name(command.list());
          ImageLocation to = command.destination().orElse(new ImageLocation.Registry(list));
          Transferred pushed =
              with(
                  command.access(),
                  (lists, session) -> {
                    try (ImageSource source = open(lists, list);
                        ImageDestination destination =
                            places.destination(to, session, command.access())) {
                      return TransferHandlers.run(
                          source, destination, to, command.options(), command.progress());
                    }
                  });
          if (command.remove()) {
            remove(list);
          }
          return pushed;
        });
  }

  /** Carries the command out. */
  public ManifestView handle(ShowManifest command) {
    return Attempt.at(
        "cannot inspect manifest \"" + command.image() + "\"",
        () ->
            with(
                command.access(),
                (lists, session) -> {
                  try (ImageSource source = source(command, lists, session)) {
                    return view(source, command.whole());
                  }
                }));
  }

  private ImageSource source(ShowManifest command, ManifestLists lists, StoreSession session)
      throws IOException {
    boolean bare =
        command.location() instanceof ImageLocation.Store(String name)
            && name.equals(command.image());
    if (!bare) {
      return places.source(command.location(), session, command.access());
    }
    Reference name = Reference.parse(command.image()).orLatest();
    Optional<ImageSource> list = lists.source(name);
    return list.isPresent() ? list.get() : places.registry(name, command.access());
  }

  private static ManifestView view(ImageSource source, boolean whole) throws IOException {
    RawManifest target = source.target();
    List<RawManifest> children = new ArrayList<>();
    if (whole && target.isIndex()) {
      for (Descriptor listed : target.index().manifests()) {
        source.manifest(listed).ifPresent(children::add);
      }
    }
    return new ManifestView(source.name(), target, children);
  }
}
