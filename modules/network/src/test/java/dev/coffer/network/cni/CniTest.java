package dev.coffer.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls plugins that are scripts, good ones and bad ones. */
class CniTest {
  private static final String FIRST_RESULT =
      """
      {"cniVersion":"1.0.0","interfaces":[{"name":"br0"},{"name":"eth0","mac":"02:00:00:00:00:05",\
      "sandbox":"/ns"}],"ips":[{"address":"10.9.0.5/24","gateway":"10.9.0.1","interface":1}],\
      "routes":[{"dst":"0.0.0.0/0"}],"dns":{"nameservers":["10.9.0.53"],"search":["pods"]}}""";

  private static final NetworkList PODS =
      ShellPlugins.list(
          """
          {"cniVersion":"1.0.0","name":"pods","plugins":[
            {"type":"first","mtu":1400},
            {"type":"second","capabilities":{"portMappings":true,"mac":false}}]}
          """);

  private static final JsonObject PORTS =
      JsonObject.builder()
          .put("portMappings", JsonArray.of(JsonObject.builder().put("hostPort", 80).build()))
          .put("mac", "02:00:00:00:00:05")
          .build();

  private static final Attachment WEB =
      new Attachment("web", "eth0", Map.of("IgnoreUnknown", "1", "IP", "10.9.0.5"), PORTS);

  @TempDir Path directory;
  private ShellPlugins plugins;

  @BeforeEach
  void open() throws IOException {
    plugins = new ShellPlugins(directory);
  }

  @AfterEach
  void close() {
    plugins.close();
  }

  private void twoGoodOnes() throws IOException {
    plugins.good("first", FIRST_RESULT);
    plugins.good("second", FIRST_RESULT.replace("pods", "more"));
  }

  @Test
  void addsByOnePluginAfterAnotherEachWithTheResultBefore() throws IOException {
    twoGoodOnes();

    CniResult result = plugins.cni().add(PODS, WEB, "/ns");

    assertThat(result.addresses("eth0")).containsExactly(InterfaceAddress.parse("10.9.0.5/24"));
    assertThat(result.mac("eth0")).contains("02:00:00:00:00:05");
    assertThat(result.gateways()).extracting("hostAddress").containsExactly("10.9.0.1");
    assertThat(result.dns().servers()).containsExactly("10.9.0.53");
    assertThat(result.dns().search()).containsExactly("more");
    assertThat(plugins.calls())
        .containsExactly(
            "ADD first id=web if=eth0 ns=/ns args=IP=10.9.0.5;IgnoreUnknown=1 "
                + "{\"type\":\"first\",\"mtu\":1400,\"cniVersion\":\"1.0.0\",\"name\":\"pods\"}",
            "ADD second id=web if=eth0 ns=/ns args=IP=10.9.0.5;IgnoreUnknown=1 "
                + "{\"type\":\"second\",\"cniVersion\":\"1.0.0\",\"name\":\"pods\","
                + "\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":80}]},\"prevResult\":"
                + FIRST_RESULT
                + "}");
  }

  @Test
  void deletesInReverseOrderWithTheResultAndAsItWasConfiguredThen() throws IOException {
    twoGoodOnes();
    var _ = plugins.cni().add(PODS, WEB, "/ns");

    // As the next process does it, that knows nothing but what is on the disk.
    Cni next = plugins.cni();
    Remembered place = next.remembered().getFirst();
    next.del(place, Optional.empty());
    next.del(place, Optional.empty());

    assertThat(plugins.order())
        .containsExactly(
            "ADD first", "ADD second", "DEL second", "DEL first", "DEL second", "DEL first");
    assertThat(plugins.calls().get(3))
        .contains("ns= args=IP=10.9.0.5;IgnoreUnknown=1 ")
        .contains("\"mtu\":1400")
        .contains("\"prevResult\":" + FIRST_RESULT.replace("pods", "more"));
    assertThat(next.remembered()).isEmpty();
  }

  @Test
  void takesAllBackWhenOnePluginRefuses() throws IOException {
    plugins.good("first", FIRST_RESULT);
    plugins.add(
        "second",
        """
        [ $1 != ADD ] || { echo '{"code":999,"msg":"port 80 is\\\\n taken","details":"by nginx"}'; exit 1; }
        """);
    Cni cni = plugins.cni();

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessage(
            "cannot connect to network \"pods\": plugin \"second\":"
                + " port 80 is taken: by nginx (code 999)")
        .satisfies(e -> assertThat(e.code()).isEqualTo(999));

    assertThat(plugins.order())
        .containsExactly("ADD first", "ADD second", "DEL second", "DEL first");
    assertThat(cni.remembered()).isEmpty();
  }

  @Test
  void remembersWhatCouldNotBeTakenBack() throws IOException {
    plugins.add("first", "echo no >&2; exit 3");
    plugins.good("second", FIRST_RESULT);
    Cni cni = plugins.cni();

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessage("cannot connect to network \"pods\": plugin \"first\": ended with code 3: no")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(cni.remembered()).hasSize(1);

    plugins.good("first", FIRST_RESULT);
    cni.del(cni.remembered().getFirst(), Optional.empty());
    assertThat(cni.remembered()).isEmpty();
  }

  @Test
  void remembersFromBeforeTheFirstCall() throws IOException {
    plugins.add("first", "ls " + plugins.memory() + " | grep -c 'web-.*json$' >&2; exit 1");
    plugins.good("second", FIRST_RESULT);

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> plugins.cni().add(PODS, WEB, "/ns"))
        .withMessageEndingWith("ended with code 1: 1");
  }

  /**
   * Whoever had it called was killed; it goes on, and its answer is the only one that says what.
   */
  @Test
  void takesBackWhatAPluginHasGivenThatNobodyWaitedFor() throws Exception {
    twoGoodOnes();
    Memory memory = new Memory(plugins.memory());
    Remembered place =
        new Remembered(PODS, SpecVersion.of("1.0.0").orElseThrow(), WEB, Optional.empty());
    memory.put(place);
    Path started = directory.resolve("started");
    String answer = memory.answer(place).toString();
    String script = "touch %s; sleep 0.3; echo '%s' > %s".formatted(started, FIRST_RESULT, answer);
    Process late = new ProcessBuilder("flock", answer, "sh", "-c", script).start();
    WaitFor.condition("it works", Duration.ofSeconds(5), () -> Files.exists(started));

    plugins.cni().del(place, Optional.of("/ns"));

    assertThat(late.waitFor()).isZero();
    assertThat(plugins.calls()).hasSize(2).allMatch(line -> line.contains("\"prevResult\":"));
    assertThat(directory.resolve("memory")).isEmptyDirectory();
  }

  @Test
  void anAnswerThatIsAnErrorGivesNothing() throws Exception {
    Memory memory = new Memory(plugins.memory());
    Remembered place =
        new Remembered(PODS, SpecVersion.of("1.0.0").orElseThrow(), WEB, Optional.empty());
    memory.put(place);
    for (String answer : List.of("{\"code\":7,\"msg\":\"no\"}", "{\"ips\":[", "")) {
      Files.writeString(memory.answer(place), answer);
      assertThat(memory.settled(place, Duration.ZERO)).isEqualTo(place);
    }
  }

  @Test
  void endsAPluginThatHangsWithAllThatItHasStarted() throws Exception {
    Path alive = directory.resolve("alive");
    plugins.add("first", "[ $1 != ADD ] || { mkfifo " + alive + "; sleep 1000 < " + alive + "; }");
    plugins.good("second", FIRST_RESULT);
    Cni cni = plugins.cni(Duration.ofSeconds(1));

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessage(
            "cannot connect to network \"pods\": plugin \"first\": did not end within 1 s");

    try (var processes = ProcessHandle.allProcesses()) {
      assertThat(processes.map(each -> each.info().commandLine().orElse("")))
          .noneMatch(line -> line.contains(directory.toString()));
    }
  }

  @Test
  void doesNotWaitForWhatAPluginLeavesRunning() throws IOException {
    plugins.add("first", "sleep 5 & echo '" + FIRST_RESULT + "'");
    plugins.good("second", FIRST_RESULT);

    long before = System.nanoTime();
    var _ = plugins.cni().add(PODS, WEB, "/ns");

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void refusesAnswersThatAreTooLongOrNone() throws IOException {
    plugins.good("second", FIRST_RESULT);
    Cni cni = plugins.cni();

    plugins.add("first", "[ $1 != ADD ] || yes");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessageEndingWith("plugin \"first\": said more than 10000 bytes");

    plugins.add("first", "[ $1 != ADD ] || echo all is well");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessageContaining("plugin \"first\": its answer is no result: invalid JSON at line 1");

    plugins.add("first", "true");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessageContaining("plugin \"first\": its answer is no result: invalid JSON");

    plugins.good("first", "{\"ips\":[{\"address\":\"10.9.0.5\"}]}");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.add(PODS, WEB, "/ns"))
        .withMessageContaining("its answer is no result: ips[0].address: invalid address");

    assertThat(cni.remembered()).isEmpty();
  }

  @Test
  void saysWhereAPluginWasLookedFor() {
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> plugins.cni().add(PODS, WEB, "/ns"))
        .withMessage(
            "cannot connect to network \"pods\": plugin \"first\": not found in %s (install it)",
            directory);
  }

  @Test
  void checksWithTheResult() throws IOException {
    twoGoodOnes();
    Cni cni = plugins.cni();
    var _ = cni.add(PODS, WEB, "/ns");
    Remembered place = cni.remembered(PODS.name(), "web", "eth0").orElseThrow();

    cni.check(place, "/ns");

    assertThat(plugins.order()).endsWith("CHECK first", "CHECK second");
    assertThat(plugins.calls().getLast()).contains("\"prevResult\"").contains("ns=/ns");

    plugins.add("second", "echo '{\"code\":7,\"msg\":\"rule is gone\"}'; exit 1");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> cni.check(place, "/ns"))
        .withMessage(
            "network \"pods\" is not as it should be: plugin \"second\": rule is gone (code 7)");
  }

  @Test
  void checksNothingWhereTheConfigurationOrItsVersionDoesNotWantIt() throws IOException {
    twoGoodOnes();
    Cni cni = plugins.cni();
    for (String head : List.of("\"1.0.0\",\"disableCheck\":true", "\"0.3.1\"")) {
      NetworkList list =
          ShellPlugins.list(
              "{\"cniVersion\":%s,\"name\":\"pods\",\"plugins\":[{\"type\":\"first\"}]}"
                  .formatted(head));
      var _ = cni.add(list, WEB, "/ns");
      cni.check(cni.remembered(list.name(), "web", "eth0").orElseThrow(), "/ns");
    }

    assertThat(plugins.order()).containsOnly("ADD first");
  }

  private static NetworkList of11(String more) {
    return ShellPlugins.list(
        """
        {"cniVersion":"1.1.0","name":"pods",%s"plugins":[{"type":"first"},{"type":"second"}]}
        """
            .formatted(more));
  }

  @Test
  void forgetsAllButValidOnes() throws IOException {
    twoGoodOnes();
    Cni cni = plugins.cni();
    NetworkList list = of11("");
    Attachment gone = new Attachment("gone", "eth0", Map.of(), JsonObject.EMPTY);
    var _ = cni.add(list, WEB, "/ns");
    var _ = cni.add(list, gone, "/ns");
    int before = plugins.calls().size();

    cni.gc(list, List.of(WEB));

    List<String> calls = plugins.calls().subList(before, plugins.calls().size());
    assertThat(calls.get(0)).startsWith("DEL second id=gone if=eth0 ns= ");
    assertThat(calls.get(1)).startsWith("DEL first id=gone ");
    assertThat(calls.get(2))
        .startsWith("GC first id= if= ns= ")
        .contains("\"cni.dev/valid-attachments\":[{\"containerID\":\"web\",\"ifname\":\"eth0\"}]");
    assertThat(calls.get(3)).startsWith("GC second ");
    assertThat(calls).hasSize(4);
    assertThat(cni.remembered())
        .extracting(each -> each.attachment().containerId())
        .containsExactly("web");
  }

  @Test
  void collectsNothingFromPluginsThatOthersUseToo() throws IOException {
    twoGoodOnes();

    plugins.cni().gc(of11("\"disableGC\":true,"), List.of());
    plugins.cni().gc(PODS, List.of());

    assertThat(plugins.calls()).isEmpty();
  }

  @Test
  void goesOnCollectingAfterAFailure() throws IOException {
    plugins.add("first", "echo '{\"code\":100,\"msg\":\"locked\"}'; exit 1");
    plugins.good("second", FIRST_RESULT);

    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> plugins.cni().gc(of11(""), List.of()))
        .withMessage("cannot clean up network \"pods\": plugin \"first\": locked (code 100)");
    assertThat(plugins.order()).containsExactly("GC first", "GC second");
  }

  @Test
  void asksWhetherANetworkIsReady() throws IOException {
    twoGoodOnes();
    plugins.cni().status(PODS);
    assertThat(plugins.calls()).isEmpty();
    plugins.cni().status(of11(""));
    assertThat(plugins.order()).containsExactly("STATUS first", "STATUS second");

    plugins.add("second", "echo '{\"code\":50,\"msg\":\"no daemon\"}'; exit 1");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> plugins.cni().status(of11("")))
        .withMessage("network \"pods\" is not ready: plugin \"second\": no daemon (code 50)")
        .satisfies(e -> assertThat(e.code()).isEqualTo(50));
  }

  @Test
  void speaksTheNewestVersionThatAllPluginsKnow() throws IOException {
    plugins.add("first", "echo '{\"supportedVersions\":[\"0.4.0\",\"1.0.0\",\"9.0.0\"]}'");
    plugins.add("second", "echo '{\"supportedVersions\":[\"0.4.0\",\"1.0.0\",\"1.1.0\"]}'");
    NetworkList many = of11("\"cniVersions\":[\"0.4.0\",\"1.0.0\",\"1.1.0\",\"2.0.0\"],");

    assertThat(plugins.cni().version(many)).isEqualTo(SpecVersion.V1_0_0);

    plugins.add("second", "echo '{\"supportedVersions\":[\"1.1.0\"]}'");
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> plugins.cni().version(many))
        .withMessage("cannot use network \"pods\": its plugins have no version in common with it");
    assertThat(Files.exists(plugins.memory())).isFalse();
  }
}
