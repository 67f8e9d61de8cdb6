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

  private IntelRdt named(String closId, String... schemata) {
    return new IntelRdt(
        Optional.of(closId),
        List.of(schemata),
        Optional.of("L3:0=f"),
        Optional.of("MB:0=20;1=70"),
        true,
        JsonObject.EMPTY);
  }

  private void existing(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("schemata"),
        "    L2:0=ff;1=00f\n    L3:0=000f;1=7ff\n    MB:0= 20;1= 70\n");
  }

  @Test
  void aNamedClassThatIsNotThereIsMade() throws IOException {
    IntelRdt wanted = named("gold");
    assertThat(ResourceClass.settled(mountPoint, wanted)).isEqualTo(wanted);
  }

  @Test
  void oneThatHasTheSchemataIsJoinedAsItIs() throws IOException {
    for (String name : List.of("gold", "/")) {
      existing(name.equals("/") ? mountPoint : mountPoint.resolve(name));
      IntelRdt settled = ResourceClass.settled(mountPoint, named(name, "L2:1=F"));
      assertThat(settled.closId()).contains(name);
      assertThat(settled.enableMonitoring()).isTrue();
      assertThat(ResourceSchemata.of(settled).isEmpty()).isTrue();
    }
  }

  /** The kernel shows what it has made of a bandwidth, in steps of its own. */
  @Test
  void aBandwidthThatTheKernelHasRoundedUpIsTheOneAskedFor() throws IOException {
    existing(mountPoint.resolve("gold"));
    Path info = Files.createDirectories(mountPoint.resolve("info/MB"));
    Files.writeString(info.resolve("bandwidth_gran"), "10\n");
    IntelRdt settled = ResourceClass.settled(mountPoint, named("gold", "MB:0=11;1=61"));
    assertThat(ResourceSchemata.of(settled).isEmpty()).isTrue();
    for (String other : List.of("MB:0=10", "MB:0=21", "MB:0=x", "L3:0=e")) {
      assertThatThrownBy(() -> ResourceClass.settled(mountPoint, named("gold", other)))
          .isInstanceOf(OciException.class)
          .hasMessageContaining("it exists without \"" + other + "\"");
    }
  }

  @Test
  void oneThatHasOthersIsRefused() throws IOException {
    existing(mountPoint.resolve("gold"));
    for (String other : List.of("L2:0=f", "MB:1=7", "L3:2=7ff", "SMBA:0=10", "../\0:0=1")) {
      assertThatThrownBy(() -> ResourceClass.settled(mountPoint, named("gold", other)))
          .isInstanceOf(OciException.class)
          .hasMessageStartingWith(
              "cannot use resource class \"%s/gold\": it exists without \"%s\""
                  .formatted(mountPoint, other));
    }
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
