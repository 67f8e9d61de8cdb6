package dev.coffer.image.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.kernel.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialStoreTest {
  @TempDir Path home;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void environment() {
    environment.put("HOME", home.toString());
    environment.put("XDG_RUNTIME_DIR", home.resolve("run").toString());
    environment.put("PATH", home.resolve("bin") + ":/usr/bin:/bin");
    environment.put("STATE", home.resolve("state").toString());
  }

  private CredentialStore store() {
    return new CredentialStore(
        RegistryAccess.of(environment), Spawner.posix(), Duration.ofSeconds(10));
  }

  private Optional<String> find(String repository) throws IOException {
    return store()
        .find(repository)
        .map(found -> found.credentials().user() + "/" + found.credentials().secret());
  }

  private Path file(String path, String text) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String auth(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String auths(String key, String pair) {
    return "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(key, auth(pair));
  }

  @Test
  void findsNothingWhereNothingIs() throws Exception {
    assertThat(find("example.org/app")).isEmpty();
  }

  @Test
  void readsDockersFileWithItsOldKeys() throws Exception {
    Path ignored = file(".docker/config.json", auths("https://index.docker.io/v1/", "me:pa:ss"));
    assertThat(find("docker.io/library/busybox")).contains("me/pa:ss");
    assertThat(find("example.org/app")).isEmpty();
    environment.put("DOCKER_CONFIG", home.resolve("other").toString());
    assertThat(find("docker.io/library/busybox")).isEmpty();
    ignored = file("other/config.json", auths("http://example.org/v2/", "a:b"));
    assertThat(find("example.org/app")).contains("a/b");
  }

  @Test
  void podmansFilesComeFirstAndAnExplicitOneIsTheOnlyOne() throws Exception {
    Path ignored = file(".docker/config.json", auths("example.org", "docker:1"));
    ignored = file(".config/containers/auth.json", auths("example.org", "config:1"));
    assertThat(find("example.org/app")).contains("config/1");
    ignored = file("run/containers/auth.json", auths("example.org", "run:1"));
    assertThat(find("example.org/app")).contains("run/1");
    Path explicit = file("explicit.json", auths("example.com", "x:1"));
    environment.put("REGISTRY_AUTH_FILE", explicit.toString());
    assertThat(find("example.org/app")).isEmpty();
    assertThat(find("example.com/app")).contains("x/1");
  }

  @Test
  void theLongestKeyCounts() throws Exception {
    Path ignored =
        file(
            ".docker/config.json",
            "{\"auths\":{\"r.io\":{\"auth\":\"%s\"},\"r.io/team\":{\"auth\":\"%s\"},\"r.io/team/app\":{}}}"
                .formatted(auth("all:1"), auth("team:1")));
    assertThat(find("r.io/team/app")).contains("team/1");
    assertThat(find("r.io/team/app/part")).contains("team/1");
    assertThat(find("r.io/teams")).contains("all/1");
  }

  @Test
  void readsIdentityTokens() throws Exception {
    Path ignored =
        file(
            ".docker/config.json",
            "{\"auths\":{\"r.io\":{\"auth\":\"%s\",\"identitytoken\":\"tok\"}}}"
                .formatted(auth("x:")));
    assertThat(find("r.io/app")).contains("/tok");
  }

  @Test
  void aMalformedEntryIsNamedWithoutItsSecret() throws Exception {
    Path ignored = file(".docker/config.json", "{\"auths\":{\"r.io\":{\"auth\":\"c2VjcmV0\"}}}");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> find("r.io/app"))
        .withMessageContaining("config.json")
        .withMessageNotContaining("c2VjcmV0")
        .withMessageContaining("base64 of NAME:PASSWORD");
  }

  @Test
  void storesPrivatelyAndKeepsWhatItDoesNotKnow() throws Exception {
    Path config =
        file(
            ".docker/config.json",
            "{\"HttpHeaders\":{\"a\":\"b\"},\"auths\":{\"https://r.io/v1/\":{\"auth\":\"eDp5\"}}}");
    assertThat(store().store("r.io", new Credentials("me", "secret")).file()).isEqualTo(config);
    assertThat(find("r.io/app")).contains("me/secret");
    assertThat(Files.readString(config)).contains("HttpHeaders").doesNotContain("eDp5");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    CredentialStore.Kept kept = store().store("docker.io", new Credentials("", "token"));
    assertThat(kept.helper()).isEmpty();
    assertThat(Files.readString(config)).contains("https://index.docker.io/v1/");
    assertThat(find("docker.io/a/b")).contains("/token");
    assertThat(store().erase("r.io")).containsExactly(config);
    assertThat(find("r.io/app")).isEmpty();
    assertThat(store().erase("r.io")).isEmpty();
  }

  @Test
  void makesTheFileWhereThereIsNone() throws Exception {
    Path made = store().store("r.io", new Credentials("me", "secret")).file();
    assertThat(made).isEqualTo(home.resolve(".docker/config.json"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.getParent())))
        .isEqualTo("rwx------");
  }

  private void helper(String name, String script) throws IOException {
    Path program = file("bin/docker-credential-" + name, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static final String KEEPER =
      """
      case $1 in
      store) cat >"$STATE" ;;
      erase) rm -f "$STATE" ;;
      get) read -r server
        [ -e "$STATE" ] || { echo "credentials not found in native keychain"; exit 1; }
        cat "$STATE" ;;
      list) echo '{"r.io":"me"}' ;;
      esac
      """;

  @Test
  void helpersKeepCredentials() throws Exception {
    Path config = file(".docker/config.json", "{\"credsStore\":\"keeper\"}");
    helper("keeper", KEEPER);
    assertThat(find("r.io/app")).isEmpty();
    assertThat(store().store("r.io", new Credentials("me", "se\"cret")).file()).isEqualTo(config);
    assertThat(Files.readString(config)).doesNotContain("cret");
    assertThat(Files.readString(home.resolve("state"))).contains("\"ServerURL\":\"r.io\"");
    assertThat(find("r.io/app")).contains("me/se\"cret");
    assertThat(store().erase("r.io")).containsExactly(config);
    assertThat(find("r.io/app")).isEmpty();
  }

  @Test
  void aHelperForOneRegistryIsAskedForThatAlone() throws Exception {
    Path ignored =
        file(
            ".docker/config.json",
            "{\"credHelpers\":{\"r.io\":\"one\"},\"auths\":{\"x.io\":{\"auth\":\"%s\"}}}"
                .formatted(auth("x:1")));
    helper(
        "one", "read -r s; echo \"{\\\"Username\\\":\\\"<token>\\\",\\\"Secret\\\":\\\"$s\\\"}\"");
    assertThat(find("r.io/app")).contains("/r.io");
    assertThat(find("x.io/app")).contains("x/1");
  }

  @Test
  void helpersThatFailOrAreMissingAreNamed() throws Exception {
    Path ignored = file(".docker/config.json", "{\"credsStore\":\"broken\"}");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> find("r.io/app"))
        .withMessageContaining("\"docker-credential-broken\": not found in PATH");
    helper("broken", "echo no keyring; exit 2");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> find("r.io/app"))
        .withMessageEndingWith("get failed with 2: no keyring");
  }

  @Test
  void helpersHaveLimitedTime() throws Exception {
    Path ignored = file(".docker/config.json", "{\"credsStore\":\"slow\"}");
    helper("slow", "exec sleep 100");
    CredentialStore hasty =
        new CredentialStore(
            RegistryAccess.of(environment), Spawner.posix(), Duration.ofMillis(200));
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> hasty.find("r.io/app"))
        .withMessageContaining("did not end within");
  }

  @Test
  void listsWhatAHelperHas() throws Exception {
    helper("keeper", KEEPER);
    CredentialHelper keeper =
        new CredentialHelper(
            "keeper", new HelperProcess(Spawner.posix(), Duration.ofSeconds(10)), environment);
    assertThat(keeper.list()).containsExactly(Map.entry("r.io", "me"));
  }
}
