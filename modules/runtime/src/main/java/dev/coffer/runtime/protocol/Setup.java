package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.ArrayList;
import java.util.List;

/** Builds a {@code SETUP} frame, record by record. */
public final class Setup {
  private final PayloadWriter out = new PayloadWriter();
  private final PayloadWriter roles = new PayloadWriter();
  private final List<Fd> descriptors = new ArrayList<>();

  /** A descriptor to go with the frame; those of one role keep their order. */
  public Setup descriptor(DescriptorRole role, Fd fd) {
    roles.u8(role.number());
    descriptors.add(fd);
    return this;
  }

  public Setup id(String id) {
    return record(SetupTag.ID, new PayloadWriter().text(id));
  }

  /**
   * @param attach what the client that comes with the frame takes part in
   */
  public Setup stdio(
      StdioMode mode, boolean openStdin, boolean stdinOnce, Attach attach, WindowSize size) {
    return record(
        SetupTag.STDIO,
        new PayloadWriter()
            .u8(mode.number())
            .u8(openStdin ? 1 : 0)
            .u8(stdinOnce ? 1 : 0)
            .u8(attach.bits())
            .u16(size.rows())
            .u16(size.columns()));
  }

  public Setup log(
      LogFormat format, int maximumFiles, long maximumBytes, String name, String attributes) {
    return record(
        SetupTag.LOG,
        new PayloadWriter()
            .u8(format.number())
            .raw(new byte[3])
            .i32(maximumFiles)
            .i64(maximumBytes)
            .string(name)
            .string(attributes));
  }

  public Setup detachKeys(byte[] keys) {
    return record(SetupTag.DETACH_KEYS, new PayloadWriter().raw(keys));
  }

  public Setup exitRecord(boolean sync, String name) {
    return record(SetupTag.EXIT_RECORD, new PayloadWriter().u8(sync ? 1 : 0).string(name));
  }

  public Setup oomFile(String path) {
    return record(SetupTag.OOM_FILE, new PayloadWriter().text(path));
  }

  public Setup engineCommand(List<String> command) {
    return record(SetupTag.ENGINE_COMMAND, new PayloadWriter().list(command));
  }

  public Setup listen() {
    return record(SetupTag.LISTEN, new PayloadWriter().u8(1));
  }

  /** The frame, whose descriptors stay their owners'. */
  public Frame toFrame() {
    record(SetupTag.FD_ROLES, roles);
    return new Frame(FrameType.SETUP, out.toBytes(), descriptors);
  }

  private Setup record(SetupTag tag, PayloadWriter value) {
    out.i32(tag.number()).bytes(value.toBytes());
    return this;
  }
}
