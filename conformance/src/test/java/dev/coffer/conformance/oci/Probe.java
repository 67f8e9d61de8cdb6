package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The static program of {@code src/test/c/probe.c}, compiled where it is needed. */
final class Probe {

  private static final Path SOURCE = Path.of("src/test/c/probe.c");

  private Probe() {}

  /** Compiles it into a workspace and puts it into the root file system of every bundle. */
  static Path install(Workspace workspace) {
    Path program = workspace.directory().resolve("probe");
    try {
      Process compiler =
          new ProcessBuilder(
                  List.of(
                      "musl-gcc",
                      "-static",
                      "-O1",
                      "-Wall",
                      "-Wextra",
                      "-idirafter",
                      "/usr/include",
                      "-idirafter",
                      "/usr/include/"
                          + System.getProperty("os.arch").replace("amd64", "x86_64")
                          + "-linux-gnu",
                      "-o",
                      program.toString(),
                      SOURCE.toString()))
              .redirectErrorStream(true)
              .start();
      String said =
          new String(
              compiler.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (compiler.waitFor() != 0 || !Files.isExecutable(program)) {
        throw new IllegalStateException("cannot compile " + SOURCE + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    workspace.program(program, "bin/probe");
    return program;
  }
}
