package dev.coffer.network.host;

import dev.coffer.kernel.AtomicFile;
import dev.coffer.kernel.Host;
import dev.coffer.kernel.KernelException;
import dev.coffer.network.firewall.OwnForwarding;
import dev.coffer.network.link.Link;
import dev.coffer.network.link.RouteSocket;
import dev.coffer.network.namespace.NamespaceThread;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers whether it was us who had the host pass packets on. What is noted is of one boot and
 * one network namespace, and is there before the setting is changed; after a reboot the host's own
 * settings say again what it does. For one thread at a time.
 */
final class Forwarding {
  private static final String BRIDGE = "bridge";

  /** The start of what engines note on their devices, whichever's they are. */
  private static final String ENGINES = "coffer:";

  private final NamespaceThread thread;
  private final RouteSocket socket;
  private final Path note;

  /**
   * For a host.
   *
   * @param thread whose home the host is
   * @param note a file of the engine's own
   */
  Forwarding(NamespaceThread thread, RouteSocket socket, Path note) {
    this.thread = thread;
    this.socket = socket;
    this.note = note;
  }

  /** What was noted. */
  OwnForwarding noted() throws IOException {
    try {
      JsonCursor cursor = JsonCursor.read(note.toString(), Files.readAllBytes(note), Limits.STATE);
      boolean ofThisHost =
          cursor.field("boot").string().equals(Host.bootId())
              && cursor.field("namespace").int64() == socket.namespace();
      return ofThisHost
          ? new OwnForwarding(
              cursor.field("ipv4").boolOrFalse(),
              cursor.field("ipv6").boolOrFalse(),
              Set.copyOf(cursor.field("bridges").list(JsonCursor::string)))
          : OwnForwarding.NONE;
    } catch (NoSuchFileException none) {
      return OwnForwarding.NONE;
    } catch (SpecException torn) {
      System.getLogger(Forwarding.class.getName())
          .log(Level.WARNING, "cannot read " + note + ": " + torn.getMessage(), torn);
      return OwnForwarding.NONE;
    }
  }

  /**
   * Notes what is about to be switched on.
   *
   * @param ipv6 whether IPv6 is wanted beside IPv4
   * @return what has to be kept from being passed on from then on
   */
  OwnForwarding prepare(boolean ipv6) throws IOException {
    OwnForwarding before = noted();
    boolean four = !before.ipv4() && !thread.atHome(() -> Settings.forwards(false));
    boolean six = ipv6 && !before.ipv6() && !thread.atHome(() -> Settings.forwards(true));
    if (!four && !six) {
      return before;
    }
    OwnForwarding own =
        new OwnForwarding(before.ipv4() || four, before.ipv6() || six, bridges(before.bridges()));
    AtomicFile.write(note, Json.bytes(json(own)), false);
    return own;
  }

  private Set<String> bridges(Set<String> before) throws KernelException {
    Set<String> bridges = new HashSet<>(before);
    for (Link link : socket.links()) {
      boolean engines = link.alias().filter(alias -> alias.startsWith(ENGINES)).isPresent();
      if (link.kind().equals(BRIDGE) && !engines) {
        bridges.add(link.name());
      }
    }
    return bridges;
  }

  private JsonObject json(OwnForwarding own) throws IOException {
    return JsonObject.builder()
        .put("boot", Host.bootId())
        .put("namespace", socket.namespace())
        .put("ipv4", own.ipv4())
        .put("ipv6", own.ipv6())
        .putStrings("bridges", own.bridges().stream().sorted().toList())
        .build();
  }
}
