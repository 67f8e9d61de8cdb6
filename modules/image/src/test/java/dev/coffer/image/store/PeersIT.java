package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.EmbeddedImages;
import dev.coffer.image.Image;
import dev.coffer.image.embedded.BusyboxImage;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of umoci and skopeo load, and what is saved is read back by skopeo with equal digests. */
class PeersIT {
  @TempDir Path directory;

  @Test
  void roundTripsWithUmociAndSkopeo() throws Exception {
    Path layout = directory.resolve("layout");
    byte[] base = new TarBuilder().directory("etc/").file("etc/name", "base").build();
    byte[] top = new TarBuilder().file("etc/.wh.name", "").symbolicLink("etc/l", "x").build();
    run("umoci", "init", "--layout", layout.toString());
    run("umoci", "new", "--image", layout + ":demo");
    for (byte[] layer : List.of(base, top)) {
      Path file = Files.write(directory.resolve("layer.tar"), layer);
      run("umoci", "raw", "add-layer", "--image", layout + ":demo", file.toString());
    }
    run("umoci", "config", "--image", layout + ":demo", "--config.cmd", "true");
    Digest original = manifestOf(layout);
    Path saved = directory.resolve("saved.tar");
    Digest id;

    try (LocalImageStore store = StoreFixture.open(directory.resolve("1"))) {
      Image image = store.load(layout, Optional.empty()).images().getFirst();
      assertThat(image.manifest().digest()).isEqualTo(original);
      assertThat(store.layers(image)).hasSize(2);
      assertThat(image.config().defaults().command()).containsExactly("true");
      id = image.id();
      store.tag(image.id().toString(), Reference.parse("example.org/demo:2"));
      try (OutputStream out = Files.newOutputStream(saved)) {
        store.save(List.of("example.org/demo:2"), Optional.empty(), out);
      }
    }

    Path copied = directory.resolve("copied");
    run("skopeo", "copy", "oci-archive:" + saved, "oci:" + copied + ":demo");
    assertThat(manifestOf(copied)).isEqualTo(original);
    run("skopeo", "copy", "docker-archive:" + saved, "dir:" + directory.resolve("dir"));
    assertThat(directory.resolve("dir").resolve(id.hex())).exists();

    Path docker = directory.resolve("docker.tar");
    run("skopeo", "copy", "oci:" + layout + ":demo", "docker-archive:" + docker + ":demo:3");
    run("gzip", "-k", docker.toString());
    try (LocalImageStore store = StoreFixture.open(directory.resolve("2"))) {
      Image image = store.load(Path.of(docker + ".gz"), Optional.empty()).images().getFirst();
      assertThat(image.references()).containsExactly(Reference.parse("demo:3"));
      assertThat(image.config().defaults().command()).containsExactly("true");
      List<Path> layers = store.layers(image);
      assertThat(layers.get(0).resolve("etc/name")).hasContent("base");
    }
  }

  @Test
  void theEmbeddedBusyboxIsThereWhenAskedFor() throws Exception {
    Path images = Files.createDirectory(directory.resolve("images"));
    BusyboxImage.write(Path.of("/bin/busybox"), images.resolve("busybox.tar"));
    BusyboxImage.write(Path.of("/bin/busybox"), directory.resolve("again.tar"));
    assertThat(images.resolve("busybox.tar"))
        .hasSameBinaryContentAs(directory.resolve("again.tar"));
    ImageStoreOptions options =
        new ImageStoreOptions(ArchiveLimits.DEFAULT, Optional.of(new EmbeddedImages(images)));
    try (LocalImageStore store = LocalImageStore.open(directory.resolve("3"), options)) {
      Image image = store.resolve("busybox", Optional.empty());
      Path files = store.layers(image).getFirst();
      String echoed =
          run(files.resolve("bin/busybox").toString(), "chroot", files.toString(), "echo", "hi");
      assertThat(echoed).isEqualTo("hi\n");
      assertThat(image.references()).containsExactly(Reference.parse("busybox:latest"));
    }
  }

  @Test
  void unpacksWhatGnuTarPacks() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    run(
        "sh",
        "-c",
        "cd "
            + tree
            + " && mkdir -p a/b && echo hello >a/b/f && ln a/b/f a/h && ln -s b/f a/l"
            + " && truncate -s 9G big && echo x >>big && mkfifo p && mknod n c 1 3 && chown 12:34 a/h"
            + " && chmod 6751 a/h && setfattr -n user.x -v y a/b 2>/dev/null;"
            + " touch -d @1234.5 a/b; touch -d @1234.25 a");
    for (String format : List.of("gnu", "pax")) {
      Path tar = directory.resolve(format + ".tar");
      run("tar", "-C", tree.toString(), "--format=" + format, "-Scf", tar.toString(), ".");
      try (LocalImageStore store = StoreFixture.open(directory.resolve("root-" + format))) {
        Image image =
            store.importRootfs(
                Files.newInputStream(tar),
                dev.coffer.image.ImportOptions.of(
                    Optional.of(Reference.parse(format)), List.of(), "", Optional.empty()));
        Path files = store.layers(image).getFirst();
        String list = "cd \"$0\" && find . -printf '%P %M %U:%G %s %n %l %T@\\n' | sort";
        String packed = run("sh", "-c", list, tree.toString());
        String unpacked = run("sh", "-c", list, files.toString());
        // GNU's format has no fractions of seconds.
        String fraction = format.equals("gnu") ? "\\.[0-9]+$" : "$";
        assertThat(unpacked.lines().map(line -> line.replaceFirst(fraction, "")))
            .containsExactlyElementsOf(
                packed.lines().map(line -> line.replaceFirst(fraction, "")).toList());
        assertThat(run("tail", "-c", "2", files.resolve("big").toString())).isEqualTo("x\n");
      }
    }
  }

  private static Digest manifestOf(Path layout) throws IOException {
    byte[] json = Files.readAllBytes(layout.resolve("index.json"));
    return Index.read(JsonCursor.read("index.json", json, Limits.CONFIG))
        .manifests()
        .getFirst()
        .digest();
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
    return output;
  }
}
