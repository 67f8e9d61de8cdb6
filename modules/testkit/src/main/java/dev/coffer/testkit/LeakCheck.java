package dev.coffer.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Asserts that a test leaves nothing behind: no process, mount, cgroup, network namespace, socket
 * or file. What others do on the machine at the same time counts too, so such tests run alone.
 *
 * <pre>{@code
 * LeakCheck check = LeakCheck.begin(dataRoot);
 * // ...
 * check.assertNothingLeft();
 * }</pre>
 */
public final class LeakCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How far a check looks. */
  public enum Scope {
    /** The whole machine: what others do on it at the same time counts too. */
    HOST,
    /** The children of this JVM and theirs, and the given directories. */
    CHILDREN
  }

  private final Scope scope;
  private final List<Path> directories;
  private final HostState before;

  private LeakCheck(Scope scope, List<Path> directories, HostState before) {
    this.scope = scope;
    this.directories = directories;
    this.before = before;
  }

  /** Remembers how things are on the whole machine, and in these directories. */
  public static LeakCheck begin(Path... directories) throws IOException {
    return begin(Scope.HOST, directories);
  }

  /** Remembers how things are as far as that. */
  public static LeakCheck begin(Scope scope, Path... directories) throws IOException {
    List<Path> list = List.of(directories);
    return new LeakCheck(scope, list, HostState.now(scope, list));
  }

  /** What there is now that was not there before. */
  public SortedSet<String> added() throws IOException {
    SortedSet<String> added = new TreeSet<>(HostState.now(scope, directories).lines());
    added.removeAll(before.lines());
    return added;
  }

  /**
   * Waits a little for what goes by itself (a network namespace, a cgroup), then fails with the
   * list of what is left.
   */
  public void assertNothingLeft() throws IOException {
    try {
      WaitFor.condition("nothing is left behind", PATIENCE, () -> added().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("left behind: " + String.join("\n  ", added()), e);
    }
  }
}
