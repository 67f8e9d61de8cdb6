package dev.coffer.conformance.engines;

import dev.coffer.conformance.Coffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** An image of the host's static busybox, as an archive that every engine loads. */
final class BusyboxImage {

  static final String NAME = "localhost/busybox:latest";

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private BusyboxImage() {}

  /** Writes the archive in the form of {@code docker save} and returns its path. */
  static Path write(Path directory) throws IOException {
    Path rootfs = directory.resolve("rootfs");
    Path content = Files.createDirectories(directory.resolve("content"));
    fill(rootfs);
    run(
        "tar",
        "--numeric-owner",
        "--owner=0",
        "--group=0",
        "-C",
        rootfs.toString(),
        "-cf",
        content.resolve("layer.tar").toString(),
        ".");
    Files.writeString(
        content.resolve("config.json"),
        """
        {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sleep","100000"]},
         "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":"test"}]}
        """
            .formatted(sha256(content.resolve("layer.tar"))));
    Files.writeString(
        content.resolve("manifest.json"),
        """
        [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]
        """
            .formatted(NAME));
    Path archive = directory.resolve("busybox.tar");
    run(
        "tar",
        "-C",
        content.toString(),
        "-cf",
        archive.toString(),
        "manifest.json",
        "config.json",
        "layer.tar");
    return archive;
  }

  private static void fill(Path rootfs) throws IOException {
    Path bin = Files.createDirectories(rootfs.resolve("bin"));
    Path busybox = Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    for (String applet : run(busybox.toString(), "--list").lines()) {
      if (!applet.equals("busybox")) {
        Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
      }
    }
    Path etc = Files.createDirectory(rootfs.resolve("etc"));
    Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    Files.writeString(etc.resolve("group"), "root:x:0:\n");
    Files.createDirectory(rootfs.resolve("root"));
    Path tmp = Files.createDirectory(rootfs.resolve("tmp"));
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static Coffer.Result run(String... command) throws IOException {
    return Coffer.finish(new ProcessBuilder(command).start(), new byte[0], LIMIT).ok();
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
