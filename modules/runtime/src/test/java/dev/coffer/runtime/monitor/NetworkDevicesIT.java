package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Namespaces;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.runtime.host.NetworkDevices;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.NetDevice;
import dev.coffer.spec.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Network devices of a host, which is a network namespace of the test's own: what its thread starts
 * is born there.
 */
@Timeout(60)
class NetworkDevicesIT {
  @TempDir Path directory;

  private interface Body {
    void run() throws Exception;
  }

  /** On a thread with a host of its own, as far as the network goes. */
  private static void onAnotherHost(Body body) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                Namespaces.unshareThread(Namespaces.NETWORK);
                body.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    done.get(60, TimeUnit.SECONDS);
  }

  private static void ip(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("busybox", "ip"));
    command.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static Spec spec(String script, Map<String, NetDevice> devices, boolean remapped)
      throws Exception {
    Spec spec = TestContainers.spec(script);
    List<Namespace> namespaces = new ArrayList<>(spec.linux().orElseThrow().namespaces());
    List<IdMapping> map = List.of(IdMapping.of(0, 100_000, 65_536));
    if (remapped) {
      namespaces.add(Namespace.create(NamespaceType.USER));
    }
    return TestContainers.linux(
        spec,
        linux ->
            linux
                .netDevices(devices)
                .namespaces(namespaces)
                .uidMappings(remapped ? map : List.of())
                .gidMappings(remapped ? map : List.of()));
  }

  private static NetDevice named(String name) {
    return new NetDevice(Optional.ofNullable(name), JsonObject.EMPTY);
  }

  private String run(String script, Map<String, NetDevice> devices, boolean remapped)
      throws Exception {
    TestContainers containers = new TestContainers(Files.createTempDirectory(directory, "box"));
    try {
      ContainerInputs inputs =
          TestContainers.inputs().toBuilder()
              .netDevices(NetworkDevices.describe(devices.keySet()))
              .build();
      Conversation told = containers.run(spec(script, devices, remapped), inputs, List.of());
      assertThat(told.errors()).isEmpty();
      return told.output();
    } finally {
      containers.close();
    }
  }

  private static void makeDevices() throws Exception {
    // Busybox leaves the name of the other end to the kernel.
    ip("link add test0 type veth");
    ip("link set dev veth0 name test1");
    ip("addr add 192.0.2.7/24 brd 192.0.2.255 dev test0");
    ip("addr add 192.0.2.8/32 dev test0");
    ip("addr add 192.0.2.9 peer 198.51.100.9/32 dev test0");
    ip("link set dev test0 up");
    ip("-6 addr add 2001:db8::7/64 dev test0");
  }

  @Test
  void theyAreMovedRenamedAndKeepTheirAddresses() throws Exception {
    for (boolean remapped : List.of(false, true)) {
      onAnotherHost(
          () -> {
            makeDevices();
            Map<String, NetDevice> devices = new LinkedHashMap<>();
            devices.put("test0", named("inside0"));
            devices.put("test1", named(null));
            String shown = run("ip addr", devices, remapped);
            assertThat(shown)
                .containsPattern("inside0(@test1)?: <BROADCAST,MULTICAST,UP")
                .contains("inet 192.0.2.7/24 brd 192.0.2.255 scope global")
                .contains("inet 192.0.2.8/32 scope global")
                .contains("inet 192.0.2.9 peer 198.51.100.9/32 scope global")
                .contains("inet6 2001:db8::7/64 scope global")
                .containsPattern("test1(@inside0)?: <BROADCAST,MULTICAST,UP");
            assertThat(NetworkDevices.describe(devices.keySet())).isEmpty();
          });
    }
  }

  @Test
  void aTemplateGivesTheFirstFreeName() throws Exception {
    onAnotherHost(
        () -> {
          makeDevices();
          String shown = run("ip link", Map.of("test1", named("net%d")), false);
          assertThat(shown).containsPattern("net0(@\\w+)?: <[A-Z,-]*\\bUP\\b");
        });
  }
}
