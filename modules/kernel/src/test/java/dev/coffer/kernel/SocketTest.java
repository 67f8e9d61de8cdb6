package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketTest {
  private static final int F_GETFD = 1;

  @Test
  void descriptorsTravelAndArriveCloseOnExec() throws Exception {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        Pipe pipe = Pipe.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom("hello");
      List<Fd> sent = List.of(pipe.reader(), pipe.writer(), pipe.reader());
      assertThat(SocketMessage.send(pair.first(), text, sent, 0)).isEqualTo(6);
      MemorySegment into = arena.allocate(100);
      SocketMessage.Received received = SocketMessage.receive(pair.second(), into, 5, 0);
      assertThat(received.size()).isEqualTo(6);
      assertThat(into.getString(0)).isEqualTo("hello");
      assertThat(received.descriptors()).hasSize(3);
      FileData.writeAll(received.descriptors().get(1), new byte[] {42});
      byte[] one = new byte[1];
      assertThat(FileData.read(pipe.reader(), one, 0, 1)).isEqualTo(1);
      for (Fd fd : received.descriptors()) {
        assertThat(Syscall.call(Call.FCNTL, fd.number(), F_GETFD)).isEqualTo(1);
        fd.close();
      }
    }
  }

  @Test
  void moreDescriptorsThanWantedAreAnErrorAndNoLeak() throws Exception {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(1);
      List<Fd> many = List.of(pair.first(), pair.first(), pair.first(), pair.first());
      SocketMessage.send(pair.first(), text, many, 0);
      int before = openDescriptors();
      assertThatThrownBy(() -> SocketMessage.receive(pair.second(), text, 2, 0))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.EMSGSIZE)).isTrue());
      assertThat(openDescriptors()).isEqualTo(before);
    }
  }

  @Test
  void aListenerTellsWhoItsPeerIs(@TempDir Path temporary) throws Exception {
    Path deep = Files.createDirectories(temporary.resolve("d".repeat(100)).resolve("e".repeat(90)));
    try (Fd directory = FileOpen.path(deep.toString(), OpenFlags.PATH);
        Fd listener = UnixSocket.listen(directory, "test.sock", UnixSocket.STREAM, 5);
        Fd client = UnixSocket.connect(directory, "test.sock", UnixSocket.STREAM);
        Fd server = UnixSocket.accept(listener)) {
      Peer self =
          new Peer(
              CurrentProcess.pid(), CurrentProcess.effectiveUid(), CurrentProcess.effectiveGid());
      assertThat(UnixSocket.peer(server)).isEqualTo(self);
      assertThat(UnixSocket.peer(client)).isEqualTo(self);
      UnixSocket.peerPidfd(server).ifPresent(Fd::close);
      assertThat(Poll.readable(server, Duration.ZERO)).isFalse();
      UnixSocket.shutdown(client, UnixSocket.SHUT_WRITE);
      assertThat(Poll.readable(server, Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void epollTellsWhichOfManyIsReady() throws Exception {
    try (Epoll epoll = Epoll.open();
        Fd first = EventFd.open();
        Fd second = EventFd.open()) {
      epoll.add(first, Epoll.READABLE, 1L << 40);
      epoll.add(second, Epoll.READABLE, 7);
      assertThat(epoll.await(Duration.ZERO)).isEmpty();
      EventFd.signal(second);
      assertThat(epoll.await(null)).containsExactly(new Epoll.Event(7, Epoll.READABLE));
      EventFd.clear(second);
      EventFd.signal(first);
      assertThat(epoll.await(null)).containsExactly(new Epoll.Event(1L << 40, Epoll.READABLE));
      epoll.remove(first);
      assertThat(epoll.await(Duration.ofMillis(1))).isEmpty();
    }
  }

  private static int openDescriptors() throws KernelException {
    try (Fd self = FileOpen.path("/proc/self/fd", OpenFlags.RDONLY)) {
      return Directory.list(self).size();
    }
  }
}
