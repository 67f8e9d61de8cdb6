package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.ProcFile;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.SocketMessage.Received;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.oci.Runner.Running;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidfdSocketTest {
  @Test
  void whoListensGetsTheProcess(@TempDir Path directory) throws Exception {
    int pid = (int) ProcessHandle.current().pid();
    try (Fd parent = FileOpen.path(directory.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY);
        Fd listener = UnixSocket.listen(parent, "socket", UnixSocket.STREAM, 1);
        PidfdSocket socket = PidfdSocket.connect(Optional.of(directory.resolve("socket")));
        Running running = new Running(pid, Optional.of(Pidfd.open(pid)));
        Fd peer = UnixSocket.accept(listener);
        Arena arena = Arena.ofConfined()) {
      socket.send(running);
      MemorySegment buffer = arena.allocate(64);
      Received received = SocketMessage.receive(peer, buffer, 1, 0);
      byte[] name = buffer.asSlice(0, received.size()).toArray(ValueLayout.JAVA_BYTE);
      assertThat(new String(name, StandardCharsets.UTF_8)).isEqualTo("pidfd");
      try (Fd pidfd = received.descriptors().getFirst()) {
        assertThat(ProcFile.read("/proc/self/fdinfo/" + pidfd.number()))
            .containsPattern("(?m)^Pid:\\s+" + pid + "$");
      }
    }
  }

  @Test
  void whereNobodyListensItIsAnError(@TempDir Path directory) {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> PidfdSocket.connect(Optional.of(missing)).close())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot connect to pidfd socket \"" + missing + "\": ");
  }

  @Test
  void withoutOneNothingIsSent() throws Exception {
    try (PidfdSocket socket = PidfdSocket.connect(Optional.empty());
        Running running = new Running(1, Optional.empty())) {
      socket.send(running);
    }
  }
}
