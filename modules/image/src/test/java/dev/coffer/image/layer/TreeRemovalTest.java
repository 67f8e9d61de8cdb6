package dev.coffer.image.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemovalTest {

  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  @TempDir private Path directory;

  @Test
  void removesTreesFarDeeperThanItHasDescriptors() throws IOException {
    Path trash = Files.createDirectory(directory.resolve("trash"));
    Path tree = Files.createDirectory(trash.resolve("tree"));
    try (Fd top = FileOpen.path(tree.toString(), DIRECTORY)) {
      Fd parent = top.duplicate();
      for (int depth = 0; depth < 500; depth++) {
        FileTree.makeDirectory(parent, "d", 0700);
        FileTree.makeDirectory(parent, "beside", 0700);
        Fd child = FileOpen.at(parent, "d", DIRECTORY, 0);
        parent.close();
        parent = child;
      }
      parent.close();
    }
    try (Fd fd = FileOpen.path(trash.toString(), DIRECTORY)) {
      new TreeRemoval(fd).empty();
    }
    assertThat(trash).isEmptyDirectory();
  }

  @Test
  void followsNoLink() throws IOException {
    Path trash = Files.createDirectory(directory.resolve("trash"));
    Path kept = Files.createDirectory(directory.resolve("kept"));
    Files.writeString(kept.resolve("file"), "kept");
    Path tree = Files.createDirectory(trash.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), kept);
    Files.createSymbolicLink(trash.resolve("link"), kept);
    try (Fd fd = FileOpen.path(trash.toString(), DIRECTORY)) {
      new TreeRemoval(fd).empty();
    }
    assertThat(trash).isEmptyDirectory();
    assertThat(kept.resolve("file")).hasContent("kept");
  }
}
