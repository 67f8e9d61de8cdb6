package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer.Result;
import dev.coffer.spec.image.Platform;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import dev.coffer.testkit.registry.DebianRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pull}, and {@code run} of what is not here, from Debian's registry, as users do it. */
class PullIT {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final String ECHO = "runs";

  @TempDir Path directory;

  /** What pushes and what pulls have different stores: nothing is there that was not brought. */
  private Coffer pusher;

  private Coffer puller;

  @BeforeEach
  void open() throws IOException {
    pusher = Coffer.open();
    puller = Coffer.open();
    Files.createDirectories(config());
  }

  @AfterEach
  void close() {
    puller.close();
    pusher.close();
  }

  private Path home() {
    return directory.resolve("home");
  }

  private Path config() {
    return home().resolve(".config/coffer");
  }

  private Result as(Coffer coffer, String input, String... words) {
    Map<String, String> environment =
        Map.of(
            "HOME",
            home().toString(),
            "XDG_CONFIG_HOME",
            home().resolve(".config").toString(),
            "DOCKER_CONFIG",
            home().resolve(".docker").toString(),
            "XDG_RUNTIME_DIR",
            directory.resolve("none").toString());
    return Coffer.finish(coffer.start(environment, words), input.getBytes(StandardCharsets.UTF_8));
  }

  private Result pull(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "pull";
    System.arraycopy(words, 0, all, 1, words.length);
    return as(puller, "", all);
  }

  private String push(String image, String name) {
    return digest(as(pusher, "", "push", image, name).ok().out());
  }

  private static String digest(String text) {
    Matcher found = DIGEST.matcher(text);
    assertThat(found.find()).as("a digest in: %s", text).isTrue();
    return found.group();
  }

  private void runs(String image) {
    assertThat(as(puller, "", "run", "--rm", image, "echo", ECHO).ok().line()).isEqualTo(ECHO);
  }

  private DebianRegistry plain() throws Exception {
    return DebianRegistry.start(directory, "", "");
  }

  @Test
  void whatIsNotHereIsPulledAndToldOfAsDockerDoes() throws Exception {
    try (DebianRegistry registry = plain()) {
      String name = registry.domain() + "/team/app:1";
      String digest = push("busybox", name);
      assertThat(pull(name).ok().lines())
          .contains("Digest: " + digest, "Status: Downloaded newer image for " + name, name);
      assertThat(pull(name).ok().lines()).contains("Status: Image is up to date for " + name);
      assertThat(pull("-q", name).ok().out()).isEqualTo(name + "\n");
      runs(name);

      String other = registry.domain() + "/team/app:2";
      as(puller, "", "run", "--pull", "never", other, "true").fails(125, "no such image");
      pull(other).fails(1, "cannot pull \"" + other + "\"", "has no tag \"2\"");
      String second = push("busybox", registry.domain() + "/team/app:latest");
      assertThat(second).isEqualTo(digest);
      Result run =
          as(puller, "", "run", "--rm", registry.domain() + "/team/app", "echo", ECHO).ok();
      assertThat(run.out()).isEqualTo(ECHO + "\n");
      assertThat(run.err())
          .startsWith("Unable to find image '" + registry.domain() + "/team/app:latest' locally\n")
          .contains("Digest: " + digest);
    }
  }

  @Test
  void byDigestNothingElseIsTaken() throws Exception {
    try (DebianRegistry registry = plain()) {
      String repository = registry.domain() + "/app";
      String digest = push("busybox", repository + ":1");
      String exact = repository + "@" + digest;
      assertThat(pull("-q", exact).ok().line()).isEqualTo(exact);
      runs(exact);
      assertThat(
              as(
                      puller,
                      "",
                      "images",
                      "--digests",
                      "--format",
                      "{{.Repository}} {{.Tag}} {{.Digest}}")
                  .ok()
                  .lines())
          .contains(repository + " <none> " + digest);
      String absent = repository + "@sha256:" + "0".repeat(64);
      pull(absent).fails(1, "cannot pull \"" + absent + "\"", "manifest unknown");
      // A tag beside a digest says nothing, as with Docker.
      assertThat(pull("-q", repository + ":9@" + digest).ok().line()).contains(digest);
    }
  }

  @Test
  void allTagsOfARepository() throws Exception {
    try (DebianRegistry registry = plain()) {
      String repository = registry.domain() + "/app";
      for (String tag : List.of("1", "2", "latest")) {
        push("busybox", repository + ":" + tag);
      }
      assertThat(pull("-a", "-q", repository).ok().lines())
          .containsExactlyInAnyOrder(repository + ":1", repository + ":2", repository + ":latest");
      assertThat(as(puller, "", "images", "-q", repository).ok().lines()).hasSize(3);
      pull("--all-tags", repository + ":1").fails(1, "tag can't be used with --all-tags/-a");
      pull("--all-tags", registry.domain() + "/none").fails(1, "cannot", "/none");
    }
  }

  @Test
  void progressForPrograms() throws Exception {
    try (DebianRegistry registry = plain()) {
      String name = registry.domain() + "/app:1";
      String digest = push("busybox", name);
      assertThat(pull("--progress", "json", name).ok().lines())
          .hasSizeGreaterThan(2)
          .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
          .anyMatch(line -> line.contains(digest));
    }
  }

  @Test
  void thePlatformThatIsAskedFor() throws Exception {
    Platform foreign = Platform.parse("linux/s390x");
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    byte[] content = new TarBuilder().file("which", "host").build();
    ImageBuilder here = ImageBuilder.of(Packing.GZIP, content);
    images.put(Platform.host(), here);
    byte[] other = new TarBuilder().file("which", "other").build();
    ImageBuilder there = ImageBuilder.of(foreign, Packing.ZSTD, other);
    images.put(foreign, there);
    Path archive = directory.resolve("many.tar");
    Files.write(archive, ImageBuilder.tar(ImageBuilder.layoutOfIndex("many:1", images)));
    as(pusher, "", "load", "-i", archive.toString()).ok();
    try (DebianRegistry registry = plain()) {
      String name = registry.domain() + "/many:1";
      String index = push("many:1", name);
      pull(name).ok();
      assertThat(id(name)).isEqualTo(here.id().toString());
      assertThat(as(puller, "", "image", "tree", name).ok().out())
          .containsPattern("└── linux/s390x +not here");
      assertThat(pull("--platform", "linux/s390x", name).ok().out()).contains(index);
      assertThat(as(puller, "", "image", "tree", name).ok().out())
          .containsPattern("└── linux/s390x +" + there.id().shortHex());
      pull("--platform", "linux/riscv64", name)
          .fails(1, "platform linux/riscv64", "linux/s390x", Platform.host().toString());
      pull("--platform", "nonsense/x/y/z", name).fails(125, "nonsense");
      as(puller, "", "run", "--platform", "linux/riscv64", name, "true")
          .fails(125, "linux/riscv64", "linux/s390x");
    }
  }

  private String id(String image) {
    return as(puller, "", "image", "inspect", "-f", "{{.Id}}", image).ok().line();
  }

  @Test
  void withAPasswordAndNotWithoutIt() throws Exception {
    DebianRegistry.run(directory, "htpasswd", "-Bbc", "passwords", "me", "secret");
    String auth =
        "auth:\n  htpasswd:\n    realm: test\n    path: " + directory.resolve("passwords");
    try (DebianRegistry registry = DebianRegistry.start(directory, "", auth)) {
      String name = registry.domain() + "/app:1";
      as(pusher, "", "push", "busybox", name).fails(1, "cannot push", "credentials");
      as(pusher, "wrong", "login", "-u", "me", "--password-stdin", registry.domain())
          .fails(1, "refuses the name or the password");
      assertThat(home().resolve(".docker")).doesNotExist();
      assertThat(
              as(pusher, "secret\n", "login", "-u", "me", "--password-stdin", registry.domain())
                  .ok()
                  .out())
          .contains("Login Succeeded");
      assertThat(as(pusher, "", "login", "--get-login", registry.domain()).ok().line())
          .isEqualTo("me");
      push("busybox", name);
      as(puller, "", "run", "--rm", name, "true").ok();
      as(puller, "", "rmi", name).ok();

      assertThat(as(puller, "", "logout", registry.domain()).ok().out())
          .contains("Removing login credentials for " + registry.domain());
      pull(name).fails(1, "cannot pull \"" + name + "\"", "wants other credentials");
      as(puller, "", "run", name, "true").fails(125, "wants other credentials");
      pull("--creds", "me:secret", name).ok();
      Path file = directory.resolve("auth.json");
      as(
              puller,
              "secret",
              "login",
              "-u",
              "me",
              "--password-stdin",
              "--authfile",
              file.toString(),
              registry.domain())
          .ok();
      assertThat(home().resolve(".docker/config.json")).content().doesNotContain("auth\":");
      as(puller, "", "rmi", name).ok();
      pull("--authfile", file.toString(), name).ok();
      assertThat(as(puller, "", "info").ok().out()).doesNotContain("secret");
    }
  }

  @Test
  void withAPrivateAuthority() throws Exception {
    DebianRegistry.run(
        directory,
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out server.crt"
            .split(" "));
    String tls =
        "tls:\n  certificate: %1$s/server.crt\n  key: %1$s/server.key".formatted(directory);
    try (DebianRegistry registry = DebianRegistry.start(directory, tls, "")) {
      String name = registry.domain() + "/app:1";
      String digest = push("busybox", name);
      pull("--tls-verify", name).fails(1, "signed by an unknown authority");
      Path authority = Files.createDirectories(directory.resolve("certs")).resolve("ca.crt");
      Files.copy(directory.resolve("server.crt"), authority);
      assertThat(
              pull("--tls-verify", "--cert-dir", authority.getParent().toString(), name).ok().out())
          .contains(digest);
      assertThat(registry.requests())
          .anyMatch(line -> line.contains("GET /v2/app/blobs/") && line.contains(" HTTP/2.0\" 20"))
          .noneMatch(line -> line.contains("/v2/app/blobs/") && line.contains("HTTP/1.1"));
      as(puller, "", "rmi", name).ok();
      Path known =
          Files.createDirectories(config().resolve("registries.d").resolve(registry.domain()));
      Files.copy(authority, known.resolve("ca.crt"));
      pull("--tls-verify", name).ok();
      Files.writeString(known.resolve("ca.crt"), "no certificate");
      pull("--tls-verify", name).fails(1, known.resolve("ca.crt").toString());
    }
  }

  @Test
  void aPullWhoseEngineIsKilledIsGoneOnWith() throws Exception {
    byte[] noise = new byte[24 << 20];
    new Random(5).nextBytes(noise);
    byte[] content = new TarBuilder().file("noise", noise).build();
    Path archive = directory.resolve("noise.tar");
    Files.write(
        archive, ImageBuilder.tar(ImageBuilder.of(Packing.PLAIN, content).layout("noise:1")));
    as(pusher, "", "load", "-i", archive.toString()).ok();
    try (DebianRegistry registry = plain();
        StallingLine line = new StallingLine(registry.port(), 16 << 20)) {
      push("noise:1", registry.domain() + "/noise:1");
      String name = line.domain() + "/noise:1";
      Process pulling = puller.start("pull", name);
      Coffer.eventually(line::isStalled);
      ProcessHandle.of(puller.enginePid()).orElseThrow().destroyForcibly();
      Result broken = Coffer.finish(pulling, new byte[0]);
      assertThat(broken.exitCode()).isNotZero();
      assertThat(as(puller, "", "images", "-q").ok().out()).isEmpty();
      long before = line.passed();
      line.release();
      pull(name).ok();
      assertThat(line.passed() - before).isLessThan(noise.length - (8 << 20));
      assertThat(as(puller, "", "image", "check").ok().exitCode()).isZero();
    }
  }

  /** What stands for a registry that must not be asked: nobody listens there. */
  private static final String NOBODY = "http://127.0.0.1:1";

  private void write(String file, String text) throws IOException {
    Path path = config().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void mirrorsByHostsToml() throws Exception {
    try (DebianRegistry mirror = plain()) {
      String digest = push("busybox", mirror.domain() + "/team/app:1");
      write(
          "registries.d/docker.io/hosts.toml",
          """
          server = "%s"
          [host."%s/gone"]
            capabilities = ["pull", "resolve"]
          [host."http://%s"]
            capabilities = ["pull", "resolve"]
          """
              .formatted(NOBODY, NOBODY, mirror.domain()));
      assertThat(pull("team/app:1").ok().lines())
          .contains("Digest: " + digest, "docker.io/team/app:1");
      runs("team/app:1");
      assertThat(as(puller, "", "images", "--format", "{{.Repository}}:{{.Tag}}").ok().lines())
          .containsExactly("team/app:1");
      pull("team/other:1")
          .fails(1, "about tag \"1\" in \"team/other\"", "127.0.0.1:1", mirror.domain());
    }
  }

  @Test
  void mirrorsByRegistriesConf() throws Exception {
    try (DebianRegistry mirror = plain()) {
      String digest = push("busybox", mirror.domain() + "/copies/app:1");
      write(
          "registries.conf",
          """
          [[registry]]
          prefix = "registry.invalid/team"
          location = "registry.invalid/team"
          [[registry.mirror]]
          location = "%s/copies"
          insecure = true
          [[registry]]
          location = "blocked.invalid"
          blocked = true
          [aliases]
          shorty = "registry.invalid/team/app"
          """
              .formatted(mirror.domain()));
      String name = "registry.invalid/team/app:1";
      assertThat(pull(name).ok().lines()).contains("Digest: " + digest, name);
      runs(name);
      runs("shorty:1");
      assertThat(pull("-q", "shorty:1").ok().line()).isEqualTo(name);
      pull("blocked.invalid/app:1").fails(1, "blocked");
      allCommandsMeanTheSame("shorty:1", name);
      settingsThatCannotBeReadAreInNobodysWay(name);
    }
  }

  private void allCommandsMeanTheSame(String alias, String name) {
    String id = id(name);
    assertThat(id(alias)).isEqualTo(id);
    assertThat(as(puller, "", "history", "-q", "--no-trunc", alias).ok().out()).contains(id);
    assertThat(as(puller, "", "explain", "run", alias, "true").ok().out()).contains("pivot_root");
    as(puller, "", "tag", alias, "copied:1").ok();
    assertThat(id("copied:1")).isEqualTo(id);
    Path archive = directory.resolve("several.tar");
    as(puller, "", "save", "-o", archive.toString(), alias, "copied:1").ok();
    assertThat(as(puller, "", "rmi", alias, "copied:1").ok().lines())
        .contains("Untagged: " + name, "Untagged: copied:1", "Deleted: " + id);
    assertThat(as(puller, "", "load", "-i", archive.toString()).ok().lines())
        .containsExactlyInAnyOrder("Loaded image: " + name, "Loaded image: copied:1");
    assertThat(id(alias)).isEqualTo(id);
  }

  private void settingsThatCannotBeReadAreInNobodysWay(String name) throws IOException {
    write("registries.conf", "[[registry]\n");
    runs(name);
    runs("copied:1");
    assertThat(id("copied:1")).isEqualTo(id(name));
    as(puller, "", "run", "absent", "true").fails(125, "registries.conf");
    pull("absent").fails(1, "registries.conf");
  }
}
