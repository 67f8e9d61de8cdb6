package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Races with who exchanges names while a container is made; {@code attack.rounds} says how often.
 */
class MountRaceIT extends AttackSuite {
  /**
   * Names on the way to mount points are exchanged for a link to the host, all the time. Whatever
   * was made or mounted through the link shows in the canary, or is missing inside.
   */
  @Test
  void cve_2021_30465_cve_2024_45310_mountPointsAreExchangedForLinks() throws IOException {
    Path volume = Files.createDirectory(workspace().directory().resolve("volume"));
    Path target = Files.createDirectories(volume.resolve("a"));
    assertThat(mountIn(volume).ok().line()).as("with nobody exchanging anything").isEqualTo("25");
    // How often a round gets through is chance, and what it finds there must not be made already.
    deleteTree(target);
    Files.createDirectories(target);
    Files.createSymbolicLink(volume.resolve("l"), Path.of(up()));
    try (Container racer =
        container(b -> b.bind(volume, "/v").args("/bin/attack", "swap", "/v/a", "/v/l"))) {
      racer.started().awaitOutput("ready");
      for (int round = 0; round < ROUNDS; round++) {
        Result result = mountIn(volume);
        if (result.exitCode() != 0 || !result.line().equals("25")) {
          result.fails("/v/a/d");
        }
      }
      racer.kill("KILL").ok();
    }
    deleteTree(volume);
    if (isOldRunc()) {
      // It makes directories on the host (CVE-2024-45310), though not in every race.
      plant();
    }
  }

  /**
   * The same for everything else that is made, covered or entered below a name that is exchanged: a
   * file that is bound, a copied tree, devices, masks, read-only paths, the working directory.
   */
  @Test
  void namesAreExchangedForLinksWhateverIsMadeThere() throws IOException {
    Path volume = Files.createDirectory(workspace().directory().resolve("shared"));
    Path target = Files.createDirectories(volume.resolve("a"));
    Files.createDirectories(target.resolve("covered"));
    Files.createSymbolicLink(volume.resolve("l"), Path.of(up()));
    assertThat(everythingIn(volume).ok().line()).as("with nobody exchanging").isEqualTo("whole");
    try (Container racer =
        container(b -> b.bind(volume, "/v").args("/bin/attack", "swap", "/v/a", "/v/l"))) {
      racer.started().awaitOutput("ready");
      for (int round = 0; round < ROUNDS; round++) {
        Result result = everythingIn(volume);
        assertThat(result.out()).as("%s", result).doesNotContain("untouched");
      }
      racer.kill("KILL").ok();
    }
    deleteTree(volume);
    if (isOldRunc()) {
      plant();
    }
  }

  private Result everythingIn(Path volume) {
    return run(
        b -> {
          b.bind(volume, "/v");
          for (int i = 0; i < 5; i++) {
            b.bind(b.rootfs().resolve("etc/passwd"), "/v/a/file" + i);
            b.mount("/v/a/copied" + i, "tmpfs", "raced", "tmpcopyup");
            b.add("linux.maskedPaths", "/v/a/covered");
            b.add("linux.readonlyPaths", "/v/a/copied" + i);
            b.add(
                "linux.devices",
                Map.of("path", "/v/a/node" + i, "type", "c", "major", 1, "minor", 3));
          }
          b.set("process.cwd", "/v/a")
              .shell("cat witness /v/a/witness 2>/dev/null; test -c node0 && echo whole");
        });
  }

  /** Prints how many of 25 mounts have come to be inside, and what the canary would show. */
  private Result mountIn(Path volume) {
    return run(
        b -> {
          b.bind(volume, "/v");
          for (int i = 0; i < 25; i++) {
            b.mount("/v/a/d" + i + "/e", "tmpfs", "raced", "nosuid");
          }
          b.shell("grep -c ' - tmpfs raced ' /proc/self/mountinfo; ls /v/a/ | grep wit; :");
        });
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
