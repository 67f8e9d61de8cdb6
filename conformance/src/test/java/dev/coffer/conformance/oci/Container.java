package dev.coffer.conformance.oci;

import dev.coffer.testkit.WaitFor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A container's id and bundle, whether the container exists or not. Closing deletes it by force and
 * asserts that nothing of it is left on the host.
 */
final class Container implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final OciRuntime runtime;
  private final Bundle bundle;
  private final String id;
  private OciRuntime.Running birth;
  private boolean isClosed;

  Container(OciRuntime runtime, Bundle bundle, String id) {
    this.runtime = runtime;
    this.bundle = bundle;
    this.id = id;
  }

  String id() {
    return id;
  }

  Bundle bundle() {
    return bundle;
  }

  /** {@code create}, with flags of its own. */
  Result create(String... flags) {
    return born("create", flags).finish();
  }

  /** {@code run}, with flags of its own: to the end of the container unless one is --detach. */
  Result run(String... flags) {
    return born("run", flags).finish();
  }

  /**
   * {@code run} by another program, which gets the runtime's words after its own.
   *
   * @param wrapper a program and its arguments: what sets up something for the runtime
   */
  Result runUnder(List<String> wrapper, String... flags) {
    bundle.write();
    birth = runtime.start("", wrapper, List.of(words("run", flags)));
    return birth.finish();
  }

  /** {@code run} or {@code create}, started only. */
  OciRuntime.Running born(String verb, String... flags) {
    bundle.write();
    birth = runtime.start(words(verb, flags));
    return birth;
  }

  /** What the container's process has written until now to the standard streams it was given. */
  Result output() {
    return birth.result();
  }

  /** Any other verb: {@code verb FLAGS ID}. */
  Result verb(String verb, String... flags) {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(List.of(flags));
    words.add(id);
    return runtime.run(words.toArray(String[]::new));
  }

  Result start() {
    return verb("start");
  }

  Result kill(String signal) {
    return runtime.run("kill", id, signal);
  }

  /** {@code exec ID COMMAND}. */
  Result exec(String... command) {
    return execWith(List.of(), command);
  }

  /** {@code exec FLAGS ID COMMAND}. */
  Result execWith(List<String> flags, String... command) {
    List<String> words = new ArrayList<>(List.of("exec"));
    words.addAll(flags);
    words.add(id);
    words.addAll(List.of(command));
    return runtime.run(words.toArray(String[]::new));
  }

  /** What {@code state} prints. */
  Tree state() {
    return Tree.parse(verb("state").ok().out());
  }

  String status() {
    return state().text("status");
  }

  /** Pid of the container's first process, as the runtime says. */
  long pid() {
    return state().number("pid");
  }

  /** The directory of the first process in the host's {@code /proc}. */
  Path proc() {
    return Path.of("/proc", Long.toString(pid()));
  }

  /** The first process's control group of a controller, as a directory of the host. */
  Path cgroup(String controller) {
    return Leftovers.read(proc().resolve("cgroup"))
        .lines()
        .map(line -> line.split(":", 3))
        .filter(words -> List.of(words[1].split(",")).contains(controller))
        .map(words -> Path.of("/sys/fs/cgroup", controller, words[2]))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no group of " + controller + " for " + id));
  }

  /** A container that is created and started and has {@code ready} on its standard output. */
  Container started() {
    create().ok();
    start().ok();
    return this;
  }

  Container awaitStatus(String status) {
    WaitFor.condition(id + " is " + status, PATIENCE, () -> status().equals(status));
    return this;
  }

  /** Waits until the container's output has this text. */
  Container awaitOutput(String text) {
    WaitFor.condition(
        "output of " + id + " has " + text, PATIENCE, () -> output().out().contains(text));
    return this;
  }

  Leftovers leftovers() {
    return new Leftovers(runtime.root(), id);
  }

  private String[] words(String verb, String... flags) {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(List.of("--bundle", bundle.directory().toString()));
    words.addAll(List.of(flags));
    words.add(id);
    return words.toArray(String[]::new);
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    // runc 1.1 forgets a container whose groups it cannot remove yet, as on a busy machine.
    kill("KILL");
    WaitFor.condition(
        "end of " + id,
        PATIENCE,
        () -> {
          Result state = verb("state");
          return state.exitCode() != 0
              || Tree.parse(state.out()).text("status").matches("stopped|creating");
        });
    verb("delete", "--force");
    leftovers().assertNone();
  }
}
