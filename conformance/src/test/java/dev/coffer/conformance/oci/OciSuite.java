package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.function.Supplier;
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
      java.util.function.Function<Container, Stream<? extends DynamicNode>> checks) {
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

  /** As {@link #inside(String, Consumer, String, String)}, with an exception. */
  final DynamicTest inside(
      String name, Deviation deviation, Consumer<Bundle> edit, String script, String expected) {
    return check(
        name,
        deviation,
        () -> run(edit.andThen(bundle -> bundle.shell(script))),
        result -> assertThat(result.line()).isEqualTo(expected));
  }
}
