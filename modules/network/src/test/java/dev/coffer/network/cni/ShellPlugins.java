package dev.coffer.network.cni;

import dev.coffer.kernel.KernelException;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Plugins that are scripts; what each was told is noted in a file that all of them have. */
final class ShellPlugins implements AutoCloseable {
  private static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int OUTPUT_BYTES = 10_000;

  private final Path directory;
  private final NamespaceThread thread;

  ShellPlugins(Path directory) throws KernelException {
    this.directory = directory;
    this.thread = NamespaceThread.start();
  }

  /**
   * Makes one.
   *
   * @param answer commands after the call was noted; {@code $1} is the command
   */
  void add(String type, String answer) throws IOException {
    Path file = directory.resolve(type);
    Files.writeString(
        file,
        """
        #!/bin/sh
        config=$(cat)
        echo "$CNI_COMMAND %s id=$CNI_CONTAINERID if=$CNI_IFNAME ns=$CNI_NETNS args=$CNI_ARGS $config" >> %s
        set -- "$CNI_COMMAND"
        %s
        """
            .formatted(type, notes(), answer));
    var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** One that does what it should. */
  void good(String type, String result) throws IOException {
    add(type, "[ $1 != ADD ] || echo '" + result + "'");
  }

  Cni cni(Duration time) {
    return new Cni(
        new PluginPath(List.of(directory)),
        PATH,
        new PluginProcess(thread, time, OUTPUT_BYTES),
        _ -> Optional.empty(),
        memory());
  }

  Cni cni() {
    return cni(Duration.ofSeconds(20));
  }

  Path memory() {
    return directory.resolve("memory");
  }

  private Path notes() {
    return directory.resolve("notes");
  }

  /** What they were told, a line each. */
  List<String> calls() throws IOException {
    return Files.exists(notes()) ? Files.readAllLines(notes()) : List.of();
  }

  /** Commands and plugins alone, such as {@code ADD bridge}. */
  List<String> order() throws IOException {
    return calls().stream().map(line -> line.replaceAll(" id=.*", "")).toList();
  }

  static NetworkList list(String text) {
    return NetworkList.parse("test.conflist", text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    thread.close();
  }
}
