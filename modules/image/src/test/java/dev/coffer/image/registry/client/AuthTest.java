package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.registry.Exchange;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthTest {
  @TempDir Path system;
  private Fixture fixture;
  private FakeRegistry tokens;
  private final AtomicInteger issued = new AtomicInteger();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String accepted = "";

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(system);
    tokens = FakeRegistry.start();
    String ignored = fixture.tagged("1");
  }

  @AfterEach
  void stop() {
    fixture.close();
    tokens.close();
  }

  /** The registry takes the newest token only. */
  private void wantBearer(String life) {
    tokens.when(
        "/token",
        exchange -> {
          asked.add(
              exchange.method()
                  + " "
                  + exchange.rawQuery()
                  + " "
                  + exchange.header("Authorization").orElse("-")
                  + " "
                  + new String(exchange.body(), StandardCharsets.UTF_8));
          accepted = "token" + issued.incrementAndGet();
          exchange.answer(200, "{\"token\":\"" + accepted + "\"" + life + "}");
          return true;
        });
    fixture.registry.when("", this::guard);
  }

  private boolean guard(Exchange exchange) throws IOException {
    if (exchange.header("Authorization").equals(Optional.of("Bearer " + accepted))) {
      return false;
    }
    exchange.set(
        "WWW-Authenticate",
        "Bearer realm=\"http://%s/token\",service=\"fake, the registry\",scope=\"repository:app:pull\""
            .formatted(tokens.domain()));
    FakeRegistry.error(exchange, 401, "UNAUTHORIZED", "authentication required");
    return true;
  }

  private void login(String pair) throws IOException {
    fixture.file(
        "home/.docker/config.json",
        "{\"auths\":{\"%s\":%s}}".formatted(fixture.registry.domain(), pair));
  }

  @Test
  void fetchesATokenOnceForEachScope() throws Exception {
    wantBearer(",\"expires_in\":300");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(fixture.app().find("1")).isPresent();
    assertThat(asked)
        .containsExactly("GET service=fake%2C+the+registry&scope=repository%3Aapp%3Apull - ");
    assertThat(fixture.registry.count("manifests")).isEqualTo(3);
  }

  @Test
  void shortLivedTokensAreUsedForAWhileAndRejectedOnesReplaced() throws Exception {
    wantBearer(",\"expires_in\":1");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(issued).hasValue(1);
    accepted = "another";
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(issued).hasValue(2);
  }

  @Test
  void proveThemselvesByPassword() throws Exception {
    wantBearer("");
    login("{\"auth\":\"bWU6c2VjcmV0\"}");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(asked.getFirst()).contains("&account=me Basic bWU6c2VjcmV0 ");
  }

  @Test
  void proveThemselvesByIdentityToken() throws Exception {
    wantBearer("");
    login("{\"identitytoken\":\"id tok\"}");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(asked.getFirst())
        .startsWith("POST null - grant_type=refresh_token&client_id=coffer&service=")
        .endsWith("&scope=repository%3Aapp%3Apull&refresh_token=id+tok");
  }

  @Test
  void mountingAsksForBothRepositories() throws Exception {
    wantBearer("");
    Digest digest = fixture.registry.blob("base", new byte[] {1});
    assertThat(fixture.app().mount(digest, "base")).isTrue();
    assertThat(asked.getFirst())
        .contains("scope=repository%3Aapp%3Apull%2Cpush&scope=repository%3Abase%3Apull");
  }

  @Test
  void anUnhelpfulTokenServerIsNamed() {
    wantBearer("");
    tokens.when(
        "/token",
        exchange -> {
          exchange.answer(200, "{}");
          return true;
        });
    assertThat(fails(Kind.MALFORMED, () -> fixture.app().manifest("1")))
        .hasMessageContaining(tokens.domain());
    tokens.when(
        "/token",
        exchange -> {
          exchange.answer(401);
          return true;
        });
    fails(Kind.UNAUTHORIZED, () -> fixture.app().manifest("1"));
  }

  @Test
  void aTokenServerThatIsBusyIsAskedAgain() throws Exception {
    wantBearer("");
    AtomicInteger tries = new AtomicInteger();
    tokens.when(
        "/token",
        exchange -> {
          boolean busy = tries.incrementAndGet() < 3;
          if (busy) {
            exchange.answer(503);
          }
          return busy;
        });
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    tokens.when(
        "/token",
        exchange -> {
          exchange.answer(429);
          return true;
        });
    accepted = "another";
    assertThat(fails(Kind.UNAVAILABLE, () -> fixture.app().manifest("1")))
        .hasMessageContaining("cannot get a token from " + tokens.domain())
        .hasMessageEndingWith("status 429");
  }

  @Test
  void basicIsUsedWhereItIsWanted() throws Exception {
    fixture.registry.withBasic("me", "secret");
    assertThat(fails(Kind.UNAUTHORIZED, () -> fixture.app().manifest("1")))
        .hasMessage(
            "registry %1$s wants other credentials for tag \"1\" in \"app\": authentication required (see coffer login %1$s)"
                .formatted(fixture.registry.domain()));
    login("{\"auth\":\"bWU6c2VjcmV0\"}");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    long before = fixture.registry.requests().size();
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(fixture.registry.requests()).hasSize((int) before + 1);
  }

  @Test
  void givenCredentialsComeFirst() throws Exception {
    fixture.registry.withBasic("me", "secret");
    login("{\"auth\":\"eDp5\"}");
    RegistryAccess access = fixture.access().withCredentials(new Credentials("me", "secret"));
    Reference name = Reference.parse(fixture.registry.domain() + "/app");
    assertThat(fixture.registries.open(name, access).manifest("1").bytes()).isNotEmpty();
  }

  private Registry registry() throws IOException {
    return fixture.registries.registry(fixture.registry.domain(), fixture.access());
  }

  @Test
  void loginKeepsWhatTheRegistryAccepts() throws Exception {
    fixture.registry.withBasic("me", "secret");
    Path config = system.resolve("home/.docker/config.json");
    assertThat(fails(Kind.UNAUTHORIZED, () -> registry().login(new Credentials("me", "wrong"))))
        .hasMessageContaining("refuses the name or the password");
    assertThat(Files.exists(config)).isFalse();
    assertThat(registry().login(new Credentials("me", "secret")).file()).isEqualTo(config);
    assertThat(registry().credentials().orElseThrow().credentials().user()).isEqualTo("me");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(registry().logout()).containsExactly(config);
    fails(Kind.UNAUTHORIZED, () -> fixture.app().manifest("1"));
  }

  @Test
  void searchesOrLists() throws Exception {
    fixture.registry.when(
        "GET /v2/_catalog",
        exchange -> {
          exchange.answer(200, "{\"repositories\":[\"app\",\"base\",\"team/app\",\"../x\"]}");
          return true;
        });
    assertThat(registry().search("app", 10))
        .extracting(SearchResult::name)
        .containsExactly(
            fixture.registry.domain() + "/app", fixture.registry.domain() + "/team/app");
    fixture.registry.when(
        "GET /v1/search\\?q=a%26b&n=10",
        exchange -> {
          exchange.answer(
              200,
              "{\"results\":[{\"name\":\"x/y\",\"description\":\"d\",\"star_count\":3,\"is_official\":true}]}");
          return true;
        });
    assertThat(registry().search("a&b", 10))
        .containsExactly(new SearchResult(fixture.registry.domain() + "/x/y", "d", 3, true));
  }

  @Test
  void aRegistryThatIsNotThereIsSaid() {
    fixture.registry.close();
    assertThat(fails(Kind.UNAVAILABLE, () -> registry().search("app", 10)))
        .hasMessageEndingWith("connection refused");
    assertThat(fails(Kind.UNAVAILABLE, () -> registry().login(new Credentials("me", "x"))))
        .hasMessageEndingWith("connection refused");
  }

  @Test
  void noSearchIsSaid() {
    assertThat(fails(Kind.NOT_SUPPORTED, () -> registry().search("app", 10)))
        .hasMessageContaining("offers no search");
  }
}
