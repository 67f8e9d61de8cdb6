package dev.coffer.conformance.engines;

import dev.coffer.conformance.Coffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/**
 * The low-level runtime that the engines are given, from the system property {@code oci.runtime}: a
 * path, or a name to be found in {@code PATH}. Engines clear the environment of what they run, so
 * that Coffer is told its data root by a wrapper.
 *
 * @param binary what the engines start
 * @param coffer the command that starts and stops the runtime's own engine, null when it has none
 * @param cofferRoot the data root of that engine
 */
record GivenRuntime(Path binary, Path coffer, Path cofferRoot) implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Makes the runtime ready for engines that keep what is theirs in {@code directory}. */
  static GivenRuntime open(Path directory) {
    Path real = find(System.getProperty("oci.runtime"));
    Path coffer = real.resolveSibling("coffer");
    Path root = directory.resolve("coffer");
    if (!Files.isExecutable(coffer)) {
      return new GivenRuntime(real, null, root);
    }
    try {
      Path wrapper = directory.resolve("bin").resolve(real.getFileName());
      Files.createDirectories(wrapper.getParent());
      Files.createDirectory(root);
      Files.writeString(
          wrapper, "#!/bin/sh\nCOFFER_ROOT=%s exec %s \"$@\"\n".formatted(root, real));
      Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
      GivenRuntime runtime = new GivenRuntime(wrapper, coffer, root);
      runtime.run("version");
      return runtime;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path find(String name) {
    if (name == null || name.isEmpty()) {
      throw new IllegalStateException("no runtime given (use -Doci.runtime=PATH)");
    }
    if (name.contains("/")) {
      return Path.of(name).toAbsolutePath().normalize();
    }
    for (String directory : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return Path.of(directory, name);
      }
    }
    throw new IllegalStateException("no runtime \"" + name + "\" in PATH");
  }

  private void run(String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.command().addFirst(coffer.toString());
    builder.environment().put("COFFER_ROOT", cofferRoot.toString());
    try {
      Coffer.finish(builder.start(), new byte[0], LIMIT).ok();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (coffer != null) {
      run("engine", "stop");
    }
  }
}
