package dev.coffer.network.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which servers did not answer lately. They are asked after the others for a while, so that a dead
 * first server delays one question and not each.
 */
final class Silence {
  private static final long LASTS = Duration.ofSeconds(10).toNanos();

  /** More than a host has; beyond them, all is forgotten. */
  private static final int MOST = 64;

  private final Map<InetSocketAddress, Long> since = new HashMap<>();

  /** Has not answered in time. */
  void begins(InetSocketAddress server) {
    if (since.size() >= MOST) {
      since.clear();
    }
    since.put(server, System.nanoTime());
  }

  /** Has answered. */
  void ends(InetSocketAddress server) {
    since.remove(server);
  }

  /** The servers in the order in which to ask them. */
  List<InetSocketAddress> last(List<InetSocketAddress> servers) {
    if (since.isEmpty()) {
      return servers;
    }
    List<InetSocketAddress> order = new ArrayList<>(servers);
    List<InetSocketAddress> silent = servers.stream().filter(this::isSilent).toList();
    order.removeAll(silent);
    order.addAll(silent);
    return order;
  }

  private boolean isSilent(InetSocketAddress server) {
    Long began = since.get(server);
    return began != null && System.nanoTime() - began < LASTS;
  }
}
