package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Memfd;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.DescriptorRole;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.LogFormat;
import dev.coffer.runtime.protocol.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A start request as the frame for the monitor, with the descriptors made for it alone. */
final class SetupFrame implements AutoCloseable {
  private final List<Fd> own = new ArrayList<>();
  private final Frame frame;

  private SetupFrame(StartRequest request) throws IOException {
    try {
      frame = build(request);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  static SetupFrame of(StartRequest request) throws IOException {
    return new SetupFrame(request);
  }

  Frame frame() {
    return frame;
  }

  @Override
  public void close() {
    own.forEach(Fd::close);
  }

  private Frame build(StartRequest request) throws IOException {
    StdioSettings stdio = request.stdio();
    Setup setup =
        new Setup()
            .descriptor(
                DescriptorRole.PLAN,
                keep(Memfd.sealed("coffer-plan", request.program().wireForm())))
            .descriptor(DescriptorRole.STATE_DIR, directory(request.stateDirectory()))
            .descriptor(DescriptorRole.RUN_DIR, directory(request.runDirectory()))
            .id(request.id())
            .stdio(
                stdio.mode(),
                stdio.openStdin(),
                stdio.stdinOnce(),
                request.client().map(Client::attach).orElse(Attach.ALL),
                stdio.size())
            .detachKeys(bytes(request.detachKeys()))
            .exitRecord(request.syncExitRecord(), request.exitRecordName());
    request.inputs().forEach(input -> setup.descriptor(DescriptorRole.INPUT, input));
    request.client().ifPresent(client -> client.descriptors(setup::descriptor));
    request.oomFile().ifPresent(file -> setup.oomFile(file.toString()));
    log(setup, request.log());
    if (!request.engineCommand().isEmpty()) {
      setup.engineCommand(request.engineCommand());
    }
    if (request.listen()) {
      setup.listen();
    }
    return setup.toFrame();
  }

  private static void log(Setup setup, LogSettings log) {
    if (log.format() != LogFormat.NONE) {
      setup.log(
          log.format(), log.maximumFiles(), log.maximumBytes(), log.fileName(), log.attributes());
    }
  }

  private Fd directory(Path path) throws IOException {
    return keep(FileOpen.path(path.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY));
  }

  private Fd keep(Fd fd) {
    own.add(fd);
    return fd;
  }

  private static byte[] bytes(List<Byte> list) {
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = list.get(i);
    }
    return bytes;
  }
}
