package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A real distribution: Debian with python3, perl and nginx, made by mmdebstrap, packed as an image
 * of several layers by umoci, loaded and used.
 */
class RealImageIT {

  /** Making a distribution downloads a hundred packages and installs them. */
  private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(8);

  private static final int PORT = 18_089;

  private static final String BENCHMARK =
      """
      my $text = join(" ", map { "word$_ item" . ($_ * 7 % 1000) } 1 .. 20000);
      my $found = 0;
      for my $round (1 .. 5) { $found++ while $text =~ /\\bitem(\\d*)7\\b/g; }
      print "$found\\n";
      """;

  private static Coffer coffer;

  @BeforeAll
  static void buildAndLoad() throws IOException {
    coffer = Coffer.open();
    Path work = coffer.directory();
    tool(
        work,
        "mmdebstrap",
        "--variant=minbase",
        "--include=python3-minimal,perl-base,nginx-light",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "bookworm",
        "root.tar");
    tool(work, "umoci", "init", "--layout", "oci");
    tool(work, "umoci", "new", "--image", "oci:real");
    tool(work, "umoci", "raw", "add-layer", "--image", "oci:real", "root.tar");
    Files.writeString(work.resolve("index.html"), "served by a container\n");
    Files.writeString(
        work.resolve("site"), "server { listen 127.0.0.1:%d; root /srv; }\n".formatted(PORT));
    tool(work, "umoci", "insert", "--image", "oci:real", "index.html", "/srv/index.html");
    tool(
        work, "umoci", "insert", "--image", "oci:real", "site", "/etc/nginx/sites-enabled/default");
    tool(
        work,
        "umoci",
        "config",
        "--image",
        "oci:real",
        "--config.env",
        "GREETING=hi",
        "--config.workingdir",
        "/srv",
        "--config.cmd",
        "python3",
        "--config.cmd",
        "-c",
        "--config.cmd",
        "import os; print(os.environ['GREETING'], os.getcwd())");
    coffer.run("load", "-i", work.resolve("oci").toString()).ok();
    coffer.run("tag", coffer.run("images", "-q").ok().lines().getFirst(), "debian-real").ok();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @Test
  void pythonPrintsByTheImagesOwnCommand() {
    assertThat(coffer.run("run", "--rm", "debian-real").ok().line()).isEqualTo("hi /srv");
  }

  @Test
  void perlRunsItsRegularExpressions() {
    assertThat(coffer.run("run", "--rm", "debian-real", "perl", "-e", BENCHMARK).ok().line())
        .isEqualTo("10000");
  }

  @Test
  void ownersAndModesAreTheArchives() {
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "debian-real",
                    "stat",
                    "-c",
                    "%a %U",
                    "/usr/bin/passwd",
                    "/tmp",
                    "/etc/shadow")
                .ok()
                .lines())
        .isEqualTo(List.of("4755 root", "1777 root", "640 root"));
  }

  @Test
  void dpkgFindsNothingWrong() {
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "debian-real",
                    "sh",
                    "-c",
                    "dpkg --verify | grep -v /usr/share/doc; dpkg --audit")
                .out())
        .doesNotContain("missing");
  }

  @Test
  void nginxServesOnTheHostsNetwork() throws Exception {
    coffer
        .run(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "host",
            "debian-real",
            "nginx",
            "-g",
            "daemon off;")
        .ok();
    assertThat(get()).isEqualTo("served by a container\n");
    coffer.run("stop", "web").ok();
    assertThat(coffer.run("inspect", "-f", "{{.State.ExitCode}}", "web").ok().line())
        .isEqualTo("0");
    coffer.run("rm", "web").ok();
  }

  private static String get() throws InterruptedException {
    Instant deadline = Instant.now().plusSeconds(10);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (true) {
        try {
          return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
          if (Instant.now().isAfter(deadline)) {
            throw new AssertionError("nginx does not answer: " + coffer.run("logs", "web"), e);
          }
          LockSupport.parkNanos(50_000_000);
        }
      }
    }
  }

  private static void tool(Path directory, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    Coffer.finish(process, new byte[0], DOWNLOAD_LIMIT).ok();
  }
}
