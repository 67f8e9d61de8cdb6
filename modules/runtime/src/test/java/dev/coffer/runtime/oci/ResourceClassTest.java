package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.runtime.oci.ResourceClass.Schemata;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.IntelRdt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a directory that looks as resctrl does. */
class ResourceClassTest {
  @TempDir private Path mountPoint;

  private ResourceClass of(Optional<String> closId, boolean monitoring) {
    return ResourceClass.of(
        mountPoint,
        new IntelRdt(
            closId, List.of(), Optional.empty(), Optional.empty(), monitoring, JsonObject.EMPTY),
        "web");
  }

  @Test
  void itsOwnClassGoesWithTheContainer() throws IOException {
    Path directory = Files.createDirectory(mountPoint.resolve("web"));
    of(Optional.empty(), false).remove();
    assertThat(directory).doesNotExist();
    assertThatCode(() -> of(Optional.empty(), false).remove()).doesNotThrowAnyException();
  }

  @Test
  void oneThatTheConfigNamesStays() throws IOException {
    Path group = Files.createDirectories(mountPoint.resolve("shared/mon_groups/web"));
    of(Optional.of("shared"), true).remove();
    assertThat(group).doesNotExist();
    assertThat(mountPoint.resolve("shared/mon_groups")).isDirectory();
  }

  @Test
  void theDefaultClassStays() throws IOException {
    Path group = Files.createDirectories(mountPoint.resolve("mon_groups/web"));
    of(Optional.of("/"), true).remove();
    assertThat(group).doesNotExist();
    assertThat(mountPoint).isDirectory();
  }

  @Test
  void whatIsThereIsSomebodyElses() throws IOException {
    assertThatCode(() -> of(Optional.empty(), true).requireFree()).doesNotThrowAnyException();
    Path directory = Files.createDirectory(mountPoint.resolve("web"));
    assertThatThrownBy(() -> of(Optional.empty(), false).requireFree())
        .isInstanceOf(OciException.class)
        .hasMessageStartingWith("cannot use resource class \"" + directory + "\": it exists");
    assertThatCode(() -> of(Optional.of("web"), false).requireFree()).doesNotThrowAnyException();
  }

  @Test
  void schemataAreWrittenTogether() throws IOException {
    Path file = Files.createDirectory(mountPoint.resolve("web")).resolve("schemata");
    Files.createFile(file);
    Schemata both = new Schemata(Optional.of("L3:0=f\nMB:0=10"), Optional.of("MB:0=70"));
    of(Optional.empty(), false).update(both);
    assertThat(file).hasContent("L3:0=f\nMB:0=70\n");
  }

  @Test
  void aRefusalHasTheKernelsWords() throws IOException {
    Files.createDirectory(mountPoint.resolve("info"));
    Files.writeString(mountPoint.resolve("info/last_cmd_status"), "Mask f out of range\n");
    Schemata cache = new Schemata(Optional.of("L3:0=f"), Optional.empty());
    assertThatThrownBy(() -> of(Optional.empty(), false).update(cache))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such file or directory")
        .hasMessageEndingWith("(Mask f out of range)");
  }
}
