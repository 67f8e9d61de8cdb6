package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListsTest {
  @TempDir Path system;
  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(system);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void listsTagsPageByPage() throws Exception {
    fixture.registry.when(
        "GET .*/tags/list",
        exchange -> {
          if (exchange.query("last").isEmpty()) {
            exchange
                .set("Link", "</v2/app/tags/list?last=b&n=2>; rel=\"next\"")
                .answer(200, "{\"tags\":[\"a\",\"b\"]}");
          } else {
            exchange.answer(200, "{\"tags\":[\"c\"]}");
          }
          return true;
        });
    assertThat(fixture.app().tags()).containsExactly("a", "b", "c");
  }

  @Test
  void refusesPagesInACircle() {
    fixture.registry.when(
        "GET .*/tags/list",
        exchange -> {
          exchange
              .set("Link", "</v2/app/tags/list?last=a>; rel=\"next\"")
              .answer(200, "{\"tags\":[\"a\"]}");
          return true;
        });
    assertThat(fails(Kind.MALFORMED, () -> fixture.app().tags()))
        .hasMessageContaining("without an end");
  }

  @Test
  void refusesPagesAtAnotherHost() {
    fixture.registry.when(
        "GET .*/tags/list",
        exchange -> {
          exchange
              .set("Link", "<http://192.0.2.1/v2/app/tags/list>; rel=next")
              .answer(200, "{\"tags\":[\"a\"]}");
          return true;
        });
    assertThat(fails(Kind.MALFORMED, () -> fixture.app().tags()))
        .hasMessageContaining("at another host");
  }

  @Test
  void noTagsAreNoError() throws Exception {
    fixture.registry.when(
        "GET .*/tags/list",
        exchange -> {
          exchange.answer(200, "{\"name\":\"app\",\"tags\":null}");
          return true;
        });
    assertThat(fixture.app().tags()).isEmpty();
  }

  private static String referrer(Digest subject, String type) {
    return """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"%s",\
        "config":{"mediaType":"application/vnd.oci.empty.v1+json",\
        "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},\
        "layers":[],"subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
        "digest":"%s","size":1},"annotations":{"k":"%s"}}"""
        .formatted(type, subject, type);
  }

  private String put(Digest subject, String type) throws IOException {
    byte[] bytes = referrer(subject, type).getBytes(StandardCharsets.UTF_8);
    String digest = Digest.ofBytes(bytes).toString();
    fixture.app().put(digest, MediaTypes.OCI_MANIFEST, bytes);
    return digest;
  }

  @Test
  void notesReferrersUnderATagWhereThereIsNoApi() throws Exception {
    Digest subject = Digest.parse(fixture.tagged("1"));
    String signature = put(subject, "type/signature");
    String sbom = put(subject, "type/sbom");
    assertThat(put(subject, "type/sbom")).isEqualTo(sbom);
    Index all = fixture.app().referrers(subject, Optional.empty());
    assertThat(all.manifests())
        .extracting(it -> it.digest().toString())
        .containsExactly(signature, sbom);
    Descriptor one =
        fixture.app().referrers(subject, Optional.of("type/sbom")).manifests().getFirst();
    assertThat(one.digest()).hasToString(sbom);
    assertThat(one.artifactType()).contains("type/sbom");
    assertThat(one.annotations()).containsEntry("k", "type/sbom");
    assertThat(fixture.registry.manifest("app", "sha256-" + subject.hex())).isPresent();

    fixture.app().deleteManifest(signature);
    assertThat(fixture.app().referrers(subject, Optional.empty()).manifests()).hasSize(1);
  }

  @Test
  void leavesTheNotingToRegistriesThatDo() throws Exception {
    fixture.registry.when(
        "PUT .*/manifests/",
        exchange -> {
          exchange.set("OCI-Subject", "yes");
          return false;
        });
    Digest subject = Digest.parse(fixture.tagged("1"));
    String ignored = put(subject, "type/sbom");
    assertThat(fixture.registry.manifest("app", "sha256-" + subject.hex())).isEmpty();
  }

  @Test
  void filtersWhatTheApiDoesNot() throws Exception {
    fixture.registry.when(
        "GET .*/referrers/",
        exchange -> {
          exchange.answer(
              200,
              """
              {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
              {"mediaType":"m","size":1,"artifactType":"a","digest":"sha256:%s"},
              {"mediaType":"m","size":1,"artifactType":"b","digest":"sha256:%s"}]}"""
                  .formatted("1".repeat(64), "2".repeat(64)));
          return true;
        });
    Digest subject = Digest.ofBytes(new byte[0]);
    List<Descriptor> found = fixture.app().referrers(subject, Optional.of("b")).manifests();
    assertThat(found).extracting(it -> it.digest().hex()).containsExactly("2".repeat(64));
    assertThat(fixture.registry.count("\\?artifactType=b")).isEqualTo(1);
  }

  @Test
  void nobodyRefers() throws Exception {
    assertThat(fixture.app().referrers(Digest.ofBytes(new byte[0]), Optional.empty()).manifests())
        .isEmpty();
  }
}
