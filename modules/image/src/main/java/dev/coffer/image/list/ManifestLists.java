package dev.coffer.image.list;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.copy.ImagePlaces;
import dev.coffer.image.copy.ImageSource;
import dev.coffer.image.copy.PlatformChoice;
import dev.coffer.image.copy.RawManifest;
import dev.coffer.image.copy.StoreSource;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes and changes lists of manifests. A list is an index in the store under a name. A member that
 * is an image of the store is kept by the list; one of a registry stays there until the list is
 * pushed somewhere else.
 */
public final class ManifestLists {
  private final StoreSession session;
  private final ImagePlaces places;
  private final RegistryAccess access;
  private final Predicate<Digest> inUse;

  /**
   * Works within a session, speaking to registries as somebody may.
   *
   * @param inUse which images must stay although no list has them any more
   */
  public ManifestLists(
      StoreSession session, ImagePlaces places, RegistryAccess access, Predicate<Digest> inUse) {
    this.inUse = inUse;
    this.session = session;
    this.places = places;
    this.access = access;
  }

  /**
   * Makes a list, whole or not at all.
   *
   * @param amend whether to add to one that exists
   * @param all of members that are indexes take all that they list
   * @throws ImageException CONFLICT when the name is in use
   */
  public void create(Reference name, List<String> members, boolean amend, boolean all)
      throws IOException {
    Optional<StoreSession.Found> found = session.findName(name);
    List<ListMember> listed = new ArrayList<>();
    if (found.isPresent()) {
      if (!amend || !isList(found.get())) {
        throw new ImageException(
            Kind.CONFLICT,
            "cannot create manifest list \"%s\": the name is in use (%s)"
                .formatted(
                    name.familiar(),
                    isList(found.get()) ? "add to the list with --amend" : "choose another"));
      }
      listed.addAll(members(name));
    }
    for (String member : members) {
      var _ = add(listed, member, all, PlatformChange.NONE);
    }
    write(name, listed);
  }

  /**
   * Adds a manifest, or replaces what the list says of it.
   *
   * @param member a name or id in the store, a name in a registry, or {@code docker://NAME}
   * @param all of an index take all that it lists; else the one for this host
   * @param change what to say of its platform instead of what it says itself
   * @return its digest; the index's when all of one were taken
   */
  public Descriptor add(Reference list, String member, boolean all, PlatformChange change)
      throws IOException {
    List<ListMember> members = new ArrayList<>(members(list));
    Descriptor added = add(members, member, all, change);
    write(list, members);
    return added;
  }

  private Descriptor add(
      List<ListMember> members, String member, boolean all, PlatformChange change)
      throws IOException {
    Added added = find(member);
    try (ImageSource source = added.source) {
      RawManifest target = source.target();
      List<Descriptor> descriptors = new ArrayList<>();
      if (target.isIndex() && all) {
        descriptors.addAll(target.index().manifests());
      } else {
        descriptors.add(PlatformChoice.forHost(source));
      }
      for (Descriptor descriptor : descriptors) {
        ListMember one = new ListMember(descriptor, added.name, added.remote);
        members.removeIf(each -> each.descriptor().digest().equals(descriptor.digest()));
        members.add(change.isNone() ? one : one.annotated(change));
      }
      return descriptors.size() == 1 ? descriptors.getFirst() : target.descriptor();
    }
  }

  private record Added(ImageSource source, Optional<Reference> name, boolean remote) {}

  private Added find(String member) throws IOException {
    String prefix = "docker://";
    if (!member.startsWith(prefix)) {
      try {
        StoreSession.Found found = session.find(member);
        return new Added(StoreSource.find(session, member), found.name(), false);
      } catch (ImageException e) {
        if (e.kind() != Kind.NOT_FOUND || !isName(member)) {
          throw e;
        }
      }
    }
    Reference name =
        Reference.parse(member.startsWith(prefix) ? member.substring(prefix.length()) : member)
            .orLatest();
    return new Added(places.registry(name, access), Optional.of(name), true);
  }

  private static boolean isName(String text) {
    try {
      return !Reference.parse(text).path().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Changes what a list says of a member.
   *
   * @throws ImageException NOT_FOUND
   */
  public void annotate(Reference list, String member, PlatformChange change) throws IOException {
    List<ListMember> members = new ArrayList<>(members(list));
    ListMember meant = meant(list, members, member);
    members.set(members.indexOf(meant), meant.annotated(change));
    write(list, members);
  }

  /**
   * Takes a member out of a list.
   *
   * @throws ImageException NOT_FOUND
   */
  public Descriptor remove(Reference list, String member) throws IOException {
    List<ListMember> members = new ArrayList<>(members(list));
    ListMember meant = meant(list, members, member);
    members.remove(meant);
    write(list, members);
    return meant.descriptor();
  }

  private static ListMember meant(Reference list, List<ListMember> members, String text)
      throws ImageException {
    String name = text.startsWith("docker://") ? text.substring("docker://".length()) : text;
    List<ListMember> meant = members.stream().filter(each -> each.isMeant(name)).toList();
    if (meant.size() != 1) {
      throw new ImageException(
          meant.isEmpty() ? Kind.NOT_FOUND : Kind.AMBIGUOUS,
          "%s manifest \"%s\" in list \"%s\" (see coffer manifest inspect, and name it by its digest)"
              .formatted(meant.isEmpty() ? "no" : "more than one", text, list.familiar()));
    }
    return meant.getFirst();
  }

  /** A list for copying, with all its members; empty when the store has no list of that name. */
  public Optional<ImageSource> source(Reference name) throws IOException {
    Optional<StoreSession.Found> found = session.findName(name);
    if (found.isEmpty() || !isList(found.get())) {
      return Optional.empty();
    }
    StoreSource store = new StoreSource(session, name.familiar(), found.get().target());
    return Optional.of(
        new ListSource(
            name.familiar(), members(name), store, each -> places.registry(each, access)));
  }

  /** An index that came from elsewhere is the same to all who read it: it is not changed here. */
  private boolean isList(StoreSession.Found found) throws IOException {
    RawManifest target = new StoreSource(session, "", found.target()).target();
    if (!target.isIndex()) {
      return false;
    }
    List<Descriptor> listed = target.index().manifests();
    return listed.isEmpty() || listed.stream().anyMatch(ListMember::isOne);
  }

  private List<ListMember> members(Reference list) throws IOException {
    StoreSession.Found found =
        session
            .findName(list)
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND, "no such manifest list: \"" + list.familiar() + "\""));
    if (!isList(found)) {
      throw new ImageException(
          Kind.CONFLICT,
          "\"%s\" is an image and no list that was made here (coffer manifest create makes one of it: add it with --all)"
              .formatted(list.familiar()));
    }
    return new StoreSource(session, list.familiar(), found.target())
        .target().index().manifests().stream().map(ListMember::read).toList();
  }

  private void write(Reference list, List<ListMember> members) throws IOException {
    byte[] index = Json.bytes(Index.of(members.stream().map(ListMember::write).toList()).write());
    RawManifest raw = RawManifest.of(list.familiar(), index);
    var _ = session.adding().put(index);
    session.replace(raw.descriptor(), list, inUse);
  }
}
