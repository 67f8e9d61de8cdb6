package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A directory below {@code /tmp} for the bundles and the runtime's state of one test class. The ids
 * of its containers start with the directory's name. Closing asserts that no container left
 * anything on the host, and removes the directory.
 */
final class Workspace implements AutoCloseable {

  /** The shell of Debian's static busybox is all applets; these are for what is run without one. */
  private static final List<String> PROGRAMS =
      List.of("cat", "echo", "env", "false", "id", "ls", "pwd", "sh", "sleep", "stat", "true");

  private final Path directory;
  private final Path template;
  private final OciRuntime runtime;
  private final AtomicInteger count = new AtomicInteger();

  private Workspace(Path directory) throws IOException {
    this.directory = directory;
    this.template = template(Files.createDirectory(directory.resolve("template")));
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

  private static Path template(Path root) throws IOException {
    for (String name : List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp")) {
      Files.createDirectory(root.resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String program : PROGRAMS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(program), Path.of("busybox"));
    }
    Files.writeString(
        root.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nuser:x:1000:\naudio:x:29:user\n");
    return root;
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
    new Leftovers(runtime.root(), prefix()).assertNoneAnywhere();
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
