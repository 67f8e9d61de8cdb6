package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A user without any right on the host, with a home and a runtime directory below a workspace, who
 * runs the runtime under test.
 */
final class OrdinaryUser {

  static final int ID = 65534;

  private final Workspace workspace;
  private final Path home;
  private final Path runtimeDirectory;

  OrdinaryUser(Workspace workspace) {
    this.workspace = workspace;
    this.home = workspace.directory().resolve("home");
    this.runtimeDirectory = home.resolve("run");
    try {
      Files.setPosixFilePermissions(
          workspace.directory(), PosixFilePermissions.fromString("rwx--x--x"));
      Files.createDirectories(runtimeDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    give(home);
  }

  /** The runtime with the state where it keeps it by default. */
  OciRuntime runtime() {
    Path binary = workspace.runtime().binary();
    return runtime(
        "with",
        runtimeDirectory.resolve(binary.getFileName()),
        "XDG_RUNTIME_DIR=" + runtimeDirectory);
  }

  /** The runtime for a user who has no runtime directory, and says where the state goes. */
  OciRuntime runtimeWithoutDirectory() {
    return runtime("without", home.resolve("state"), "");
  }

  /** The user can write no log where the suite has it: what is said goes to standard error. */
  private OciRuntime runtime(String name, Path state, String environment) {
    String root = environment.isEmpty() ? "--root \"$root\"" : "";
    String script =
        "#!/bin/sh\nroot=$2\nshift 6\nexec %s %s %s %s \"$@\"\n"
            .formatted(String.join(" ", words()), environment, workspace.runtime().binary(), root);
    try {
      Path file = Files.writeString(workspace.directory().resolve(name), script);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new OciRuntime(file, state, workspace.runtime().scratch());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is in front of a command of this user's. */
  private List<String> words() {
    String id = Integer.toString(ID);
    return List.of(
        "setpriv",
        "--reuid",
        id,
        "--regid",
        id,
        "--clear-groups",
        "env",
        "-i",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=" + home);
  }

  /** A bundle of this user's with the config that the runtime's {@code spec --rootless} writes. */
  Bundle bundle() {
    Bundle empty = workspace.bundle();
    give(empty.directory());
    runtime().run("spec", "--rootless", "--bundle", empty.directory().toString()).ok();
    try {
      Path config = empty.directory().resolve("config.json");
      return new Bundle(empty.directory(), Tree.parse(Files.readString(config)))
          .set("process.terminal", false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void give(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isDirectory).toList()) {
        Files.setAttribute(file, "unix:uid", ID);
        Files.setAttribute(file, "unix:gid", ID);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the engine that the runtime may have started for this user. */
  void stopEngine() {
    Path coffer = workspace.runtime().binary().resolveSibling("coffer");
    if (!Files.isDirectory(runtimeDirectory.resolve("coffer"))) {
      return;
    }
    try {
      Stream<String> stop =
          Stream.of("XDG_RUNTIME_DIR=" + runtimeDirectory, coffer.toString(), "engine", "stop");
      int code =
          new ProcessBuilder(Stream.concat(words().stream(), stop).toList())
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new AssertionError("the user's engine does not stop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
