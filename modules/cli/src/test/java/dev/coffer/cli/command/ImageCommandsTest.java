package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.request.CallerFiles;
import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.Command;
import dev.coffer.engine.command.ContainerCommand.Explain;
import dev.coffer.engine.command.ImageCommand.History;
import dev.coffer.engine.command.ImageCommand.InspectImage;
import dev.coffer.engine.command.ImageCommand.ListImages;
import dev.coffer.engine.command.ImageCommand.ListTrees;
import dev.coffer.engine.command.ImageCommand.MountImage;
import dev.coffer.engine.command.ImageCommand.MountedImages;
import dev.coffer.engine.command.ImageCommand.RemoveImage;
import dev.coffer.engine.command.ImageCommand.Save;
import dev.coffer.engine.command.ImageCommand.ShowTree;
import dev.coffer.engine.command.ImageCommand.Tag;
import dev.coffer.engine.command.ImageCommand.UnmountImage;
import dev.coffer.engine.command.TransferCommand.Copy;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.engine.command.TransferCommand.Push;
import dev.coffer.engine.model.ImagePlatform;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.ImageTree;
import dev.coffer.engine.model.ImageTree.Dependent;
import dev.coffer.engine.model.ImageTree.Layer;
import dev.coffer.engine.model.MountedImage;
import dev.coffer.engine.model.NamedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What mounting images and showing their layers asks of the engine, and prints. */
class ImageCommandsTest {
  private static final String ID = "sha256:" + "ab".repeat(32);
  private static final String OTHER = "sha256:" + "cd".repeat(32);

  private final FakeEngine engine =
      new FakeEngine()
          .on(MountImage.class, c -> new MountedImage(ID, List.of("app:1"), "/m/" + c.image()))
          .on(UnmountImage.class, command -> Optional.of(ID))
          .on(
              MountedImages.class,
              command ->
                  List.of(
                      new MountedImage(ID, List.of("app:1", "app:2"), "/m/1"),
                      new MountedImage(OTHER, List.of(), "/m/2")));

  private Cli.Result run(String... words) {
    return new Cli(engine).run(words);
  }

  @Test
  void oneImageIsMountedAndItsPathAlonePrinted() {
    assertThat(run("image", "mount", "app:1").out()).isEqualTo("/m/app:1\n");
  }

  @Test
  void ofSeveralTheNamesArePrintedAsGiven() {
    assertThat(run("image", "mount", "app:1", "b").out())
        .isEqualTo("app:1   /m/app:1\nb       /m/b\n");
    engine.fail(MountImage.class, Kind.NOT_FOUND, "cannot mount image \"x\"");
    Cli.Result failed = new Cli(engine).run("image", "mount", "x", "y");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).contains("coffer: cannot mount image \"x\"");
  }

  @Test
  void withoutNamesThoseThatAreMountedAreListed() {
    assertThat(run("image", "mount").out())
        .isEqualTo("app:1,app:2" + " ".repeat(63) + "/m/1\n" + OTHER + "   /m/2\n");
    assertThat(new Cli(engine).run("image", "mount", "--format", "json").out())
        .contains("\"id\": \"" + ID + "\"", "\"app:2\"", "\"mountpoint\": \"/m/2\"");
    assertThat(new Cli(engine).run("image", "mount", "--format", "xml").err())
        .contains("expected json");
  }

  @Test
  void allAreMountedByTheirIds() {
    engine.on(ListImages.class, list -> List.of(summary()));
    assertThat(run("image", "mount", "--all").code()).isZero();
    assertThat(engine.only(MountImage.class).image()).isEqualTo(ID);
    assertThat(new Cli(engine).run("image", "mount", "--all", "x").code()).isEqualTo(1);
  }

  /** What the engine mounts is seen where the engine is. */
  @Test
  void whoIsElsewhereGetsNoPathThatMeansNothingThere() {
    CallerFiles elsewhere =
        new CallerFiles(Path.of("/w"), Path.of("/proc/1/cwd"), Path.of("/proc/1/root"), false);
    Cli.Result refused = new Cli(engine).files(elsewhere).run("image", "mount", "app:1");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("cannot mount image \"app:1\"", "another mount namespace");
    assertThat(engine.executed()).isEmpty();
  }

  @Test
  void unmountingPrintsWhatItUnmounted() {
    assertThat(run("image", "umount", "-f", "app:1").out()).isEqualTo(ID + "\n");
    assertThat(engine.only(UnmountImage.class)).isEqualTo(new UnmountImage("app:1", true));
    engine.on(UnmountImage.class, command -> Optional.empty());
    assertThat(new Cli(engine).run("image", "unmount", "app:2").out()).isEmpty();
  }

  @Test
  void allThatIsMountedIsUnmountedById() {
    assertThat(run("image", "unmount", "--all").out()).isEqualTo(ID + "\n" + ID + "\n");
    assertThat(engine.executed())
        .contains(new UnmountImage(ID, false), new UnmountImage(OTHER, false));
    for (String[] wrong : List.of(new String[] {}, new String[] {"--all", "x"})) {
      String[] words = new String[wrong.length + 2];
      words[0] = "image";
      words[1] = "unmount";
      System.arraycopy(wrong, 0, words, 2, wrong.length);
      assertThat(new Cli(engine).run(words).err()).contains("name the images to unmount");
    }
  }

  /** As run finds it: by an alias, or at the registry to search. */
  @Test
  void allCommandsMeanTheSameByAShortName() {
    String whole = "registry.example/team/app:latest";
    engine.on(NameInStore.class, name -> name.name().equals("app") ? whole : name.name());
    for (Class<? extends Command<?>> each :
        List.<Class<? extends Command<?>>>of(
            InspectImage.class,
            History.class,
            RemoveImage.class,
            Tag.class,
            Save.class,
            Push.class,
            ShowTree.class,
            Copy.class,
            Explain.class)) {
      engine.fail(each, Kind.NOT_FOUND, "it is the question that matters");
    }
    for (String line :
        List.of(
            "inspect --type image app",
            "history app",
            "rmi app",
            "tag app other:1",
            "save app busybox",
            "push app",
            "image mount app",
            "image unmount app",
            "image tree app",
            "copy app dir:/nowhere",
            "explain run app true")) {
      int before = engine.executed().size();
      Cli.Result _ = run(line.split(" "));
      assertThat(engine.executed().subList(before, engine.executed().size()))
          .as(line)
          .filteredOn(command -> !(command instanceof NameInStore))
          .singleElement()
          .asString()
          .contains(whole);
    }
  }

  private static ImageSummary summary() {
    return new ImageSummary(
        ID, List.of("app:1"), List.of(), Cli.NOW.minus(Duration.ofDays(1)), 5_000_000, Map.of(), 0);
  }

  @Test
  void imagesAsATree() {
    ImagePlatform here =
        new ImagePlatform("linux/amd64", ID, Optional.of(ID), 5_000_000, 2_000_000, true);
    ImagePlatform gone = new ImagePlatform("linux/arm64", OTHER, Optional.empty(), 0, 0, false);
    engine.on(
        ListTrees.class,
        command ->
            List.of(
                new NamedImage("app:1", ID, 5_000_000, 2_000_000, true, List.of(here, gone)),
                new NamedImage(OTHER, OTHER, 1000, 500, false, List.of(here))));
    assertThat(run("images", "--tree", "--filter", "until=24h", "app").out())
        .isEqualTo(
            """
            IMAGE            ID             DISK USAGE   CONTENT SIZE   EXTRA
            app:1            abababababab   7MB          2MB            U
            ├─ linux/amd64   abababababab   7MB          2MB            U
            └─ linux/arm64   not here       0B           0B            \s
            <untagged>       cdcdcdcdcdcd   1.5kB        500B          \s
            """);
    assertThat(engine.only(ListTrees.class).filters())
        .isEqualTo(
            Map.of(
                "until", List.of(Cli.NOW.minus(Duration.ofDays(1)).toString()),
                "reference", List.of("app")));
    for (String other : List.of("--quiet", "--no-trunc", "--digests", "--format=json")) {
      assertThat(new Cli(engine).run("images", "--tree", other).err())
          .contains("--tree is for people");
    }
  }

  @Test
  void whatDoesNotSayWhenItWasMadeIsNoFiftyYearsOld() {
    engine.on(
        ListImages.class,
        list ->
            List.of(
                new ImageSummary(ID, List.of("a:1"), List.of(), Instant.EPOCH, 1, Map.of(), 0)));
    assertThat(run("images", "--format", "{{.CreatedSince}}").out()).isEqualTo("N/A\n");
  }

  @Test
  void treeShowsPlatformsLayersAndWhoSharesThem() {
    Layer base =
        new Layer("sha256:" + "1".repeat(64), 4_000_000, List.of("base:1"), List.of("x:1"));
    Layer top = new Layer("sha256:" + "2".repeat(64), 1_000_000, List.of("app:1"), List.of());
    Layer on = new Layer("sha256:" + "3".repeat(64), 3, List.of("x:1"), List.of());
    Layer last = new Layer("sha256:" + "4".repeat(64), 0, List.of(), List.of());
    engine.on(
        ShowTree.class,
        command ->
            new ImageTree(
                summary(),
                List.of(
                    new ImagePlatform("linux/amd64", ID, Optional.of(ID), 5_000_000, 9, false),
                    new ImagePlatform("linux/arm64/v8", OTHER, Optional.empty(), 0, 0, false)),
                List.of(base, top),
                command.dependents()
                    ? List.of(
                        new Dependent(last, List.of(new Dependent(on, List.of()))),
                        new Dependent(on, List.of()))
                    : List.of()));
    String image =
        """
        Image ID: abababababab
        Tags:     [app:1]
        Size:     5MB
        Platforms
        ├── linux/amd64      abababababab   5MB
        └── linux/arm64/v8   not here
        Image Layers
        ├── ID: 111111111111 Size: 4MB Top Layer of: [base:1] Also in: [x:1]
        └── ID: 222222222222 Size: 1MB Top Layer of: [app:1]
        """;
    assertThat(run("image", "tree", "app:1").out()).isEqualTo(image);
    assertThat(new Cli(engine).run("image", "tree", "--whatrequires", "app:1").out())
        .isEqualTo(
            image
                + """
                    ├── ID: 444444444444 Size: 0B
                    │   └── ID: 333333333333 Size: 3B Top Layer of: [x:1]
                    └── ID: 333333333333 Size: 3B Top Layer of: [x:1]
                """);
  }
}
