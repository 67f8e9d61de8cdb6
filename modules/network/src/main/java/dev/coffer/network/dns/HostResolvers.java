package dev.coffer.network.dns;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * Whom the host asks for names: its {@code resolv.conf}, read again whenever it has changed. Any
 * number of threads may call.
 */
public final class HostResolvers {
  private static final Path USUAL = Path.of("/etc/resolv.conf");

  /** Where systemd-resolved says whom it asks, when the usual file names systemd-resolved. */
  private static final Path BEHIND_THE_STUB = Path.of("/run/systemd/resolve/resolv.conf");

  /** The server on the local machine. Source: resolv.conf(5). */
  private static final List<InetAddress> WITHOUT_ANY = List.of(InetAddress.ofLiteral("127.0.0.1"));

  /** More than any file of use has. */
  private static final int LARGEST = 64 * 1024;

  private final Path file;
  private final Path behindTheStub;
  private Known known = new Known(new State(FileTime.fromMillis(0), -1, ""), ResolvConf.parse(""));

  /** Of this host. */
  public HostResolvers() {
    this(USUAL, BEHIND_THE_STUB);
  }

  HostResolvers(Path file, Path behindTheStub) {
    this.file = file;
    this.behindTheStub = behindTheStub;
  }

  /** By what a change is seen. */
  private record State(FileTime modified, long size, Object key) {}

  private record Known(State state, ResolvConf settings) {}

  /** What the host uses, loopback servers included: for whoever asks from the host's network. */
  public synchronized ResolvConf settings() {
    State state = state(file);
    if (!state.equals(known.state())) {
      known = new Known(state, read(file));
    }
    return known.settings();
  }

  /** The servers to ask from the host's network, in order; never none. */
  public List<InetSocketAddress> servers() {
    List<InetAddress> servers = settings().servers();
    return (servers.isEmpty() ? WITHOUT_ANY : servers)
        .stream().map(server -> new InetSocketAddress(server, ResolvConf.PORT)).toList();
  }

  /**
   * The same for those who ask from another network, where the host's loopback addresses are not
   * the host: without such servers, and when none is left, with the servers that systemd-resolved
   * asks. There may be none.
   */
  public ResolvConf fromOtherNetworks() {
    ResolvConf settings = settings();
    List<InetAddress> reachable = withoutLoopback(settings);
    return settings.withServers(
        reachable.isEmpty() ? withoutLoopback(read(behindTheStub)) : reachable);
  }

  private static List<InetAddress> withoutLoopback(ResolvConf settings) {
    return settings.servers().stream().filter(server -> !server.isLoopbackAddress()).toList();
  }

  private static State state(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(found.lastModifiedTime(), found.size(), found.fileKey());
    } catch (IOException absent) {
      return new State(FileTime.fromMillis(0), -1, "");
    }
  }

  private static ResolvConf read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return ResolvConf.parse(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
    } catch (IOException absent) {
      return ResolvConf.parse("");
    }
  }
}
