package dev.coffer.testkit;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Pipe;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root file system of one static program, for tests that start containers. */
public final class BusyboxRootfs {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> DIRECTORIES =
      List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "var");

  private BusyboxRootfs() {}

  /** Whether this machine has the static busybox (Debian's busybox-static). */
  public static boolean isAvailable() {
    return Files.isExecutable(BUSYBOX);
  }

  /** Makes one in an empty or new directory, which is returned. */
  public static Path create(Path directory) throws IOException {
    for (String name : DIRECTORIES) {
      Files.createDirectories(directory.resolve(name));
    }
    Path bin = directory.resolve("bin");
    Files.copy(BUSYBOX, bin.resolve("busybox"));
    for (String applet : applets()) {
      if (!applet.equals("busybox")) {
        Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
      }
    }
    Files.writeString(
        directory.resolve("etc/passwd"),
        """
        root:x:0:0:root:/root:/bin/sh
        user:x:1000:1000:user:/tmp:/bin/sh
        """);
    Files.writeString(
        directory.resolve("etc/group"),
        """
        root:x:0:
        user:x:1000:
        audio:x:29:user
        """);
    return directory;
  }

  private static List<String> applets() throws IOException {
    try (Pipe pipe = Pipe.open();
        Fd none = FileOpen.path("/dev/null", OpenFlags.RDWR);
        Child child =
            Spawner.posix()
                .spawn(
                    new SpawnRequest(
                        BUSYBOX.toString(),
                        List.of("busybox", "--list"),
                        List.of(),
                        List.of(none, pipe.writer(), none),
                        false))) {
      pipe.writer().close();
      String names = readAll(pipe.reader());
      Pidfd.await(child.pidfd());
      return names.lines().toList();
    }
  }

  private static String readAll(Fd fd) throws IOException {
    byte[] chunk = new byte[4096];
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int count = 1; count > 0; ) {
      count = FileData.read(fd, chunk, 0, chunk.length);
      all.write(chunk, 0, count);
    }
    return all.toString(StandardCharsets.UTF_8);
  }
}
