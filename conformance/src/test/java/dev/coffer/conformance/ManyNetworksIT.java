package dev.coffer.conformance;

import static dev.coffer.conformance.Coffer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * An engine with many networks, in and out of which containers go while they run. Shown for a
 * thousand networks and ten thousand connects with {@code -Dnetworks.count=1000
 * -Dnetworks.connects=10000}, which takes minutes.
 */
class ManyNetworksIT {
  private static final int NETWORKS = Integer.getInteger("networks.count", 24);
  private static final int CONNECTS = Integer.getInteger("networks.connects", 80);
  private static final int CLIENTS = 4;

  @Test
  void nothingIsLeftOfNetworksAndConnects() throws Exception {
    Path directory = Files.createTempDirectory("coffer-many");
    try (NetworkLab lab = new NetworkLab(directory);
        Coffer coffer = Coffer.open(lab.host())) {
      for (int i = 0; i < CLIENTS; i++) {
        coffer.run("run", "-d", "--name", "client" + i, "busybox", "sleep", "100000").ok();
      }
      coffer.run("network", "create", "--subnet", "10.192.0.0/24", "first").ok();
      coffer.run("network", "connect", "first", "client0").ok();
      coffer.run("network", "disconnect", "first", "client0").ok();
      coffer.run("network", "rm", "first").ok();
      eventually(() -> !lab.links().contains("cf-"));
      long open = descriptors(coffer.enginePid());

      inParallel(NETWORKS, number -> create(coffer, number));
      inParallel(CLIENTS, client -> comeAndGo(coffer, client));

      assertThat(coffer.run("network", "ls", "-q", "--filter", "name=many").ok().lines())
          .hasSize(NETWORKS);
      ProcessHandle engine = ProcessHandle.of(coffer.enginePid()).orElseThrow();
      engine.destroyForcibly();
      engine.onExit().join();
      assertThat(coffer.run("exec", "client0", "ip", "-o", "link").ok().lines()).hasSize(2);
      inParallel(NETWORKS, number -> coffer.run("network", "rm", "many" + number).ok());

      assertThat(lab.links()).doesNotContain("cf-");
      assertThat(lab.onHost("nft list ruleset | grep -c 'cf-[0-9a-f]'; true")).isEqualTo("0");
      eventually(() -> descriptors(coffer.enginePid()) <= open);
    } finally {
      Coffer.delete(directory);
    }
  }

  private static void create(Coffer coffer, int number) {
    String subnet = "10.%d.%d.0/24".formatted(192 + number / 256, number % 256);
    coffer.run("network", "create", "--subnet", subnet, "many" + number).ok();
  }

  /** One of the containers in and out of one network after another. */
  private static void comeAndGo(Coffer coffer, int client) {
    for (int round = client; round < CONNECTS; round += CLIENTS) {
      String network = "many" + round % NETWORKS;
      coffer.run("network", "connect", "--alias", "me", network, "client" + client).ok();
      coffer.run("network", "disconnect", network, "client" + client).ok();
    }
  }

  private interface Work {
    void run(int number);
  }

  private static void inParallel(int count, Work work) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      IntStream.range(0, count).forEach(each -> all.add(clients.submit(() -> work.run(each))));
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  /** Those of sockets and namespaces. */
  private static long descriptors(long pid) {
    try (var open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.map(ManyNetworksIT::target)
          .filter(target -> target.startsWith("socket:") || target.startsWith("net:"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
