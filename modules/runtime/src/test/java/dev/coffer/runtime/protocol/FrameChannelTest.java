package dev.coffer.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.Pipe;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.UnixSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameChannelTest {
  /** The header of a request of 4 MiB. */
  private static final byte[] LARGE_REQUEST = {0, 0, 64, 0, 2, 0, 0, 0};

  private FrameChannel left;
  private FrameChannel right;

  @BeforeEach
  void open() throws Exception {
    UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
    left = new FrameChannel(pair.first());
    right = new FrameChannel(pair.second());
  }

  @AfterEach
  void close() {
    left.close();
    right.close();
  }

  @Test
  void descriptorsStayWithTheirFrame() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      left.send(Frame.of(FrameType.STDIN_EOF));
      left.send(new Started(7, 8).toFrame(pipe.writer()));
      left.send(Payloads.exit(-3));
      assertThat(right.receive().orElseThrow().descriptors()).isEmpty();
      Frame started = right.receive().orElseThrow();
      assertThat(Started.decode(started.payload())).isEqualTo(new Started(7, 8));
      assertThat(started.descriptors()).hasSize(1);
      FileData.writeAll(started.descriptors().getFirst(), new byte[] {9});
      started.closeDescriptors();
      Frame exit = right.receive().orElseThrow();
      assertThat(exit.descriptors()).isEmpty();
      assertThat(Payloads.decodeNumber(exit)).isEqualTo(-3);
    }
  }

  @Test
  void whatHasHalfArrivedIsKeptUntilItIsWhole() throws Exception {
    byte[] half = {5, 0, 0, 0, 33, 0, 0, 0, 'h', 'e'};
    FileData.writeAll(left.socket(), half);
    assertThat(right.tryReceive()).isInstanceOf(FrameChannel.Attempt.NotYet.class);
    FileData.writeAll(left.socket(), new byte[] {'l', 'l', 'o'});
    assertThat(right.tryReceive())
        .isInstanceOfSatisfying(
            FrameChannel.Attempt.Arrived.class,
            arrived -> assertThat(arrived.frame().payload()).asString().isEqualTo("hello"));
    left.close();
    assertThat(right.tryReceive()).isInstanceOf(FrameChannel.Attempt.Ended.class);
    assertThat(right.receive()).isEmpty();
  }

  @Test
  void aFrameThatComesInPartsIsWaitedForWithinItsTime() throws Exception {
    FileData.writeAll(left.socket(), new byte[] {5, 0, 0, 0, 33, 0, 0, 0});
    Thread rest =
        meanwhile(() -> FileData.writeAll(left.socket(), new byte[] {'h', 'e', 'l', 'l', 'o'}));
    assertThat(right.receiveWithin(Duration.ofSeconds(10)).orElseThrow().payload())
        .asString()
        .isEqualTo("hello");
    rest.join();
    FileData.writeAll(left.socket(), new byte[] {5, 0, 0, 0, 33, 0, 0, 0});
    assertThatThrownBy(() -> right.receiveWithin(Duration.ofMillis(20)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("took too long");
  }

  @Test
  void whoStopsReceivingStillSends() throws Exception {
    Thread stopping = meanwhile(right::stopReceiving);
    assertThat(right.receive()).isEmpty();
    stopping.join();
    right.send(Payloads.exit(3));
    assertThat(Payloads.decodeNumber(left.receive().orElseThrow())).isEqualTo(3);
  }

  private interface Action {
    void run() throws IOException;
  }

  /** Does something while this thread most likely waits already; it holds as well if not. */
  private static Thread meanwhile(Action action) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                Thread.sleep(50);
                action.run();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void aPeerThatLeavesInTheMiddleIsAnError() throws Exception {
    FileData.writeAll(left.socket(), new byte[] {5, 0, 0, 0, 33, 0, 0, 0, 'h', 'e'});
    left.close();
    assertThatThrownBy(() -> right.receive())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("left in the middle");
  }

  @Test
  void aLengthBeyondTheLimitIsRefusedBeforeItIsAllocated() throws Exception {
    FileData.writeAll(left.socket(), new byte[] {1, 0, 1, 0, 33, 0, 0, 0});
    assertThatThrownBy(() -> right.receive())
        .isInstanceOf(ProtocolException.class)
        .hasMessage("cannot receive frame OUT: 65537 bytes are more than the 65536 allowed");
  }

  @Test
  void whatIsPromisedIsNotAllocatedBeforeItComes() throws Exception {
    Semaphore permits = new Semaphore(1);
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        FrameChannel patient = new FrameChannel(pair.second(), 8, permits)) {
      FileData.writeAll(pair.first(), LARGE_REQUEST);
      assertThatThrownBy(() -> patient.receiveWithin(Duration.ofMillis(20)))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("took too long");
      assertThat(permits.availablePermits()).isZero();
    }
    assertThat(permits.availablePermits()).isOne();
  }

  @Test
  void largeFramesWaitForOneAnother() throws Exception {
    Semaphore permits = new Semaphore(0);
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        FrameChannel patient = new FrameChannel(pair.second(), 8, permits)) {
      FileData.writeAll(pair.first(), LARGE_REQUEST);
      FileData.writeAll(pair.first(), new byte[(4 << 20) / 100]);
      assertThatThrownBy(() -> patient.receiveWithin(Duration.ofMillis(20)))
          .hasMessageContaining("took too long");
      assertThat(permits.availablePermits()).isZero();
    }
  }

  @Test
  void aLargeFrameIsForTheGreetingAlone() throws Exception {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        FrameChannel patient = new FrameChannel(pair.second(), 8, new Semaphore(1))) {
      FileData.writeAll(pair.first(), LARGE_REQUEST);
      assertThatThrownBy(patient::receive)
          .hasMessage(
              "cannot receive frame REQUEST: 4194304 bytes are more than the 65536 allowed");
    }
  }

  @Test
  void descriptorsThatComeOneByOneAreCounted() throws Exception {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        FrameChannel patient = new FrameChannel(pair.second(), 8, new Semaphore(1));
        Arena arena = Arena.ofConfined()) {
      FileData.writeAll(pair.first(), LARGE_REQUEST);
      for (int count = 0; count < 3; count++) {
        MemorySegment piece = arena.allocate(1);
        assertThat(SocketMessage.send(pair.first(), piece, threeOf(pair.first()), 0)).isOne();
      }
      assertThatThrownBy(() -> patient.receiveWithin(Duration.ofSeconds(5)))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("more than the 8 descriptors");
    }
  }

  private static List<Fd> threeOf(Fd descriptor) {
    return List.of(descriptor, descriptor, descriptor);
  }

  @Test
  void anUnknownTypeIsRefused() throws Exception {
    FileData.writeAll(left.socket(), new byte[] {0, 0, 0, 0, (byte) 250, 0, 0, 0});
    assertThatThrownBy(() -> right.receive())
        .isInstanceOf(ProtocolException.class)
        .hasMessage("cannot receive a frame: unknown type 250");
  }

  @Test
  void aRequestArrivesAsItWasSent() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      byte[] large = new byte[3 << 20];
      Arrays.fill(large, (byte) 'x');
      Request request =
          new Request(
              UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
              List.of(
                  "coffer",
                  "run",
                  "\udcff",
                  new String(large, java.nio.charset.StandardCharsets.UTF_8)),
              List.of("A=b"),
              0x12,
              4026531840L,
              4026531837L,
              List.of(
                  new CallerStream(
                      StdioKind.TTY, new WindowSize(24, 80), new byte[] {1, 2}, Optional.empty()),
                  new CallerStream(
                      StdioKind.PIPE, WindowSize.UNKNOWN, new byte[0], Optional.of(pipe.writer())),
                  new CallerStream(
                      StdioKind.CLOSED, WindowSize.UNKNOWN, new byte[0], Optional.empty())),
              pipe.reader(),
              pipe.reader());
      Thread sender = Thread.ofPlatform().start(() -> send(request.toFrame()));
      try (Request received = Request.decode(right.receive().orElseThrow())) {
        assertThat(received)
            .usingRecursiveComparison()
            .ignoringFieldsOfTypes(Fd.class)
            .isEqualTo(request);
        assertThat(received.streams().get(1).descriptor()).isPresent();
      }
      sender.join();
    }
  }

  @Test
  void aRequestWithoutItsDescriptorsIsRefused() {
    Request request =
        new Request(new UUID(1, 2), List.of(), List.of(), 0, 0, 0, List.of(), Fd.CWD, Fd.CWD);
    Frame bare = Frame.of(FrameType.REQUEST, request.toFrame().payload());
    assertThatThrownBy(() -> Request.decode(bare))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("a descriptor is missing");
  }

  @Test
  void noBytesMakeADecoderFailOtherwise() {
    byte[][] payloads = {
      {}, {1}, {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 127}
    };
    for (byte[] payload : payloads) {
      assertThatThrownBy(() -> Request.decode(Frame.of(FrameType.REQUEST, payload)))
          .isInstanceOf(ProtocolException.class);
    }
    assertThatThrownBy(() -> Exited.decode(new byte[5])).isInstanceOf(ProtocolException.class);
  }

  private void send(Frame frame) {
    try {
      left.send(frame);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
