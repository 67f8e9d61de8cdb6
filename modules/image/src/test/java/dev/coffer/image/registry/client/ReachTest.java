package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a host is reached: in the clear or not, directly or not. */
class ReachTest {
  @TempDir Path system;
  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(system);
    String ignored = fixture.tagged("1");
    Files.delete(
        system.resolve("etc/coffer/registries.d/" + fixture.registry.domain() + "/hosts.toml"));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void aPlainRegistryOnThisHostIsFoundOutOnce() throws Exception {
    assertThat(fixture.app().find("1")).isPresent();
    assertThat(fixture.app().find("1")).isPresent();
    assertThat(fixture.registry.count("GET /v2/$")).isEqualTo(1);
  }

  @Test
  void whoWantsTlsGetsNothingElse() {
    RegistryAccess strict =
        new RegistryAccess(
            fixture.environment,
            Optional.empty(),
            Optional.empty(),
            Optional.of(true),
            Optional.empty());
    Reference name = Reference.parse(fixture.registry.domain() + "/app");
    fails(Kind.UNAVAILABLE, () -> fixture.registries.open(name, strict).find("1"));
    assertThat(fixture.registry.requests()).isEmpty();
  }

  @Test
  void aProxyIsToldItsPasswordAndTheRegistryIsNot() throws Exception {
    List<Optional<String>> seen = new CopyOnWriteArrayList<>();
    try (FakeRegistry proxy = FakeRegistry.start()) {
      proxy.when(
          "http://far.example/",
          exchange -> {
            seen.add(exchange.header("Proxy-Authorization"));
            exchange
                .set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                .answer(200, Fixture.MANIFEST);
            return true;
          });
      fixture.environment.put("http_proxy", "http://me:secret@" + proxy.domain());
      fixture.file(
          "etc/coffer/registries.d/far.example/hosts.toml", "server = \"http://far.example\"\n");
      assertThat(
              fixture
                  .registries
                  .open(Reference.parse("far.example/app"), fixture.access())
                  .manifest("1")
                  .bytes())
          .isNotEmpty();
      assertThat(proxy.requests()).containsExactly("GET http://far.example/v2/app/manifests/1");
      assertThat(seen).containsExactly(Optional.of("Basic bWU6c2VjcmV0"));
    }
  }
}
