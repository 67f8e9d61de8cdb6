package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a stranger can put into a state directory that others may write to, and beside the image of
 * a checkpoint: it is refused by name and at once, and hides nobody else's container.
 *
 * <p>For Coffer alone: the names of the files are its own.
 */
class HostileStateIT extends OciSuite {
  private static final long HUGE = 1L << 35;
  private static final int STRANGER = 4711;
  private static final Path SECRET = Path.of("/etc/shadow");
  private static final Path ZEROES = Path.of("/dev/zero");

  /** Something that is made in the place of a file. */
  private interface Trap {
    void set(Path file) throws Exception;
  }

  private record Named(String name, Trap trap) {}

  private static final List<Named> TRAPS =
      List.of(
          new Named("a fifo", HostileStateIT::fifo),
          new Named("a link to a secret", file -> Files.createSymbolicLink(file, SECRET)),
          new Named("a link to what never ends", file -> Files.createSymbolicLink(file, ZEROES)),
          new Named("a huge file", HostileStateIT::huge),
          new Named("a directory", Files::createDirectory),
          new Named("no JSON", file -> Files.writeString(file, "hello\n")),
          new Named("an array of other things", file -> Files.writeString(file, "[{}]\n")));

  @TestFactory
  Stream<DynamicNode> records() {
    return TRAPS.stream()
        .map(trap -> check("a record that is " + trap.name(), () -> hidesNoOther(trap)));
  }

  private void hidesNoOther(Named trap) throws Exception {
    assumeCoffer();
    try (Container honest = started(b -> {})) {
      Path directory = Files.createDirectory(runtime().root().resolve("spoilt"));
      Files.setAttribute(directory, "unix:uid", STRANGER);
      trap.trap().set(directory.resolve("state.json"));
      try {
        runtime().run("state", "spoilt").fails("spoilt");
        runtime().run("kill", "spoilt", "KILL").fails("belongs to user " + STRANGER);
        runtime().run("delete", "--force", "spoilt").fails("belongs to user " + STRANGER);
        Result list = runtime().run("list", "--quiet").ok();
        assertThat(list.lines()).containsExactly(honest.id());
        assertThat(list.err() + list.log()).contains("spoilt").doesNotContain("root:");
      } finally {
        Files.deleteIfExists(directory.resolve("state.json"));
        Files.delete(directory);
      }
    }
  }

  /** What a stranger's record says is shown, but neither as another's nor to a terminal's harm. */
  @Test
  void aRecordSpeaksForItsOwnDirectoryInPrintableLetters() throws Exception {
    assumeCoffer();
    try (Container honest = started(b -> {})) {
      Path record = runtime().root().resolve(honest.id()).resolve("state.json");
      String text = Files.readString(record);
      Path directory = Files.createDirectory(runtime().root().resolve("spoilt"));
      Files.setAttribute(directory, "unix:uid", STRANGER);
      try {
        Files.writeString(directory.resolve("state.json"), text);
        Result list = runtime().run("list", "--quiet").ok();
        assertThat(list.lines()).containsExactly(honest.id());
        assertThat(list.err() + list.log()).contains("the record of another container");
        Files.writeString(
            directory.resolve("state.json"),
            text.replace("\"id\":\"" + honest.id(), "\"id\":\"spoilt")
                .replace("\"bundle\":\"", "\"bundle\":\"\\u001b[2J"));
        assertThat(runtime().run("list").ok().out()).contains("spoilt", "\\x1b[2J");
      } finally {
        Files.deleteIfExists(directory.resolve("state.json"));
        Files.delete(directory);
      }
    }
  }

  @Test
  void whatTheKernelRefusesIsToldWithWhatItWasFor() {
    assumeCoffer();
    Path tooLong = Path.of("/" + "d/".repeat(2100));
    new OciRuntime(runtime().binary(), tooLong, runtime().scratch())
        .run("start", "web")
        .fails("cannot carry out \"start web\": ", "too long");
  }

  @TestFactory
  Stream<DynamicNode> images() {
    return TRAPS.stream()
        .flatMap(
            trap ->
                Stream.of("inventory.img", "descriptors.json")
                    .filter(file -> file.endsWith("json") || !isFile(trap))
                    .map(
                        file ->
                            check(
                                file + " that is " + trap.name(),
                                () -> isNotRestored(file, trap))));
  }

  /** Whether it is a file as any other, of which only criu knows what is wrong with it. */
  private static boolean isFile(Named trap) {
    return !List.of("a fifo", "a directory", "a link to what never ends").contains(trap.name());
  }

  private void isNotRestored(String file, Named trap) throws Exception {
    assumeCoffer();
    Path images = Files.createTempDirectory(workspace().directory(), "images");
    if (!file.equals("inventory.img")) {
      Files.writeString(images.resolve("inventory.img"), "");
    }
    trap.trap().set(images.resolve(file));
    try (Container container = container(b -> {})) {
      Result result = container.born("restore", "--image-path", images.toString()).finish();
      result.fails(file.equals("inventory.img") ? "has no image" : file);
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err()).doesNotContain("root:");
      assertThat(container.verb("state").exitCode()).isNotZero();
      container.leftovers().assertNone();
    }
  }

  private static void fifo(Path file) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
  }

  private static void huge(Path file) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(HUGE);
    }
  }
}
