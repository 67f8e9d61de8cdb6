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

  private final List<Path> directories;
  private final HostState before;

  private LeakCheck(List<Path> directories, HostState before) {
    this.directories = directories;
    this.before = before;
  }

  /** Remembers how things are, the contents of these directories included. */
  public static LeakCheck begin(Path... directories) throws IOException {
    List<Path> list = List.of(directories);
    return new LeakCheck(list, HostState.now(list));
  }

  /** What there is now that was not there before. */
  public SortedSet<String> added() throws IOException {
    SortedSet<String> added = new TreeSet<>(HostState.now(directories).lines());
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
