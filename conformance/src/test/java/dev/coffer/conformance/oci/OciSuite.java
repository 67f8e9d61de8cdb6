package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/**
 * What the classes of the suite share: a workspace each, and the words in which tables of cases
 * become tests. A group runs its container when its turn comes; each check about it reports by
 * itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(AssertionCount.class)
abstract class OciSuite {

  /** What the name of a check starts with whose exception applies to the runtime under test. */
  static final String EXCEPTION = "exception ";

  private static final String MARK = "\u00a7";

  private Workspace workspace;
  private boolean isOldRunc;

  @BeforeAll
  void openWorkspace() {
    workspace = Workspace.open();
    isOldRunc = workspace.runtime().run("--version").out().startsWith("runc version 1.1.");
    prepare(workspace);
  }

  /** What a class adds to its workspace before the first test. */
  void prepare(Workspace workspace) {}

  @AfterAll
  void closeWorkspace() {
    workspace.close();
  }

  final Workspace workspace() {
    return workspace;
  }

  final OciRuntime runtime() {
    return workspace.runtime();
  }

  /** Whether the exceptions of {@link Deviation} apply to the runtime under test. */
  final boolean isOldRunc() {
    return isOldRunc;
  }

  /** Leaves out what is asked of Coffer alone. */
  final void assumeCoffer() {
    assumeTrue(OciRuntime.isCoffer(), "the runtime is Coffer's");
  }

  /** The pid of the engine that serves the runtime, which is Coffer's. */
  final long engine() {
    Path coffer = runtime().binary().resolveSibling("coffer");
    try {
      Process status =
          new ProcessBuilder(coffer.toString(), "engine", "status", "--format", "{{.Pid}}").start();
      String pid = new String(status.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(status.waitFor()).as("engine status").isZero();
      return Long.parseLong(pid.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a container of an edited default bundle to its end. */
  final Result run(Consumer<Bundle> edit) {
    return workspace.run(edit);
  }

  /** A container of an edited default bundle, not created yet. */
  final Container container(Consumer<Bundle> edit) {
    Bundle bundle = workspace.bundle();
    edit.accept(bundle);
    return workspace.container(bundle);
  }

  /** A container of an edited default bundle that stays until it is closed. */
  final Container started(Consumer<Bundle> edit) {
    return container(edit.andThen(Bundle::stays)).started();
  }

  /** Checks that are made, and whose container runs, when it is the group's turn. */
  static DynamicNode group(String name, Supplier<Stream<? extends DynamicNode>> checks) {
    return DynamicContainer.dynamicContainer(name, Stream.of(checks).flatMap(Supplier::get));
  }

  /** Checks about a container that is closed after them. */
  static DynamicNode group(
      String name,
      Supplier<Container> open,
      Function<Container, Stream<? extends DynamicNode>> checks) {
    return group(
        name,
        () -> {
          Container container = open.get();
          return Stream.concat(
                  checks.apply(container),
                  Stream.of(check("leaves nothing behind", container::close)))
              .onClose(container::close);
        });
  }

  static DynamicTest check(String name, Executable executable) {
    return DynamicTest.dynamicTest(name, executable);
  }

  /** One container that runs to its end, and one assertion about its output. */
  final DynamicTest inside(String name, Consumer<Bundle> edit, String script, String expected) {
    return check(
        name,
        () ->
            assertThat(run(edit.andThen(bundle -> bundle.shell(script))).ok().line())
                .isEqualTo(expected));
  }

  /** A check of which the older runc is excepted. */
  final DynamicTest check(
      String name, Deviation deviation, Supplier<Result> act, Consumer<Result> verify) {
    if (!isOldRunc) {
      return check(name, () -> verify.accept(act.get().ok()));
    }
    return check(
        EXCEPTION + deviation + ": " + name,
        () -> {
          Result result = act.get();
          switch (deviation.kind()) {
            case REFUSED -> result.fails();
            case IGNORED -> {
              result.ok();
              assertThatThrownBy(() -> verify.accept(result))
                  .as("stale exception: the runtime does this (%s)", deviation.reason())
                  .isInstanceOf(AssertionError.class);
            }
          }
        });
  }

  /** One container, and a check for each of the facts inside it. */
  final DynamicNode facts(String name, Consumer<Bundle> edit, Fact... facts) {
    return group(
        name,
        () -> {
          Result result = run(edit.andThen(bundle -> bundle.shell(script(facts))));
          return IntStream.range(0, facts.length).mapToObj(i -> check(facts[i], i, result));
        });
  }

  /** As the other, where the older runc refuses the container or ignores what makes the facts. */
  final DynamicNode facts(String name, Deviation deviation, Consumer<Bundle> edit, Fact... facts) {
    return switch (deviation.kind()) {
      case REFUSED ->
          isOldRunc ? check(name, deviation, () -> run(edit), _ -> {}) : facts(name, edit, facts);
      case IGNORED ->
          facts(
              name,
              edit,
              Stream.of(facts).map(fact -> fact.except(deviation)).toArray(Fact[]::new));
    };
  }

  private static String script(Fact... facts) {
    StringBuilder script = new StringBuilder();
    for (Fact fact : facts) {
      script.append("echo \"").append(MARK).append("$( {\n").append(fact.command());
      script.append("\n} 2>&1)\"\n");
    }
    return script.toString();
  }

  private DynamicTest check(Fact fact, int index, Result result) {
    Executable real =
        () -> {
          String said = result.ok().out().split(MARK, -1)[index + 1].strip();
          assertThat(fact.isTrueOf(said))
              .as("%s says \"%s\", not \"%s\"", fact.command(), said, fact.expected())
              .isTrue();
        };
    return fact.deviation()
        .map(deviation -> check(fact.name(), deviation, real))
        .orElseGet(() -> check(fact.name(), real));
  }

  /** A check about what the older runc ignores. */
  final DynamicTest check(String name, Deviation deviation, Executable real) {
    if (!isOldRunc) {
      return check(name, real);
    }
    return check(
        EXCEPTION + deviation + ": " + name,
        () ->
            assertThatThrownBy(real::execute)
                .as("stale exception: the runtime does this (%s)", deviation.reason())
                .isInstanceOf(AssertionError.class));
  }
}
