package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a broken or hostile client sends to the engine's and to a monitor's socket. Neither may die,
 * grow, or keep others waiting; numbers of frames are those of docs/contributors/protocols.md.
 */
class HostileFramesIT {

  private static final int HELLO = 1;
  private static final int REQUEST = 2;
  private static final int STDIN = 3;
  private static final int SETUP = 64;
  private static final int ATTACH = 128;
  private static final int MANY = 200;
  private static final int PROMISES = 300;
  private static final int SPARE_DESCRIPTORS = 30;
  private static final long GROWTH_KIB = 96 << 10;

  private static Coffer coffer;
  private static Path run;
  private static String id;
  private static long engine;
  private static long monitor;
  private static long engineKib;
  private static long monitorKib;

  @BeforeAll
  static void open() throws IOException {
    coffer = Coffer.open();
    id = coffer.run("run", "-d", "--name", "steady", "busybox", "sleep", "1000").ok().line();
    run = Path.of(coffer.run("engine", "status", "--format", "{{.RunDirectory}}").ok().line());
    engine = coffer.enginePid();
    monitor = parent(Long.parseLong(coffer.run("inspect", "-f", "{{.State.Pid}}", id).ok().line()));
    engineKib = residentKib(engine);
    monitorKib = residentKib(monitor);
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @AfterEach
  void bothLiveAsBefore() throws IOException {
    assertThat(coffer.enginePid()).isEqualTo(engine);
    assertThat(coffer.run("exec", "steady", "echo", "well").ok().line()).isEqualTo("well");
    assertThat(coffer.run("ps", "-q", "--no-trunc").ok().line()).isEqualTo(id);
    assertThat(residentKib(engine)).isLessThan(engineKib + GROWTH_KIB);
    assertThat(residentKib(monitor)).isLessThan(monitorKib + 1024);
  }

  private static Path socket(String whose) {
    return whose.equals("engine") ? run.resolve("engine.sock") : place(id);
  }

  /** By a short name, as the kernel takes only 107 bytes. */
  private static Path place(String container) {
    Path link = coffer.directory().resolve(container.substring(0, 12));
    try {
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, run.resolve("m").resolve(container));
      }
      return link.resolve("monitor.sock");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SocketChannel connect(String whose) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket(whose)));
    return channel;
  }

  private static ByteBuffer frame(int type, long length, byte[] payload) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes
        .putInt((int) length)
        .putShort((short) type)
        .putShort((short) 0)
        .put(payload)
        .flip();
  }

  /** Sends it, and reads until the other side has had enough, or shows that it waits for more. */
  private static void send(String whose, ByteBuffer bytes) throws IOException {
    try (SocketChannel channel = connect(whose)) {
      channel.write(bytes);
      channel.shutdownOutput();
      ByteBuffer answer = ByteBuffer.allocate(1 << 16);
      while (channel.read(answer) >= 0) {
        answer.clear();
      }
    } catch (IOException reset) {
      // It was shown out before it had said all.
      assertThat(reset).hasMessageMatching("(?i).*(broken pipe|reset).*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "monitor"})
  void garbageIsShownOut(String whose) throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < MANY; round++) {
      byte[] garbage = new byte[random.nextInt(2000)];
      random.nextBytes(garbage);
      send(whose, ByteBuffer.wrap(garbage));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "monitor"})
  void garbageInGoodFramesIsShownOut(String whose) throws IOException {
    Random random = new Random(2);
    for (int round = 0; round < MANY; round++) {
      byte[] payload = new byte[random.nextInt(300)];
      random.nextBytes(payload);
      int type = random.nextInt(170);
      send(whose, frame(type, payload.length, payload));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "monitor"})
  void aFrameThatPromisesTooMuchIsRefused(String whose) throws IOException {
    for (int type : new int[] {HELLO, REQUEST, STDIN, SETUP, ATTACH}) {
      send(whose, frame(type, 0xffff_ffffL, new byte[64]));
      send(whose, frame(type, 0x7fff_ffffL, new byte[64]));
      send(whose, frame(type, (4L << 20) + 1, new byte[64]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "monitor"})
  void listsThatPromiseTooMuchAreRefused(String whose) throws IOException {
    byte[] lie = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(16, -1).array();
    for (int type : new int[] {REQUEST, SETUP}) {
      send(whose, frame(HELLO, 20, new byte[20]));
      send(whose, frame(type, lie.length, lie));
      byte[] many = new byte[4 << 20];
      ByteBuffer.wrap(many).order(ByteOrder.LITTLE_ENDIAN).putInt(16, 1 << 20);
      send(whose, frame(type, many.length, many));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"engine", "monitor"})
  void framesOutOfOrderAreShownOut(String whose) throws IOException {
    for (int type : new int[] {STDIN, 4, 5, 6, 7, 32, 38, 40, 65, 66, 67, 96, 97, 98, 129, 160}) {
      send(whose, frame(type, 0, new byte[0]));
      send(whose, frame(type, 4, new byte[4]));
    }
  }

  /** Half a frame each: they wait, and nobody waits for them. */
  @ParameterizedTest
  @ValueSource(strings = {"engine", "monitor"})
  void thoseWhoDawdleHoldUpNobody(String whose) throws IOException {
    List<SocketChannel> dawdlers = new ArrayList<>();
    try {
      for (int count = 0; count < 60; count++) {
        SocketChannel channel = connect(whose);
        channel.write(frame(count % 2 == 0 ? HELLO : ATTACH, 20, new byte[count % 8]));
        dawdlers.add(channel);
      }
      bothLiveAsBefore();
    } finally {
      for (SocketChannel channel : dawdlers) {
        channel.close();
      }
    }
  }

  /** Requests that promise 4 MiB each and never send them, many more than the engine's heap has. */
  @Test
  void whatIsPromisedTakesNoMemory() throws IOException {
    List<SocketChannel> promisers = new ArrayList<>();
    try {
      for (int count = 0; count < PROMISES; count++) {
        SocketChannel channel = connect("engine");
        channel.write(frame(HELLO, 20, new byte[20]));
        channel.write(frame(REQUEST, 4 << 20, new byte[100]));
        promisers.add(channel);
      }
      bothLiveAsBefore();
    } finally {
      for (SocketChannel channel : promisers) {
        channel.close();
      }
    }
  }

  /** Who says nothing for long is shown out, so that nothing of it stays. */
  @Test
  void whoKeepsSilentIsShownOut() throws IOException {
    try (SocketChannel channel = connect("engine")) {
      channel.write(frame(HELLO, 20, new byte[7]));
      ByteBuffer answer = ByteBuffer.allocate(64);
      assertThat(channel.read(answer)).as("the end").isNegative();
    }
  }

  /** With no descriptor left for a caller the engine waits until there is one, and goes on. */
  @Test
  void withoutDescriptorsTheEngineLivesOn() throws Exception {
    int open;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + engine + "/fd"))) {
      open = (int) descriptors.count();
    }
    String before = limit(Integer.toString(open + SPARE_DESCRIPTORS) + ":");
    List<SocketChannel> silent = new ArrayList<>();
    try {
      for (int count = 0; count < 4 * SPARE_DESCRIPTORS; count++) {
        silent.add(connect("engine"));
      }
    } finally {
      for (SocketChannel channel : silent) {
        channel.close();
      }
    }
    Coffer.eventually(() -> coffer.run("ps", "-q").exitCode() == 0);
    limit(before + ":");
  }

  /** Sets the engine's soft limit of descriptors; answers what it was. */
  private static String limit(String soft) throws Exception {
    String pid = Long.toString(engine);
    List<String> command =
        List.of("prlimit", "--pid", pid, "--nofile", "-o", "SOFT", "--noheadings");
    Process asked = new ProcessBuilder(command).start();
    String before = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Process set = new ProcessBuilder("prlimit", "--pid", pid, "--nofile=" + soft).start();
    assertThat(set.waitFor()).isZero();
    return before.strip();
  }

  /** An attached client that never reads: the container writes on, and others see all of it. */
  @Test
  void anAttachedClientThatNeverReadsHoldsUpNobody() throws IOException {
    String loud = coffer.run("run", "-di", "--name", "loud", "busybox", "sh").ok().line();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(place(loud)));
      channel.write(frame(ATTACH, 2, new byte[] {7, 1}));
      String script = "yes 0123456789 | head -c 5500000 > /proc/1/fd/1; echo done";
      assertThat(coffer.run("exec", "loud", "sh", "-c", script).ok().line()).isEqualTo("done");
      Coffer.eventually(() -> coffer.run("logs", "loud").ok().out().length() == 5_500_000);
    } finally {
      coffer.run("rm", "-f", "loud").ok();
    }
  }

  private static long parent(long pid) throws IOException {
    return field(pid, "PPid:");
  }

  private static long residentKib(long pid) throws IOException {
    return field(pid, "VmRSS:");
  }

  private static long field(long pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
