package dev.coffer.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDirectoryTest {

  @TempDir Path directory;

  private void write(String file, String text) throws IOException {
    Files.createDirectories(directory.resolve(file).getParent());
    Files.writeString(directory.resolve(file), text);
  }

  private ConfigDirectory.Found read() throws IOException {
    return new ConfigDirectory(directory).read();
  }

  @Test
  void findsListsAndSinglePluginsInTheOrderOfTheirFiles() throws IOException {
    write(
        "20-b.conflist",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"b\",\"plugins\":[{\"type\":\"ptp\"}]}");
    write("10-a.conf", "{\"cniVersion\":\"0.4.0\",\"name\":\"a\",\"type\":\"bridge\",\"mtu\":1}");
    write("30-b.json", "{\"cniVersion\":\"0.4.0\",\"name\":\"b\",\"type\":\"later\"}");
    write("cni.lock", "");

    ConfigDirectory.Found found = read();

    assertThat(found.problems()).isEmpty();
    assertThat(found.networks()).extracting(NetworkList::name).containsExactly("a", "b");
    assertThat(found.networks().getFirst().plugins().getFirst().type()).isEqualTo("bridge");
    assertThat(found.networks().getLast().plugins().getFirst().type()).isEqualTo("ptp");
  }

  @Test
  void tellsOfFilesThatAreWrongAndTakesTheOthers() throws IOException {
    write("1.conflist", "{");
    write("2.conflist", "{\"cniVersion\":\"1.0.0\",\"name\":\"x\",\"plugins\":[]}");
    write(
        "3.conflist",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"../x\",\"plugins\":[{\"type\":\"p\"}]}");
    write(
        "4.conflist",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"x\",\"plugins\":[{\"type\":\"../p\"}]}");
    write("5.conflist", "{\"cniVersion\":\"0.2.0\",\"name\":\"x\",\"plugins\":[{\"type\":\"p\"}]}");
    write(
        "6.conflist",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"good\",\"plugins\":[{\"type\":\"p\"}]}");

    ConfigDirectory.Found found = read();

    assertThat(found.networks()).extracting(NetworkList::name).containsExactly("good");
    assertThat(found.problems()).hasSize(5);
    assertThat(found.problems().get(0)).contains("1.conflist: invalid JSON at line 1");
    assertThat(found.problems().get(1)).endsWith("2.conflist: plugins: has no plugin");
    assertThat(found.problems().get(2))
        .endsWith("3.conflist: name: is no name of a network: \"../x\"");
    assertThat(found.problems().get(3))
        .endsWith("4.conflist: plugins[0].type: is no name of a plugin: \"../p\"");
    assertThat(found.problems().get(4))
        .endsWith("5.conflist: cniVersion: not supported: 0.2.0 (0.3.0 to 1.1.0)");
  }

  @Test
  void addsPluginsFromTheNetworksOwnDirectory() throws IOException {
    String list = "{\"cniVersion\":\"1.1.0\",%s\"name\":\"n\",\"plugins\":[{\"type\":\"p\"}]}";
    write("1.conflist", list.formatted(""));
    write("n/2.conf", "{\"type\":\"third\"}");
    write("n/1.conf", "{\"type\":\"second\"}");
    assertThat(read().networks().getFirst().plugins())
        .extracting(PluginConfig::type)
        .containsExactly("p", "second", "third");

    write("1.conflist", list.formatted("\"loadOnlyInlinedPlugins\":true,"));
    assertThat(read().networks().getFirst().plugins()).hasSize(1);
  }

  @Test
  void hasNothingWhereThereIsNoDirectory() throws IOException {
    assertThat(new ConfigDirectory(directory.resolve("none")).read().networks()).isEmpty();
  }

  @Test
  void readsWhatOlderConfigurationsSayInStrings() {
    NetworkList list =
        ShellPlugins.list(
            "{\"cniVersion\":\"0.4.0\",\"disableCheck\":\"true\",\"name\":\"n\",\"plugins\":[{\"type\":\"p\"}]}");

    assertThat(list.disableCheck()).isTrue();
    assertThat(list.disableGc()).isFalse();
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(
            () ->
                ShellPlugins.list(
                    "{\"cniVersion\":\"0.4.0\",\"disableCheck\":\"maybe\",\"name\":\"n\",\"plugins\":[{\"type\":\"p\"}]}"))
        .withMessageContaining("disableCheck: must be a boolean");
  }

  @Test
  void takesNoPlaceThatPluginsWouldMisread() {
    for (String id : new String[] {"", "-a", "a/b", "a b"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Attachment(id, "eth0", Map.of(), JsonObject.EMPTY));
    }
    for (String device : new String[] {"", "..", "a/b", "a b", "sixteen-letters-"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Attachment("web", device, Map.of(), JsonObject.EMPTY));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Attachment("web", "eth0", Map.of("A", "1;B=2"), JsonObject.EMPTY))
        .withMessage("invalid argument \"A=1;B=2\"");
  }
}
