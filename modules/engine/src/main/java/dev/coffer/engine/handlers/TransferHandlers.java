package dev.coffer.engine.handlers;

import dev.coffer.engine.command.TransferCommand.Copy;
import dev.coffer.engine.command.TransferCommand.NamesInStore;
import dev.coffer.engine.command.TransferCommand.Push;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.CopyResult;
import dev.coffer.image.copy.ImageCopier;
import dev.coffer.image.copy.ImageDestination;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.ImagePlaces;
import dev.coffer.image.copy.ImageSource;
import dev.coffer.image.copy.StoreSource;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.image.store.StoreSession;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The commands that bring images from one place to another. */
public final class TransferHandlers {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final LocalImageStore store;
  private final ImagePlaces places;

  /** Handles with these. */
  public TransferHandlers(LocalImageStore store, ImagePlaces places) {
    this.store = store;
    this.places = places;
  }

  /** Carries the command out. */
  public Transferred handle(Push command) {
    return Attempt.at(
        "cannot push \"" + command.image() + "\"",
        () -> {
          ImageLocation to =
              command.destination().isPresent()
                  ? command.destination().get()
                  : new ImageLocation.Registry(ownName(command.image()));
          try (StoreSession session = store.session();
              ImageSource source = StoreSource.find(session, command.image());
              ImageDestination destination = places.destination(to, session, command.access())) {
            return run(source, destination, to, command.options(), command.progress());
          }
        });
  }

  private static Reference ownName(String image) {
    Reference name = Reference.parse(image).orLatest();
    if (name.digest().isPresent()) {
      throw new IllegalArgumentException(
          "a name with a digest cannot be pushed: the digest follows from the image (name a tag, or a destination)");
    }
    return name;
  }

  static Transferred run(
      ImageSource source,
      ImageDestination destination,
      ImageLocation to,
      CopyOptions options,
      TransferListener progress)
      throws IOException {
    CopyResult result = ImageCopier.copy(source, destination, options, progress);
    Optional<String> tag =
        to instanceof ImageLocation.Registry(Reference reference)
            ? reference.tag()
            : Optional.empty();
    return new Transferred(to.shown(), tag, result.target(), result.partOf());
  }

  /** Carries the command out. */
  public List<String> handle(NamesInStore command) {
    String what = "cannot push the tags of \"" + command.repository() + "\"";
    return Attempt.at(
        what,
        () -> {
          Reference repository = Reference.parse(command.repository());
          if (repository.tag().isPresent() || repository.digest().isPresent()) {
            throw new IllegalArgumentException("all tags are meant: name the repository alone");
          }
          try (StoreSession session = store.session()) {
            List<Reference> names =
                session.namesIn(repository).stream()
                    .filter(name -> name.tag().isPresent())
                    .toList();
            if (names.isEmpty()) {
              throw new ImageException(
                  Kind.NOT_FOUND, "no image of this repository is in the store");
            }
            return names.stream().map(Reference::familiar).toList();
          }
        });
  }

  /** Carries the command out. */
  public Transferred handle(Copy command) {
    String what = "cannot copy " + command.from().shown() + " to " + command.to().shown();
    return Attempt.at(
        what,
        () -> {
          Duration pause = FIRST_PAUSE;
          for (int left = command.retries(); ; left--) {
            try {
              return copy(command);
            } catch (ImageException e) {
              if (left <= 0 || e.kind() != Kind.UNAVAILABLE) {
                throw e;
              }
              pause(pause);
              pause = pause.multipliedBy(2);
            }
          }
        });
  }

  private Transferred copy(Copy command) throws IOException {
    try (StoreSession session = store.session();
        ImageSource source = places.source(command.from(), session, command.fromAccess());
        ImageDestination destination =
            places.destination(command.to(), session, command.toAccess())) {
      return run(source, destination, command.to(), command.options(), command.progress());
    }
  }

  private static void pause(Duration pause) throws IOException {
    try {
      boolean _ = new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("the copy was interrupted").initCause(e);
    }
  }
}
