package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host of its own for an engine, and another host beside it, as network namespaces of two
 * processes:
 *
 * <pre>
 *   other 192.0.2.2 ── 192.0.2.1 host
 * </pre>
 *
 * Both have IPv6 likewise: 2001:db8::1 and ::2. The other host routes the containers' addresses to
 * the host. {@code peer.pl} is a program for both ends of a connection.
 */
final class NetworkLab implements AutoCloseable {

  private final Path program;
  private final List<Process> holders = new ArrayList<>();
  private final List<String> host;
  private final List<String> other;

  /** Makes them; programs that are shared go to a directory. */
  NetworkLab(Path directory) {
    program = copyProgram(directory);
    host = namespace();
    other = namespace();
    long otherPid = holders.getLast().pid();
    onHost(
        "ip link set lo up; ip link add eth0 type veth peer name eth0 netns "
            + otherPid
            + " && ip addr add 192.0.2.1/24 dev eth0 && ip addr add 2001:db8::1/64 dev eth0 nodad"
            + " && ip link set eth0 up");
    onOther(
        "ip link set lo up; ip addr add 192.0.2.2/24 dev eth0"
            + " && ip addr add 2001:db8::2/64 dev eth0 nodad && ip link set eth0 up"
            + " && ip route add 10.192.0.0/10 via 192.0.2.1");
  }

  private List<String> namespace() {
    try {
      // It ends with its input, whatever becomes of us.
      Process holder =
          new ProcessBuilder("unshare", "--net", "sh", "-c", "echo here; exec cat").start();
      holders.add(holder);
      // Before that line the namespace may still be ours.
      assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("here");
      return List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copyProgram(Path directory) {
    Path copy = directory.resolve("peer.pl");
    try (InputStream source = NetworkLab.class.getResourceAsStream("peer.pl")) {
      Files.write(copy, source.readAllBytes());
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The words that run a command on the host. */
  List<String> host() {
    return host;
  }

  /**
   * The options of {@code coffer run} by which a container has {@code peer.pl} and what runs it.
   */
  List<String> programMounts() {
    return List.of(
        "-v",
        "/usr:/usr:ro",
        "-v",
        "/lib:/lib:ro",
        "-v",
        "/lib64:/lib64:ro",
        "-v",
        program + ":/peer.pl:ro");
  }

  /** What a shell on the host prints. */
  String onHost(String script) {
    return shell(host, script);
  }

  /** What a shell on the other host prints. */
  String onOther(String script) {
    return shell(other, script);
  }

  /** From which address a server sees the host, or REFUSED or SILENCE. */
  String askFromHost(String protocol, String address, int port) {
    return onHost("perl %s ask %s %s %d".formatted(program, protocol, address, port));
  }

  /** The same for the other host. */
  String askFromOther(String protocol, String address, int port) {
    return onOther("perl %s ask %s %s %d".formatted(program, protocol, address, port));
  }

  /** Has the other host tell on a port who comes. */
  void serveOnOther(int port) {
    List<String> command = new ArrayList<>(other);
    command.addAll(List.of("perl", program.toString(), "serve", Integer.toString(port)));
    try {
      Process server = new ProcessBuilder(command).start();
      holders.add(server);
      assertThat(server.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shell(List<String> where, String script) {
    List<String> command = new ArrayList<>(where);
    command.addAll(List.of("sh", "-c", script));
    try {
      return Coffer.finish(new ProcessBuilder(command).start(), new byte[0]).ok().line();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the host's devices beside those that were there from the start, one a line. */
  String links() {
    return onHost("ip -o link | sed -E 's/^[0-9]+: ([^:@]+).*/\\1/' | grep -vxE 'lo|eth0'; true");
  }

  @Override
  public void close() {
    holders.forEach(Process::destroyForcibly);
    holders.forEach(
        holder -> {
          try {
            holder.waitFor();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
