package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What attacks on a runtime share: wherever they lead to on the host is a directory of the test's,
 * which must be untouched after each of them.
 */
abstract class AttackSuite extends OciSuite {
  /** How often what is a matter of chance is tried. */
  static final int ROUNDS = Integer.getInteger("attack.rounds", 20);

  private Path canary;
  private Path program;
  private Path probe;
  private int consoles;

  @Override
  final void prepare(Workspace workspace) {
    program = Probe.install(workspace, "attack");
    probe = Probe.install(workspace);
  }

  @BeforeEach
  final void plant() throws IOException {
    canary = Files.createTempDirectory(workspace().directory(), "canary");
    Files.writeString(canary.resolve("witness"), "untouched\n");
  }

  @AfterEach
  final void theHostIsUntouched() throws IOException {
    try (Stream<Path> files = Files.list(canary)) {
      assertThat(files).containsExactly(canary.resolve("witness"));
    }
    assertThat(canary.resolve("witness")).hasContent("untouched");
  }

  /** A relative way to the canary from anywhere in a container that gets out of it. */
  final String up() {
    return "../../../../../../../.." + canary;
  }

  final Path canary() {
    return canary;
  }

  /** Who waits for a terminal. */
  final Console console() {
    return new Console(probe, workspace().directory().resolve("c" + ++consoles));
  }

  /** The program that plays the attacker, as a file of the host's. */
  final Path program() {
    return program;
  }
}
