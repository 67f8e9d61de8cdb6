package dev.coffer.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the disk a tree takes. */
class DiskUseTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path tree;

  @Test
  void linksAreOneFileAndHolesAreNone() throws IOException {
    Path file = Files.write(tree.resolve("file"), new byte[MEBIBYTE]);
    long alone = DiskUse.allocated(tree);
    assertThat(alone).isGreaterThanOrEqualTo(MEBIBYTE);
    Files.createLink(tree.resolve("link"), file);
    assertThat(DiskUse.allocated(tree)).isEqualTo(alone);
    try (RandomAccessFile sparse = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(1L << 32);
    }
    assertThat(DiskUse.allocated(tree)).isLessThan(alone + MEBIBYTE);
  }

  @Test
  void whatIsGoneTakesNothing() {
    assertThat(DiskUse.allocated(tree.resolve("gone"))).isZero();
  }
}
