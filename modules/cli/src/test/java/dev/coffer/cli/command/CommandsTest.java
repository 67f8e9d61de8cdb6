package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeConsole;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Attach;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.ContainerCommand.Inspect;
import dev.coffer.engine.command.ContainerCommand.Kill;
import dev.coffer.engine.command.ContainerCommand.Logs;
import dev.coffer.engine.command.ContainerCommand.Remove;
import dev.coffer.engine.command.ContainerCommand.Start;
import dev.coffer.engine.command.ContainerCommand.Stop;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.command.ExecCommand.CreateExec;
import dev.coffer.engine.command.ExecCommand.StartExec;
import dev.coffer.engine.command.ExecCommand.WaitExec;
import dev.coffer.engine.command.ImageCommand.Import;
import dev.coffer.engine.command.ImageCommand.InspectImage;
import dev.coffer.engine.command.ImageCommand.Load;
import dev.coffer.engine.command.ImageCommand.LoadLayout;
import dev.coffer.engine.command.ImageCommand.RemoveImage;
import dev.coffer.engine.command.ImageCommand.Save;
import dev.coffer.engine.command.NetworkCommand.InspectNetwork;
import dev.coffer.engine.command.TransferCommand.IsHere;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.engine.command.TransferCommand.Pull;
import dev.coffer.engine.model.ContainerInspect;
import dev.coffer.engine.model.ImageDeletion;
import dev.coffer.engine.model.ImageInspect;
import dev.coffer.engine.model.LogLine;
import dev.coffer.engine.model.Pulled;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands ask the engine, print, and leave with. */
class CommandsTest {

  private final FakeEngine engine =
      new FakeEngine()
          .on(Create.class, create -> new Created("f".repeat(64), "name", List.of()))
          .on(Start.class, start -> closing(start.client().map(client -> client.socket())))
          .on(StartExec.class, start -> closing(start.client().map(client -> client.socket())))
          .on(Attach.class, attach -> closing(Optional.of(attach.client().socket())))
          .on(Wait.class, wait -> 0)
          .on(NameInStore.class, NameInStore::name)
          .on(CreateExec.class, create -> "exec1")
          .on(WaitExec.class, wait -> 0);
  private final FakeConsole console = new FakeConsole();
  private final Cli cli = new Cli(engine).console(console);

  /** As the real engine: it owns what it is given. */
  private static Object closing(Optional<dev.coffer.kernel.Fd> socket) {
    socket.ifPresent(dev.coffer.kernel.Fd::close);
    return null;
  }

  private static JsonObject json(String text) {
    return (JsonObject) Json.parse(text, Limits.CONFIG);
  }

  private void facts(boolean terminal, boolean openStdin, boolean running) {
    engine.on(
        Inspect.class,
        inspect ->
            new ContainerInspect(
                json(
                    """
                    {"Id": "abc", "Config": {"Tty": %s, "OpenStdin": %s},
                     "State": {"Running": %s, "Paused": false}}
                    """
                        .formatted(terminal, openStdin, running))));
  }

  @Test
  void runStaysForTheContainersCode() {
    engine.on(Wait.class, wait -> 42);
    assertThat(cli.run("run", "image", "false").code()).isEqualTo(42);
    assertThat(engine.executed())
        .extracting(Object::getClass)
        .containsExactly(NameInStore.class, Create.class, Start.class, Wait.class);
    assertThat(engine.only(Wait.class).condition()).isEqualTo(WaitCondition.NOT_RUNNING);
    assertThat(console.joins())
        .singleElement()
        .satisfies(
            join -> {
              assertThat(join.raw()).isFalse();
              assertThat(join.signalProxy()).isTrue();
              assertThat(join.attach().bits()).isEqualTo(6);
            });
    var client = engine.only(Start.class).client().orElseThrow();
    assertThat(client.foreground()).isTrue();
    assertThat(client.detachKeys()).containsExactly(16, 17);
  }

  @Test
  void runDetachedPrintsTheId() {
    Cli.Result result = cli.run("run", "-d", "image");
    assertThat(result.out()).isEqualTo("f".repeat(64) + "\n");
    assertThat(engine.only(Start.class).client()).isEmpty();
    assertThat(engine.only(Create.class).request().process().attachStdout()).isFalse();
  }

  @Test
  void runAndRemoveWaitsForTheRemoval() {
    cli.run("run", "--rm", "image");
    assertThat(engine.only(Wait.class).condition()).isEqualTo(WaitCondition.REMOVED);
  }

  @Test
  void runOnATerminalIsRaw() {
    FakeConsole terminal = FakeConsole.terminal(24, 80);
    cli.console(terminal).run("run", "-it", "image");
    assertThat(terminal.joins())
        .singleElement()
        .satisfies(
            join -> {
              assertThat(join.raw()).isTrue();
              assertThat(join.signalProxy()).isFalse();
              assertThat(join.attach().bits()).isEqualTo(7);
            });
  }

  @Test
  void aTerminalThatIsNoneIsRefused() {
    Cli.Result result = cli.run("run", "-it", "image");
    assertThat(result.err()).isEqualTo("the input device is not a TTY\n");
    assertThat(result.code()).isEqualTo(1);
    assertThat(engine.executed()).isEmpty();
    assertThat(cli.run("exec", "-it", "web", "sh").code()).isEqualTo(1);
    assertThat(cli.run("run", "-t", "image").code()).isZero();
  }

  @Test
  void aMissingImageIsPulledOnce() {
    engine.on(IsHere.class, _ -> false);
    engine.fail(Create.class, Kind.NOT_FOUND, "no such image: \"image\"");
    engine.fail(Pull.class, Kind.FAILED, "cannot pull \"image\": denied");
    Cli.Result result = cli.run("run", "image");
    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err())
        .contains("Unable to find image 'image:latest' locally\n")
        .endsWith("coffer: cannot pull \"image\": denied\n");
    assertThat(engine.only(Pull.class).name()).isEqualTo("image");
  }

  @Test
  void aShortNameIsLookedForInTheStoreBeforeAndAfterAPull() {
    List<String> created = new ArrayList<>();
    List<String> meanings = new ArrayList<>(List.of("app", "example.org/app:latest"));
    engine.on(NameInStore.class, _ -> meanings.removeFirst());
    engine.on(IsHere.class, _ -> false);
    engine.on(
        Pull.class,
        pull ->
            new Pulled(
                "example.org/app:latest",
                "example.org/app:latest",
                Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.ofBytes(new byte[0]), 0),
                Optional.empty(),
                true));
    engine.on(
        Create.class,
        create -> {
          created.add(create.request().image());
          if (create.request().image().equals("app")) {
            throw new EngineException(Kind.NOT_FOUND, "no such image: \"app\"");
          }
          return new Created("id", "name", List.of());
        });
    assertThat(cli.run("create", "--quiet", "app").code()).isZero();
    assertThat(engine.only(Pull.class).name()).isEqualTo("app");
    assertThat(created).containsExactly("app", "example.org/app:latest");
    engine.on(NameInStore.class, _ -> "example.org/app:latest");
    assertThat(cli.run("create", "--pull", "never", "app").code()).isZero();
    assertThat(created.getLast()).isEqualTo("example.org/app:latest");
  }

  @Test
  void aPullIsNotTriedWhenItIsForbidden() {
    engine.fail(Create.class, Kind.NOT_FOUND, "no such image: \"image\"");
    assertThat(cli.run("run", "--pull", "never", "image").err())
        .isEqualTo("coffer: no such image: \"image\"\n");
  }

  @Test
  void runsExitCodesTellWhoFailed() {
    engine.fail(Start.class, Kind.COMMAND_NOT_FOUND, "no such command");
    assertThat(cli.run("run", "image").code()).isEqualTo(127);
    engine.fail(Start.class, Kind.NOT_EXECUTABLE, "permission denied");
    assertThat(cli.run("run", "image").code()).isEqualTo(126);
    engine.fail(Start.class, Kind.FAILED, "broken");
    assertThat(cli.run("run", "image").code()).isEqualTo(125);
    engine.on(IsHere.class, _ -> true);
    engine.fail(Create.class, Kind.NOT_FOUND, "no such image: \"image\"");
    Cli.Result result = cli.run("run", "image");
    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err()).endsWith("coffer: no such image: \"image\"\n");
    assertThat(cli.run("create", "image").code()).isEqualTo(1);
  }

  @Test
  void aContainerThatCannotStartIsRemovedWhenItWasToBe() {
    engine.fail(Start.class, Kind.FAILED, "broken");
    cli.run("run", "--rm", "image");
    assertThat(engine.only(Remove.class).force()).isTrue();
  }

  @Test
  void warningsAreShown() {
    engine.on(Create.class, create -> new Created("id", "name", List.of("swap is off")));
    assertThat(cli.run("create", "image").err()).isEqualTo("WARNING: swap is off\n");
  }

  @Test
  void execExitCodes() {
    engine.on(WaitExec.class, wait -> 9);
    assertThat(cli.run("exec", "-eA=1", "-w", "/w", "-u", "x", "web", "sh", "-c", "exit 9").code())
        .isEqualTo(9);
    CreateExec create = engine.only(CreateExec.class);
    assertThat(create.container()).isEqualTo("web");
    assertThat(create.request().command()).containsExactly("sh", "-c", "exit 9");
    assertThat(create.request().environment()).containsExactly("A=1");
    assertThat(create.request().user()).contains("x");
    assertThat(create.request().workingDirectory()).contains("/w");
    engine.fail(StartExec.class, Kind.COMMAND_NOT_FOUND, "no such command");
    assertThat(cli.run("exec", "web", "x").code()).isEqualTo(127);
    engine.fail(CreateExec.class, Kind.CONFLICT, "container is paused");
    assertThat(cli.run("exec", "web", "x").code()).isEqualTo(1);
  }

  @Test
  void execDetachedPrintsNothing() {
    Cli.Result result = cli.run("exec", "-d", "web", "true");
    assertThat(result.out()).isEmpty();
    assertThat(engine.only(StartExec.class).client()).isEmpty();
  }

  @Test
  void manyArgumentsAreEachDoneAndEachFailureTold() {
    engine.on(
        Remove.class,
        remove -> {
          if (remove.container().equals("b")) {
            throw new EngineException(Kind.NOT_FOUND, "no such container: \"b\"");
          }
          return null;
        });
    Cli.Result result = cli.run("rm", "a", "b", "c");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("a\nc\n");
    assertThat(result.err()).isEqualTo("coffer: no such container: \"b\"\n");
  }

  @Test
  void whoForcesARemovalGetsIt() {
    engine.fail(Remove.class, Kind.NOT_FOUND, "no such container: \"b\"");
    Cli.Result result = cli.run("rm", "-fv", "b");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("no such container");
    assertThat(engine.only(Remove.class)).isEqualTo(new Remove("b", true, true));
  }

  @Test
  void stopAndKillPassWhatWasSaid() {
    cli.run("stop", "-t", "3", "-s", "INT", "web");
    assertThat(engine.only(Stop.class))
        .isEqualTo(new Stop("web", Optional.of("INT"), Optional.of(Duration.ofSeconds(3))));
    cli.run("kill", "web");
    assertThat(engine.only(Kill.class)).isEqualTo(new Kill("web", "KILL"));
  }

  @Test
  void waitPrintsCodes() {
    engine.on(Wait.class, wait -> wait.container().equals("a") ? 0 : 137);
    assertThat(cli.run("wait", "a", "b").out()).isEqualTo("0\n137\n");
  }

  @Test
  void startAttachedStaysForTheCode() {
    facts(false, true, false);
    engine.on(Wait.class, wait -> 5);
    assertThat(cli.run("start", "-ai", "web").code()).isEqualTo(5);
    assertThat(console.joins().getFirst().attach().bits()).isEqualTo(7);
    assertThat(cli.run("start", "-a", "a", "b").code()).isEqualTo(1);
    assertThat(cli.run("start", "a", "b").out()).endsWith("a\nb\n");
  }

  @Test
  void attachNeedsARunningContainer() {
    facts(false, false, false);
    Cli.Result result = cli.run("attach", "web");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("cannot attach to a stopped container");
    facts(false, false, true);
    assertThat(cli.run("attach", "web").code()).isZero();
    assertThat(engine.only(Attach.class).client().attachStdin()).isFalse();
    assertThat(engine.only(Attach.class).client().foreground()).isFalse();
  }

  @Test
  void logsGoWhereTheyWereWritten() {
    engine.on(
        Logs.class,
        logs -> {
          Instant time = Instant.parse("2026-11-20T10:00:00.5Z");
          logs.sink().accept(new LogLine(time, false, bytes("one\n")));
          logs.sink().accept(new LogLine(time, true, bytes("two\n")));
          logs.sink().accept(new LogLine(time, false, bytes("three")));
          return null;
        });
    Cli.Result result = cli.run("logs", "-t", "--since", "1h", "--tail", "3", "web");
    assertThat(result.out())
        .isEqualTo("2026-11-20T10:00:00.500000000Z one\n2026-11-20T10:00:00.500000000Z three");
    assertThat(result.err()).isEqualTo("2026-11-20T10:00:00.500000000Z two\n");
    Logs logs = engine.only(Logs.class);
    assertThat(logs.query().since()).contains(Cli.NOW.minus(Duration.ofHours(1)));
    assertThat(logs.query().tail()).isEqualTo(3);
    assertThat(logs.query().follow()).isFalse();
    assertThat(cli.run("logs", "-n", "x", "web").code()).isEqualTo(125);
    assertThat(cli.run("logs", "--since", "never", "web").code()).isEqualTo(1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void inspectFindsContainersThenImages() {
    engine
        .on(
            Inspect.class,
            inspect -> {
              if (inspect.container().equals("web")) {
                return new ContainerInspect(json("{\"Id\": \"c\"}"));
              }
              throw new EngineException(Kind.NOT_FOUND, "no such container");
            })
        .on(
            InspectImage.class,
            inspect -> {
              if (inspect.image().equals("busybox")) {
                return new ImageInspect(json("{\"Id\": \"i\"}"));
              }
              throw new EngineException(Kind.NOT_FOUND, "no such image");
            })
        .fail(InspectNetwork.class, Kind.NOT_FOUND, "no such network");
    assertThat(cli.run("inspect", "-f", "{{.Id}}", "web", "busybox").out()).isEqualTo("c\ni\n");
    Cli.Result none = new Cli(engine).run("inspect", "nothing");
    assertThat(none.out()).isEqualTo("[]\n");
    assertThat(none.err()).isEqualTo("coffer: no such object: \"nothing\"\n");
    assertThat(none.code()).isEqualTo(1);
    assertThat(new Cli(engine).console(new FakeConsole()).run("image", "inspect", "busybox").out())
        .isEqualTo("[\n    {\n        \"Id\": \"i\"\n    }\n]\n");
    assertThat(cli.run("inspect", "--type", "volume", "x").code()).isEqualTo(125);
    assertThat(cli.run("inspect", "-f", "{{.Nope}}", "web").code()).isEqualTo(1);
    assertThat(cli.run("inspect", "-f", "{{nope}}", "web").err()).contains("\"nope\" not defined");
  }

  @Test
  void imagesAreRemovedInWords() {
    engine.on(
        RemoveImage.class,
        remove ->
            List.of(new ImageDeletion.Untagged("a:1"), new ImageDeletion.Deleted("sha256:x")));
    assertThat(cli.run("rmi", "a:1").out()).isEqualTo("Untagged: a:1\nDeleted: sha256:x\n");
    assertThat(engine.only(RemoveImage.class)).isEqualTo(new RemoveImage("a:1", false, true));
  }

  @Test
  void archivesComeAndGo(@TempDir Path directory) {
    engine
        .on(Load.class, load -> List.of("Loaded image: " + read(load)))
        .on(Save.class, save -> write(save))
        .on(Import.class, imported -> "sha256:i");
    assertThat(cli.console(FakeConsole.withInput("x:1")).run("load").out())
        .isEqualTo("Loaded image: x:1\n");
    assertThat(new Cli(engine).run("save", "a", "b").out()).isEqualTo("[a, b]");
    assertThat(engine.only(Save.class).platform()).isEmpty();
    cli.in(directory).run("save", "--platform", "linux/arm64", "-o", "file.tar", "a");
    assertThat(((Save) engine.executed().getLast()).platform()).contains("linux/arm64");
    assertThat(directory.resolve("file.tar")).hasContent("[a]");
    assertThat(directory.toFile().list()).containsExactly("file.tar");
    assertThat(new Cli(engine).in(directory).run("import", "file.tar", "x").out())
        .isEqualTo("sha256:i\n");
    engine.on(LoadLayout.class, load -> List.of("Loaded image: " + load.layout().getFileName()));
    assertThat(
            new Cli(engine)
                .in(directory.getParent())
                .run("load", "-i", directory.getFileName().toString())
                .out())
        .isEqualTo("Loaded image: " + directory.getFileName() + "\n");
    Cli terminal = new Cli(engine).console(FakeConsole.terminal(1, 1));
    assertThat(terminal.run("save", "a").err()).contains("refusing to save to a terminal");
    assertThat(terminal.run("load").err()).contains("stdin is empty");
    assertThat(terminal.run("load", "-i", "/no/such").err()).contains("cannot open \"/no/such\"");
    assertThat(terminal.run("import", "http://x").err())
        .contains("not supported: import from a URL");
  }

  @Test
  void aFailedSaveLeavesNothing(@TempDir Path directory) {
    engine.fail(Save.class, Kind.NOT_FOUND, "no such image: \"a\"");
    assertThat(cli.in(directory).run("save", "-o", "file.tar", "a").code()).isEqualTo(1);
    assertThat(directory.toFile().list()).isEmpty();
  }

  private static String read(Load load) {
    try {
      return new String(load.archive().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object write(Save save) {
    try {
      save.archive().write(bytes(save.images().toString()));
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void engineCommands() {
    assertThat(cli.run("engine", "start").code()).isZero();
    cli.run("engine", "stop");
    cli.run("engine", "restart");
    assertThat(cli.control()).containsExactly("stop", "restart");
  }

  @Test
  void whatIsNoCommandIsTold() {
    assertThat(cli.run("frobnicate").code()).isEqualTo(1);
    assertThat(console.errText())
        .isEqualTo("coffer: 'frobnicate' is not a coffer command.\nSee 'coffer --help'\n");
    assertThat(new Cli(engine).console(new FakeConsole()).run("image", "frob").err())
        .isEqualTo("coffer: 'image frob' is not a coffer command.\nSee 'coffer image --help'\n");
    assertThat(new Cli(engine).run("explain", "rm").code()).isEqualTo(1);
    assertThat(new Cli(engine).run("--frob").code()).isEqualTo(125);
    assertThat(new Cli(engine).run("ps", "--frob").code()).isEqualTo(125);
    assertThat(new Cli(engine).run("rm").code()).isEqualTo(1);
  }

  @Test
  void groupsSpellTheSameCommands() {
    cli.run("container", "rm", "a");
    cli.run("container", "remove", "b");
    assertThat(engine.executed())
        .containsExactly(new Remove("a", false, false), new Remove("b", false, false));
  }

  @Test
  void debuggingTellsThePlace() {
    engine.fail(Kill.class, Kind.FAILED, "broken");
    assertThat(cli.run("kill", "web").err()).doesNotContain("at dev.coffer");
    engine.fail(CreateExec.class, Kind.FAILED, "broken");
    assertThat(cli.run("-D", "exec", "web", "x").err()).contains("  at dev.coffer");
  }

  @Test
  void rootIsTheLaunchersAndIsSkipped() {
    assertThat(cli.run("--root", "/x", "engine", "start").code()).isZero();
    assertThat(cli.run("--root=/x", "engine", "start").code()).isZero();
  }
}
