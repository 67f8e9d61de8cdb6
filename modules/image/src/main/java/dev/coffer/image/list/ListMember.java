package dev.coffer.image.list;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One manifest of a list.
 *
 * @param descriptor what the list says of it to others
 * @param name under which name it was added
 * @param remote whether that is a name in a registry, from where it is fetched when it is needed
 */
record ListMember(Descriptor descriptor, Optional<Reference> name, boolean remote) {
  /** Only in the store: what is shown and pushed does not have them. */
  private static final String LOCAL = "dev.coffer.list.local";

  private static final String REMOTE = "dev.coffer.list.remote";

  /** Whether it is of a list that was made here, and not of an index that came from elsewhere. */
  static boolean isOne(Descriptor stored) {
    return stored.annotations().containsKey(LOCAL) || stored.annotations().containsKey(REMOTE);
  }

  static ListMember read(Descriptor stored) {
    Map<String, String> annotations = new HashMap<>(stored.annotations());
    Optional<String> local = Optional.ofNullable(annotations.remove(LOCAL));
    Optional<String> remote = Optional.ofNullable(annotations.remove(REMOTE));
    return new ListMember(
        stored.withAnnotations(annotations),
        remote.or(() -> local).filter(name -> !name.isEmpty()).map(Reference::parse),
        remote.isPresent());
  }

  /** The descriptor as the store has it. */
  Descriptor write() {
    Map<String, String> annotations = new HashMap<>(descriptor.annotations());
    annotations.put(remote ? REMOTE : LOCAL, name.map(Reference::toString).orElse(""));
    return descriptor.withAnnotations(annotations);
  }

  /** Whether a user means it: by its digest, or by its name. */
  boolean isMeant(String text) {
    if (text.equals(descriptor.digest().toString())) {
      return true;
    }
    try {
      Reference meant = Reference.parse(text).orLatest();
      return meant.digest().isPresent()
          ? meant.digest().get().equals(descriptor.digest())
          : name.filter(meant::equals).isPresent();
    } catch (IllegalArgumentException notAName) {
      return false;
    }
  }

  /** The same with what a user says of its platform. */
  ListMember annotated(PlatformChange change) {
    return new ListMember(
        descriptor.withPlatform(change.applyTo(descriptor.platform())), name, remote);
  }
}
