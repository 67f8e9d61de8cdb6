package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The static programs of {@code src/test/c}, compiled where they are needed. */
final class Probe {

  private static final Path SOURCES = Path.of("src/test/c");

  private Probe() {}

  /** Compiles the probe into a workspace and puts it into the root file system of every bundle. */
  static Path install(Workspace workspace) {
    return install(workspace, "probe");
  }

  /** The same with another of the programs. */
  static Path install(Workspace workspace, String name) {
    Path source = SOURCES.resolve(name + ".c");
    Path program = workspace.directory().resolve(name);
    try {
      Process compiler =
          new ProcessBuilder(
                  List.of(
                      "musl-gcc",
                      "-static",
                      "-O1",
                      "-Wall",
                      "-Wextra",
                      "-D_GNU_SOURCE",
                      "-idirafter",
                      "/usr/include",
                      "-idirafter",
                      "/usr/include/"
                          + System.getProperty("os.arch").replace("amd64", "x86_64")
                          + "-linux-gnu",
                      "-o",
                      program.toString(),
                      source.toString()))
              .redirectErrorStream(true)
              .start();
      String said =
          new String(
              compiler.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (compiler.waitFor() != 0 || !Files.isExecutable(program)) {
        throw new IllegalStateException("cannot compile " + source + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    workspace.program(program, "bin/" + name);
    return program;
  }
}
