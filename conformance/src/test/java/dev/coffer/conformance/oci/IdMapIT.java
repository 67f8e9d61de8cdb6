package dev.coffer.conformance.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Id-mapped mounts: each source with each way to give a map, in a container without, with and in
 * another's user namespace. What is mounted has a file of user 1000 on disk; the maps of the mounts
 * show it to the container as 7000 and 8000, that of the container as 1000.
 */
class IdMapIT extends OciSuite {
  private static final long BASE = 200_000;
  private static final String PLACE = "/m";

  private String disk;

  /** Whose user namespace the container has. */
  private enum Users {
    HOST,
    NEW,
    JOINED;

    long base() {
      return this == HOST ? 0 : BASE;
    }
  }

  private enum Source {
    BIND,
    TREE,
    TMPFS,
    FILLED,
    DISK;

    boolean isBind() {
      return this == BIND || this == TREE;
    }
  }

  /** Where the map stands. */
  private enum Maps {
    FIELDS(""),
    FIELDS_AND_OPTION("idmap"),
    FIELDS_BELOW("ridmap"),
    OPTION("idmap=uids=0-%1$d-1#1000-%2$d-10;gids=0-%1$d-1#1000-%3$d-10"),
    OPTION_BELOW("ridmap=gids=0-%1$d-1#1000-%3$d-10;uids=0-%1$d-1#1000-%2$d-10"),
    CONTAINER("idmap"),
    CONTAINER_BELOW("ridmap");

    private final String option;

    Maps(String option) {
      this.option = option;
    }

    boolean isOwn() {
      return this != CONTAINER && this != CONTAINER_BELOW;
    }

    boolean isInFields() {
      return this == FIELDS || this == FIELDS_AND_OPTION || this == FIELDS_BELOW;
    }

    String option(Users users) {
      return option.formatted(users.base(), users.base() + 7000, users.base() + 8000);
    }

    /** The owner of the file, as the container is to see it. */
    String seen() {
      return isOwn() ? "7000:8000" : "1000:1000";
    }
  }

  @Override
  void prepare(Workspace workspace) {
    Path image = workspace.directory().resolve("disk");
    Path content = owned(workspace.directory().resolve("content"), 1000, 1000);
    command("truncate", "-s", "4M", image.toString());
    command("mke2fs", "-q", "-t", "ext4", "-d", content.toString(), image.toString());
    disk = command("losetup", "--find", "--show", image.toString());
  }

  @AfterAll
  void detach() {
    command("losetup", "--detach", disk);
  }

  private static String command(String... words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
      assertThat(process.onExit().join().exitValue()).as("%s: %s", words[0], said).isZero();
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path owned(Path directory, long user, long group) {
    try {
      Path file = Files.writeString(Files.createDirectories(directory).resolve("file"), "");
      Files.setAttribute(file, "unix:uid", (int) user);
      Files.setAttribute(file, "unix:gid", (int) group);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object namespace() {
    return Bundle.range(0, BASE, 65536);
  }

  private Map<String, Object> mount(Bundle bundle, Users users, Source source, Maps maps) {
    List<String> options = new ArrayList<>();
    Path content = bundle.directory().resolve("owned");
    Map<String, Object> mount = new LinkedHashMap<>();
    mount.put("destination", PLACE);
    switch (source) {
      case BIND, TREE -> {
        mount.put("source", owned(content, 1000, 1000).toString());
        options.add(source == Source.BIND ? "bind" : "rbind");
      }
      case TMPFS -> {
        mount.put("type", "tmpfs");
        options.addAll(List.of("uid=1000", "gid=1000"));
      }
      case FILLED -> {
        mount.put("type", "tmpfs");
        long base = users.base();
        owned(
            bundle.rootfs().resolve("m"),
            base + (maps.isOwn() ? 7000 : 1000),
            base + (maps.isOwn() ? 8000 : 1000));
        options.add("tmpcopyup");
      }
      case DISK -> {
        mount.put("type", "ext4");
        mount.put("source", disk);
      }
    }
    if (maps.isInFields()) {
      mount.put("uidMappings", ranges(users, 7000));
      mount.put("gidMappings", ranges(users, 8000));
    }
    if (maps != Maps.FIELDS) {
      options.add(maps.option(users));
    }
    mount.put("options", options);
    return mount;
  }

  private static List<Object> ranges(Users users, long shown) {
    return List.of(Bundle.range(0, users.base(), 1), Bundle.range(1000, users.base() + shown, 10));
  }

  /** The container of a combination; {@code other} is the one whose user namespace it may join. */
  private Consumer<Bundle> container(Users users, Container other) {
    return bundle -> {
      bundle.capabilities("CAP_DAC_OVERRIDE");
      if (users != Users.HOST) {
        bundle.mapped(namespace());
      }
      if (users == Users.JOINED) {
        bundle.namespace("user", other.proc().resolve("ns/user"));
        bundle.remove("linux.uidMappings").remove("linux.gidMappings");
      }
    };
  }

  @TestFactory
  Stream<DynamicNode> combinations() {
    return Stream.of(Users.values())
        .map(
            users ->
                group(
                    users.name(),
                    () -> started(bundle -> bundle.mapped(namespace())),
                    other ->
                        Stream.of(Source.values())
                            .flatMap(
                                source ->
                                    Stream.of(Maps.values())
                                        .filter(maps -> maps.isOwn() || users != Users.HOST)
                                        .map(maps -> combination(users, source, maps, other)))));
  }

  private DynamicTest combination(Users users, Source source, Maps maps, Container other) {
    String file = source == Source.TMPFS ? PLACE : PLACE + "/file";
    return check(
        source + " " + maps,
        deviation(users, source, maps),
        () ->
            run(
                container(users, other)
                    .andThen(b -> b.add("mounts", mount(b, users, source, maps)))
                    .andThen(
                        b ->
                            b.shell(
                                "touch /m/new; stat -c %u:%g "
                                    + file
                                    + " /m/new; cat /proc/self/mountinfo"))),
        result -> {
          assertThat(result.lines()).startsWith(maps.seen(), "0:0");
          String table = String.join("\n", result.lines().subList(2, result.lines().size()));
          assertThat(MountTable.parse(table).at(PLACE).options()).contains("idmapped");
        });
  }

  private static Deviation deviation(Users users, Source source, Maps maps) {
    if (users == Users.JOINED) {
      return Deviation.JOINED_USER_NAMESPACE;
    }
    boolean refused = maps != Maps.FIELDS || (source == Source.DISK && users == Users.NEW);
    return refused && !source.isBind() ? Deviation.IDMAP_FILE_SYSTEMS : Deviation.IDMAP_MOUNTS;
  }

  /** What the container makes has on disk, and for the host in its view, the owners of the map. */
  @TestFactory
  Stream<DynamicNode> fromTheHost() {
    return Stream.of(
        check(
            "what root makes belongs to root on disk",
            Deviation.IDMAP_MOUNTS,
            () -> {
              Bundle[] bundle = new Bundle[1];
              Result result =
                  run(
                      container(Users.NEW, null)
                          .andThen(b -> bundle[0] = b)
                          .andThen(
                              b ->
                                  b.add("mounts", mount(b, Users.NEW, Source.BIND, Maps.CONTAINER)))
                          .andThen(b -> b.shell("touch /m/new")));
              assertThat(result.exitCode()).isZero();
              assertThat(Files.getAttribute(bundle[0].directory().resolve("owned/new"), "unix:uid"))
                  .isEqualTo(0);
            }),
        check(
            "the host sees a tmpfs through the map",
            Deviation.IDMAP_MOUNTS,
            () -> {
              Consumer<Bundle> edit =
                  container(Users.NEW, null)
                      .andThen(
                          b -> b.add("mounts", mount(b, Users.NEW, Source.TMPFS, Maps.FIELDS)));
              try (Container container = started(edit)) {
                String inside = container.proc() + "/root" + PLACE;
                assertThat(command("stat", "-c", "%u:%g", inside)).isEqualTo("207000:208000");
              }
            }));
  }

  @TestFactory
  Stream<DynamicNode> attributes() {
    Map<String, List<String>> shown = new LinkedHashMap<>();
    shown.put("ro", List.of("ro"));
    shown.put("rro", List.of("ro"));
    shown.put("nosuid nodev noexec", List.of("nosuid", "nodev", "noexec"));
    shown.put("rnosuid rnodev rnoexec", List.of("nosuid", "nodev", "noexec"));
    shown.put("rnosymfollow", List.of("nosymfollow"));
    shown.put("rro rrw", List.of("rw"));
    return ofEach(shown, this::attributes);
  }

  /** What is shown for some options. */
  private interface Shown<T> {
    DynamicTest check(Users users, Source source, String options, T expected);
  }

  private static <T> Stream<DynamicNode> ofEach(Map<String, T> shown, Shown<T> test) {
    return Stream.of(Users.HOST, Users.NEW)
        .flatMap(
            users ->
                Stream.of(Source.values())
                    .flatMap(
                        source ->
                            shown.entrySet().stream()
                                .map(
                                    each ->
                                        test.check(
                                            users, source, each.getKey(), each.getValue()))));
  }

  private DynamicTest attributes(
      Users users, Source source, String options, List<String> expected) {
    return check(
        users + " " + source + " " + options,
        deviation(users, source, Maps.FIELDS_BELOW),
        () ->
            run(
                with(users, source, options.split(" "))
                    .andThen(b -> b.shell("cat /proc/self/mountinfo"))),
        result ->
            assertThat(MountTable.parse(result.out()).at(PLACE).options())
                .contains("idmapped")
                .containsAll(expected));
  }

  private Consumer<Bundle> with(Users users, Source source, String... options) {
    return container(users, null)
        .andThen(
            b -> {
              Map<String, Object> mount = mount(b, users, source, Maps.FIELDS_BELOW);
              List<Object> all = new ArrayList<>(List.of((Object[]) options));
              all.addAll((List<?>) mount.get("options"));
              mount.put("options", all);
              b.add("mounts", mount);
            });
  }

  @TestFactory
  Stream<DynamicNode> propagation() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("rshared", "shared");
    shown.put("unbindable", "unbindable");
    shown.put("rprivate", "");
    return ofEach(shown, this::propagation);
  }

  private DynamicTest propagation(Users users, Source source, String option, String expected) {
    return check(
        users + " " + source + " " + option,
        deviation(users, source, Maps.FIELDS_BELOW),
        () -> run(with(users, source, option).andThen(b -> b.shell("cat /proc/self/mountinfo"))),
        result -> {
          MountTable.Entry entry = MountTable.parse(result.out()).at(PLACE);
          assertThat(entry.options()).contains("idmapped");
          assertThat(entry.hasPropagation("shared")).isEqualTo(expected.equals("shared"));
          assertThat(entry.hasPropagation("unbindable")).isEqualTo(expected.equals("unbindable"));
        });
  }

  /** A tmpfs below the source, whose root is user 1000's on disk, too. */
  @TestFactory
  Stream<DynamicNode> below() {
    return Stream.of(Users.HOST, Users.NEW)
        .flatMap(
            users ->
                Stream.of(
                    below(users, Maps.FIELDS, users == Users.HOST ? "1000:1000" : "65534:65534"),
                    below(
                        users,
                        Maps.FIELDS_AND_OPTION,
                        users == Users.HOST ? "1000:1000" : "65534:65534"),
                    below(users, Maps.FIELDS_BELOW, "7000:8000"),
                    below(users, Maps.OPTION_BELOW, "7000:8000")));
  }

  private DynamicTest below(Users users, Maps maps, String expected) {
    return check(
        users + " " + maps,
        Deviation.IDMAP_MOUNTS,
        () -> {
          Result result =
              runUnder(
                  "tmpfs -o uid=1000,gid=1000,mode=755 tmpfs",
                  container(users, null)
                      .andThen(b -> b.add("mounts", mount(b, users, Source.TREE, maps)))
                      .andThen(b -> b.shell("stat -c %u:%g /m/file /m/below")));
          assertThat(result.ok().lines()).containsExactly("7000:8000", expected);
        });
  }

  /** Runs a container after a mount below the source in a mount namespace of its caller's own. */
  private Result runUnder(String mount, Consumer<Bundle> edit) {
    try (Container container = container(edit)) {
      Path below = container.bundle().directory().resolve("owned/below");
      Files.createDirectory(below);
      String script = "mount -t " + mount + " " + below + " && exec \"$@\"";
      return container.runUnder(
          List.of("unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With a map, {@code /dev} is made where device nodes can only be bound, or made by root. */
  @TestFactory
  Stream<DynamicNode> devices() {
    return Stream.of(Users.HOST, Users.NEW)
        .map(
            users ->
                facts(
                    users + " /dev",
                    Deviation.IDMAP_FILE_SYSTEMS,
                    container(users, null)
                        .andThen(
                            b -> {
                              b.set("mounts.1.options", List.of("mode=755", "uid=1000", "ridmap"));
                              b.set("mounts.1.uidMappings", ranges(users, 7000));
                              b.set("mounts.1.gidMappings", ranges(users, 8000));
                            }),
                    Fact.says("stat -c %u:%g /dev", "7000:0"),
                    Fact.says("stat -c %t:%T /dev/zero", "1:5"),
                    Fact.allowed("echo x > /dev/null"),
                    Fact.says("readlink /dev/fd", "/proc/self/fd")));
  }

  /** What the older runc, which knows no maps, makes of them is of no account. */
  @TestFactory
  Stream<DynamicNode> refusals() {
    return isOldRunc() ? Stream.of() : refused().stream();
  }

  private List<DynamicNode> refused() {
    List<DynamicNode> nodes = new ArrayList<>();
    for (String type : List.of("proc", "sysfs", "mqueue", "devpts", "cgroup", "cgroup2")) {
      nodes.add(
          refusal(type, b -> b.add("mounts", mapped(type)), "mounts[6]", "id map on " + type));
    }
    nodes.add(
        refusal(
            "a file system that the kernel cannot map",
            b -> b.add("mounts", mapped("ramfs")),
            "mount ramfs on \"/m\": its file system cannot be id-mapped"));
    nodes.add(
        refusal(
            "one that no kernel has",
            b -> b.add("mounts", mapped("nosuchfs")),
            "mount nosuchfs on \"/m\": the kernel has no file system \"nosuchfs\""));
    nodes.add(
        refusal(
            "a tree with what cannot be mapped",
            () ->
                runUnder(
                    "proc proc",
                    container(Users.HOST, null)
                        .andThen(
                            b ->
                                b.add(
                                    "mounts",
                                    mount(b, Users.HOST, Source.TREE, Maps.FIELDS_BELOW)))),
            "its file system, or one below it, cannot be id-mapped"));
    for (String option : List.of("idmap", "ridmap")) {
      nodes.add(
          refusal(
              option + " without a map",
              b -> b.mount(PLACE, "tmpfs", "tmpfs", option),
              "idmap needs uidmappings and gidmappings"));
    }
    nodes.add(
        refusal(
            "users without groups",
            b -> b.mount(PLACE, "tmpfs", "tmpfs", "idmap=uids=0-0-1"),
            "needs both uidmappings and gidmappings"));
    nodes.add(
        refusal(
            "a map that cannot be read",
            b -> b.mount(PLACE, "tmpfs", "tmpfs", "idmap=uids=0-0;gids=0-0-1"),
            "option \"idmap=uids=0-0;gids=0-0-1\": must be like"));
    nodes.add(
        refusal(
            "an id that the container has not",
            b ->
                b.mapped(namespace())
                    .mount(PLACE, "tmpfs", "tmpfs", "idmap=uids=@0-65530-10;gids=@0-0-1"),
            "the container has no one range with ids 65530 to 65539"));
    nodes.add(
        refusal(
            "what is mounted already",
            b -> b.mount("/dev", "tmpfs", "tmpfs", "remount", "idmap=uids=0-0-1;gids=0-0-1"),
            "remount \"/dev\"",
            "idmap"));
    nodes.add(
        refusal(
            "a mount point in one where root has no id",
            b ->
                b.mount(PLACE, "tmpfs", "tmpfs", "idmap=uids=0-5-1;gids=0-5-1")
                    .mount(PLACE + "/in", "tmpfs", "tmpfs"),
            "mount tmpfs on \"/m/in\": the id map around it has no place for root"));
    nodes.add(
        refusal(
            "a tmpfs that root cannot fill",
            b ->
                b.file("m/file", "")
                    .mount(PLACE, "tmpfs", "tmpfs", "tmpcopyup", "idmap=uids=0-5-1;gids=0-5-1"),
            "copy what is in \"/m\": its id map has no place for root"));
    nodes.add(
        refusal(
            "devices that root cannot make",
            b -> b.set("mounts.1.options", List.of("idmap=uids=0-5-1;gids=0-5-1")),
            "the id map of /dev has no place for root"));
    return nodes;
  }

  private static Map<String, Object> mapped(String type) {
    return Map.of(
        "destination",
        PLACE,
        "type",
        type,
        "source",
        type,
        "options",
        List.of("idmap"),
        "uidMappings",
        ranges(Users.HOST, 7000),
        "gidMappings",
        ranges(Users.HOST, 8000));
  }

  private DynamicTest refusal(String name, Consumer<Bundle> edit, String... words) {
    return refusal(name, () -> run(edit), words);
  }

  private static DynamicTest refusal(String name, Supplier<Result> act, String... words) {
    return check(name, () -> act.get().fails(words));
  }
}
