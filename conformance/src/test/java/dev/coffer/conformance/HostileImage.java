package dev.coffer.conformance;

import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An image that a stranger made with ill will: a static busybox as {@code /bin/busybox}, {@code
 * /bin/sh}, and whatever else is put in.
 */
final class HostileImage {

  private static final long EXECUTABLE = 0755;

  private final TarBuilder tar =
      new TarBuilder().directory("bin").symbolicLink("bin/sh", "busybox");
  private final List<String> changes = new ArrayList<>();

  HostileImage() {
    program("bin/busybox", Path.of("/bin/busybox"));
  }

  HostileImage program(String name, Path from) {
    try {
      tar.entry(name, '0', Files.readAllBytes(from), header -> header.mode(EXECUTABLE));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HostileImage link(String name, String target) {
    tar.symbolicLink(name, target);
    return this;
  }

  HostileImage directory(String name) {
    tar.directory(name);
    return this;
  }

  HostileImage file(String name, String text) {
    tar.file(name, text);
    return this;
  }

  HostileImage file(String name, byte[] data) {
    tar.file(name, data);
    return this;
  }

  HostileImage fifo(String name) {
    tar.entry(name, '6', new byte[0], header -> header.mode(0666));
    return this;
  }

  HostileImage device(String name, long major, long minor) {
    tar.entry(name, '3', new byte[0], header -> header.mode(0666).device(major, minor));
    return this;
  }

  HostileImage setUserId(String name, Path from) {
    try {
      tar.entry(name, '0', Files.readAllBytes(from), header -> header.mode(04755));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An instruction for its config, such as {@code VOLUME /proc}. */
  HostileImage change(String instruction) {
    changes.add(instruction);
    return this;
  }

  /** Imports it under this name. */
  void into(Coffer coffer, String name) {
    List<String> words = new ArrayList<>(List.of("import"));
    changes.forEach(change -> words.addAll(List.of("--change", change)));
    words.addAll(List.of("-", name));
    Coffer.finish(coffer.start(words.toArray(String[]::new)), tar.build()).ok();
  }

  /** Compiles the program of attacks, static, into a directory. */
  static Path compileAttack(Path directory) {
    Path program = directory.resolve("attack");
    ProcessBuilder compiler =
        new ProcessBuilder(
            "musl-gcc",
            "-static",
            "-std=gnu11",
            "-D_GNU_SOURCE",
            "-Os",
            "-idirafter",
            "/usr/include",
            "-idirafter",
            "/usr/include/"
                + System.getProperty("os.arch").replace("amd64", "x86_64")
                + "-linux-gnu",
            "-o",
            program.toString(),
            "src/test/c/attack.c");
    try {
      Process process = compiler.inheritIO().start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("cannot compile attack.c (is musl-tools installed?)");
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
