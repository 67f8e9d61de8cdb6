package dev.coffer.image.embedded;

import dev.coffer.image.tar.TarWriter;
import dev.coffer.kernel.Child;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Pipe;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.WaitStatus;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.HistoryEntry;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the {@code busybox} image of a static busybox program. The build calls it; the same program
 * gives the same bytes.
 */
public final class BusyboxImage {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String NAME = "docker.io/library/busybox:latest";

  private BusyboxImage() {}

  /** Writes the image of the program {@code args[0]} to the file {@code args[1]}. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: BusyboxImage <busybox binary> <archive to write>");
    }
    write(Path.of(args[0]), Path.of(args[1]));
  }

  /**
   * Writes an OCI image layout as a tar. The program is run once to list its applets.
   *
   * @throws IOException also when the program does not list any
   */
  public static void write(Path busyboxBinary, Path layoutTar) throws IOException {
    byte[] layer = layer(Files.readAllBytes(busyboxBinary), applets(busyboxBinary));
    byte[] compressed = gzip(layer);
    byte[] config = Json.bytes(config(Digest.ofBytes(layer)).write());
    Descriptor configDescriptor = descriptor(MediaTypes.OCI_CONFIG, config);
    Descriptor layerDescriptor = descriptor(MediaTypes.OCI_LAYER_GZIP, compressed);
    byte[] manifest = Json.bytes(Manifest.of(configDescriptor, List.of(layerDescriptor)).write());
    Descriptor target =
        descriptor(MediaTypes.OCI_MANIFEST, manifest)
            .withAnnotations(
                Map.of(
                    "io.containerd.image.name",
                    NAME,
                    "org.opencontainers.image.ref.name",
                    "latest"));
    try (OutputStream out = Files.newOutputStream(layoutTar);
        TarWriter tar = new TarWriter(out, CREATED)) {
      for (byte[] blob : List.of(config, compressed, manifest)) {
        tar.file("blobs/sha256/" + Digest.ofBytes(blob).hex(), 0644, blob);
      }
      tar.file("index.json", 0644, Json.bytes(Index.of(List.of(target)).write()));
      tar.file("oci-layout", 0644, text("{\"imageLayoutVersion\":\"1.0.0\"}"));
    }
  }

  private static List<String> applets(Path busybox) throws IOException {
    String output = output(busybox.toAbsolutePath().toString(), "--list");
    List<String> applets =
        output.lines().filter(line -> line.matches("[A-Za-z0-9._\\[-]+")).sorted().toList();
    if (!applets.contains("sh")) {
      throw new IOException("cannot list the applets of \"" + busybox + "\": it printed " + output);
    }
    return applets;
  }

  private static String output(String program, String argument) throws IOException {
    try (Pipe pipe = Pipe.open();
        Fd nothing = FileOpen.path("/dev/null", OpenFlags.RDWR)) {
      SpawnRequest request =
          new SpawnRequest(
              program,
              List.of(program, argument),
              List.of(),
              List.of(nothing, pipe.writer(), nothing),
              false);
      try (Child child = Spawner.posix().spawn(request)) {
        pipe.writer().close();
        byte[] output;
        try (FileInputStream in = new FileInputStream(pipe.reader().procPath())) {
          output = in.readAllBytes();
        }
        WaitStatus status = Pidfd.await(child.pidfd());
        if (status.code() != 0) {
          throw new IOException(
              "cannot run \"%s %s\": it ended with %d".formatted(program, argument, status.code()));
        }
        return new String(output, StandardCharsets.UTF_8);
      }
    }
  }

  private static byte[] layer(byte[] busybox, List<String> applets) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes, CREATED)) {
      for (String directory : List.of("bin", "dev", "etc", "home", "proc", "sys", "usr", "var")) {
        tar.directory(directory, 0755);
      }
      tar.directory("root", 0700);
      tar.directory("tmp", 01777);
      for (String directory : List.of("usr/bin", "usr/sbin", "var/spool", "var/www")) {
        tar.directory(directory, 0755);
      }
      tar.directory("var/tmp", 01777);
      tar.file("bin/busybox", 0755, busybox);
      for (String applet : applets) {
        if (!applet.equals("busybox")) {
          tar.hardLink("bin/" + applet, "bin/busybox");
        }
      }
      // Scripts say #!/usr/bin/env.
      tar.symbolicLink("usr/bin/env", "../../bin/env");
      tar.symbolicLink("sbin", "bin");
      tar.file(
          "etc/passwd",
          0644,
          text(
              """
          root:x:0:0:root:/root:/bin/sh
          daemon:x:1:1:daemon:/usr/sbin:/bin/false
          bin:x:2:2:bin:/bin:/bin/false
          sys:x:3:3:sys:/dev:/bin/false
          sync:x:4:100:sync:/bin:/bin/sync
          mail:x:8:8:mail:/var/spool/mail:/bin/false
          www-data:x:33:33:www-data:/var/www:/bin/false
          operator:x:37:37:Operator:/var:/bin/false
          nobody:x:65534:65534:nobody:/home:/bin/false
          """));
      tar.file(
          "etc/group",
          0644,
          text(
              """
          root:x:0:
          daemon:x:1:
          bin:x:2:
          sys:x:3:
          adm:x:4:
          tty:x:5:
          disk:x:6:
          mail:x:8:
          www-data:x:33:
          operator:x:37:
          users:x:100:
          nobody:x:65534:
          """));
      tar.file("etc/shadow", 0600, text("root:*:::::::\n"));
    }
    return bytes.toByteArray();
  }

  private static ImageConfig config(Digest diffId) {
    ContainerDefaults none = ContainerDefaults.NONE;
    ContainerDefaults defaults =
        new ContainerDefaults(
            "",
            none.exposedPorts(),
            List.of(PATH),
            List.of(),
            List.of("sh"),
            none.volumes(),
            "",
            none.labels(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            JsonObject.EMPTY);
    HistoryEntry step =
        new HistoryEntry(
            Optional.of(CREATED), "coffer: busybox-static of the build machine", "", "", false);
    return new ImageConfig(
        Optional.of(CREATED),
        "",
        Platform.host(),
        defaults,
        List.of(diffId),
        List.of(step),
        JsonObject.EMPTY);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static Descriptor descriptor(String mediaType, byte[] blob) {
    return Descriptor.of(mediaType, Digest.ofBytes(blob), blob.length);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
