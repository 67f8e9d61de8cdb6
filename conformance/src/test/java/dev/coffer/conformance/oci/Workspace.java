package dev.coffer.conformance.oci;

import dev.coffer.testkit.BusyboxRootfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A directory below {@code /tmp} for the bundles and the runtime's state of one test class. The ids
 * of its containers start with the directory's name. Closing asserts that no container left
 * anything on the host, and removes the directory.
 */
final class Workspace implements AutoCloseable {

  private final Path directory;
  private final Path template;
  private final OciRuntime runtime;
  private final AtomicInteger count = new AtomicInteger();

  private Workspace(Path directory) throws IOException {
    this.directory = directory;
    this.template = BusyboxRootfs.create(Files.createDirectory(directory.resolve("template")));
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Path state = Files.createDirectory(directory.resolve("state"));
    this.runtime = new OciRuntime(Path.of(OciRuntime.path()), state, scratch);
  }

  static Workspace open() {
    try {
      return new Workspace(Files.createTempDirectory(Path.of("/tmp"), "conform"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scratch space that goes away with this. */
  Path directory() {
    return directory;
  }

  OciRuntime runtime() {
    return runtime;
  }

  /** What every id of this workspace starts with. */
  String prefix() {
    return directory.getFileName().toString();
  }

  /** A bundle with a root file system of its own: the programs are hard links. */
  Bundle bundle() {
    try {
      Bundle bundle =
          new Bundle(Files.createDirectory(directory.resolve("b" + count.incrementAndGet())));
      try (Stream<Path> files = Files.walk(template)) {
        for (Path file : files.toList()) {
          copy(file, bundle.rootfs().resolve(template.relativize(file)));
        }
      }
      return bundle;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A container of a bundle, which does not exist yet. */
  Container container(Bundle bundle) {
    return new Container(runtime, bundle, prefix() + "-" + count.incrementAndGet());
  }

  /** Runs a container of an edited default bundle to its end. */
  Result run(Consumer<Bundle> edit) {
    Bundle bundle = bundle();
    edit.accept(bundle);
    return container(bundle).run();
  }

  /** A program that is put into the root file system of every bundle from now on. */
  void program(Path program, String path) {
    try {
      Files.copy(program, template.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isSymbolicLink(from)) {
      Files.createSymbolicLink(to, Files.readSymbolicLink(from));
    } else if (Files.isDirectory(from)) {
      Files.createDirectory(to);
    } else if (Files.isExecutable(from)) {
      Files.createLink(to, from);
    } else {
      Files.copy(from, to);
    }
  }

  @Override
  public void close() {
    new Leftovers(runtime.root(), prefix()).assertNone();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new AssertionError("not removed: " + directory);
    }
  }
}
