package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.image.Digest;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.registry.DebianRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no image goes wherever images go, byte for byte, and is not run. */
class ArtifactIT {
  private static final String TYPE = "application/vnd.example.chart.v1";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONTENT = "name: chart\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private Coffer one;
  private Coffer other;

  @BeforeEach
  void open() {
    one = Coffer.open();
    other = Coffer.open();
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  /** A manifest with odd white space and members, which no tool may tidy up. */
  private static byte[] manifest() {
    return """
        { "schemaVersion": 2,  "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "artifactType": "%s", "x-unknown": [1, 2],
          "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": %d},
          "layers": [{"mediaType": "application/vnd.example.yaml", "digest": "%s", "size": %d,
                      "annotations": {"org.opencontainers.image.title": "chart.yaml"}}] }
        """
        .formatted(
            TYPE, Digest.ofBytes(EMPTY), EMPTY.length, Digest.ofBytes(CONTENT), CONTENT.length)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Path layout() throws Exception {
    byte[] manifest = manifest();
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (byte[] blob : new byte[][] {EMPTY, CONTENT, manifest}) {
      files.put("blobs/sha256/" + Digest.ofBytes(blob).hex(), blob);
    }
    String index =
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"org.opencontainers.image.ref.name\":\"chart:1\"}}]}"
            .formatted(Digest.ofBytes(manifest), manifest.length);
    files.put("index.json", index.getBytes(StandardCharsets.UTF_8));
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    Path archive = directory.resolve("chart.tar");
    Files.write(archive, ImageBuilder.tar(files));
    return archive;
  }

  @Test
  void anArtifactIsKeptShownAndPassedOn() throws Exception {
    String digest = Digest.ofBytes(manifest()).toString();
    assertThat(one.run("load", "-i", layout().toString()).ok().out())
        .contains("Loaded artifact: chart:1");
    assertThat(
            one.run(
                    "images",
                    "--format",
                    "{{.Repository}} {{.Tag}} {{.ID}} {{.CreatedSince}}",
                    "--no-trunc")
                .ok()
                .line())
        .isEqualTo("chart 1 " + digest + " N/A");
    for (String name : new String[] {"chart:1", digest}) {
      assertThat(one.run("image", "inspect", "-f", "{{.ArtifactType}} {{.Id}}", name).ok().line())
          .isEqualTo(TYPE + " " + digest);
    }
    assertThat(one.run("inspect", "-f", "{{json .RepoDigests}}", "chart:1").ok().out())
        .contains("chart@" + digest);
    one.run("run", "--rm", "chart:1", "true")
        .fails(125, "\"chart:1\" holds no image that could be run: it is an artifact");
    one.run("image", "mount", "chart:1").fails(1, "it is an artifact");

    try (DebianRegistry registry = DebianRegistry.start(directory, "", "")) {
      String name = registry.domain() + "/charts/chart:1";
      assertThat(one.run("push", "chart:1", name).ok().out()).contains(digest);
      assertThat(other.run("pull", name).ok().out()).contains("Digest: " + digest);
      assertThat(other.run("registry", "tags", registry.domain() + "/charts/chart").ok().line())
          .isEqualTo("1");
      other.run("run", name, "true").fails(125, "it is an artifact");
      isTheSame(name);
      Path saved = directory.resolve("saved.tar");
      other.run("save", "-o", saved.toString(), name).ok();
      other.run("tag", name, "second:1").ok();
      other.run("rmi", digest).fails(1, "several names point at it");
      other.run("rmi", name).ok();
      assertThat(other.run("rmi", digest).ok().out()).contains("Untagged: second:1");
      assertThat(other.run("images", "-q").ok().out()).isEmpty();
      other.run("load", "-i", saved.toString()).ok();
      isTheSame(name);
    }
    other.run("image", "check").ok();
  }

  private void isTheSame(String name) throws Exception {
    Path copied = directory.resolve("copied");
    Coffer.delete(copied);
    other.run("copy", name, "dir:" + copied).ok();
    assertThat(copied.resolve("manifest.json")).hasBinaryContent(manifest());
    assertThat(copied.resolve(Digest.ofBytes(CONTENT).hex())).hasBinaryContent(CONTENT);
  }
}
