package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverlayIT {
  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource
  void manyLayersBecomeOneTree(OverlayMethod method) throws Exception {
    int count = method == OverlayMethod.ONE_OPTION ? ShortNameOverlay.MAXIMUM_LAYERS : 400;
    String before = Files.readString(Path.of("/proc/self/mountinfo"));
    List<Fd> lowers = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Path layer = Files.createDirectory(temporary.resolve("l" + i));
        Files.writeString(layer.resolve("own" + i), "x");
        Files.writeString(layer.resolve("shared"), "layer " + i);
        lowers.add(FileOpen.path(layer.toString(), OpenFlags.PATH));
      }
      try (Fd upper = directory("upper");
          Fd work = directory("work");
          Fd root =
              new KernelOverlay(method)
                  .mount(
                      OverlayLayers.writable(lowers, upper, work),
                      OverlayOptions.DEFAULT.withVolatile(true))) {
        try (Fd list = FileOpen.at(root, ".", OpenFlags.RDONLY, 0)) {
          assertThat(Directory.list(list)).hasSize(count + 1);
        }
        assertThat(ProcFile.read(root, "shared")).isEqualTo("layer 0");
        try (Fd file =
            FileOpen.in(root, "new", OpenFlags.CREAT | OpenFlags.WRONLY, 0x1a4, Resolve.IN_ROOT)) {
          FileData.writeAll(file, "written".getBytes(StandardCharsets.UTF_8));
        }
      }
      assertThat(temporary.resolve("upper/new")).hasContent("written");
      assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(before);
    } finally {
      lowers.forEach(Fd::close);
    }
  }

  private Fd directory(String name) throws Exception {
    return FileOpen.path(Files.createDirectory(temporary.resolve(name)).toString(), OpenFlags.PATH);
  }
}
