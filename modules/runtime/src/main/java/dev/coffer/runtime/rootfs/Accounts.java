package dev.coffer.runtime.rootfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The users and groups of an image: its {@code /etc/passwd} and {@code /etc/group}, see passwd(5)
 * and group(5). Lines that are not well-formed are passed over, as the C library does.
 */
public final class Accounts {

  private static final long MAX_ID = 0xffff_fffeL;

  /** A line of passwd. */
  record User(String name, long uid, long gid, String home) {}

  /** A line of group. */
  record Group(String name, long gid, List<String> members) {}

  private final List<User> users;
  private final List<Group> groups;

  /** Reads both files' text; either may be empty. */
  public Accounts(String passwd, String group) {
    this.users = passwd.lines().map(Accounts::user).flatMap(Optional::stream).toList();
    this.groups = group.lines().map(Accounts::group).flatMap(Optional::stream).toList();
  }

  /** How many users and groups there are. */
  public int size() {
    return users.size() + groups.size();
  }

  /**
   * Resolves {@code user[:group]} as Docker does: a number is an id even where a name is the same;
   * an empty user is root; without a group, the user's own from passwd and all that list its name.
   *
   * @throws IllegalArgumentException "no such user "x" in the image"
   */
  public Identity resolve(String userAndGroup, List<String> extraGroups) {
    int colon = userAndGroup.indexOf(':');
    String userText = colon < 0 ? userAndGroup : userAndGroup.substring(0, colon);
    String groupText = colon < 0 ? "" : userAndGroup.substring(colon + 1);

    Optional<Long> uid = userText.isEmpty() ? Optional.of(0L) : number(userText);
    Optional<User> user =
        find(users, u -> uid.isPresent() ? u.uid == uid.get() : u.name.equals(userText));
    if (user.isEmpty() && uid.isEmpty()) {
      throw new IllegalArgumentException("no such user \"" + userText + "\" in the image");
    }
    long gid = user.map(User::gid).orElse(0L);
    List<Long> additional = new ArrayList<>();
    if (!groupText.isEmpty()) {
      gid = groupId(groupText);
      additional.add(gid);
    } else {
      additional.add(gid);
      user.ifPresent(known -> addMemberships(known.name, additional));
    }
    extraGroups.forEach(extra -> additional.add(groupId(extra)));
    return new Identity(
        user.map(User::uid).or(() -> uid).orElseThrow(),
        gid,
        additional.stream().distinct().toList(),
        user.map(User::home).filter(home -> !home.isEmpty()).orElse("/"));
  }

  /** The home directory of a user, where passwd has one. */
  public Optional<String> home(long uid) {
    return find(users, user -> user.uid == uid).map(User::home).filter(home -> !home.isEmpty());
  }

  private void addMemberships(String name, List<Long> to) {
    groups.stream().filter(group -> group.members.contains(name)).forEach(g -> to.add(g.gid));
  }

  private long groupId(String text) {
    Optional<Long> number = number(text);
    if (number.isPresent()) {
      return number.get();
    }
    return find(groups, g -> g.name.equals(text))
        .map(Group::gid)
        .orElseThrow(
            () -> new IllegalArgumentException("no such group \"" + text + "\" in the image"));
  }

  private static Optional<User> user(String line) {
    String[] fields = line.split(":", -1);
    if (fields.length < 6) {
      return Optional.empty();
    }
    Optional<Long> uid = number(fields[2]);
    Optional<Long> gid = number(fields[3]);
    return uid.isPresent() && gid.isPresent()
        ? Optional.of(new User(fields[0], uid.get(), gid.get(), fields[5]))
        : Optional.empty();
  }

  private static Optional<Group> group(String line) {
    String[] fields = line.split(":", -1);
    if (fields.length < 3) {
      return Optional.empty();
    }
    List<String> members = fields.length > 3 ? List.of(fields[3].strip().split(",")) : List.of();
    return number(fields[2]).map(gid -> new Group(fields[0], gid, members));
  }

  private static Optional<Long> number(String text) {
    if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    long value = Long.parseLong(text);
    return value <= MAX_ID ? Optional.of(value) : Optional.empty();
  }

  private static <T> Optional<T> find(List<T> all, Predicate<T> wanted) {
    return all.stream().filter(wanted).findFirst();
  }
}
