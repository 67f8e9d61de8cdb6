package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.Started;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A monitor whose side of the conversation a test plays. The process itself is another program. */
final class FakeMonitor implements Spawner {
  private final CompletableFuture<SpawnRequest> request = new CompletableFuture<>();
  private final CompletableFuture<FrameChannel> channel = new CompletableFuture<>();
  private final CompletableFuture<Integer> pid = new CompletableFuture<>();
  private final List<String> command;

  /** One that runs a program with arguments, which is found by its path. */
  FakeMonitor(String... command) {
    this.command = List.of(command);
  }

  @Override
  public Child spawn(SpawnRequest asked) throws KernelException {
    channel.complete(new FrameChannel(asked.descriptors().get(3).duplicate()));
    request.complete(asked);
    Child child =
        Spawner.posix()
            .spawn(new SpawnRequest(command.getFirst(), command, List.of(), List.of(), false));
    pid.complete(child.pid());
    return child;
  }

  /** The process's id. */
  int pid() {
    return pid.join();
  }

  SpawnRequest request() {
    return request.join();
  }

  FrameChannel channel() {
    return channel.join();
  }

  /** Takes the SETUP and says that this JVM is the container. */
  Frame start(long startedAt) throws IOException {
    Frame setup = channel().receive().orElseThrow();
    try (Fd pidfd = Pidfd.open(CurrentProcess.pid())) {
      channel().send(new Started(CurrentProcess.pid(), startedAt).toFrame(pidfd));
    }
    return setup;
  }
}
