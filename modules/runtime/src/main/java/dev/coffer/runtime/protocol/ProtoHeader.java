package dev.coffer.runtime.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes native/include/proto.h: the C side's view of this package. {@code make headers} runs it; a
 * test fails when the committed file differs.
 */
public final class ProtoHeader {
  private static final String HEAD =
      """
      /* Generated from dev.coffer.runtime.protocol by `make headers`. Do not edit.
       * Frames between launcher, engine and monitor; docs/contributors/protocols.md says what they mean. */
      #ifndef COFFER_PROTO_H
      #define COFFER_PROTO_H

      #include <stdint.h>

      """;

  private static final String FRAME =
      """

      struct proto_frame {
      \tuint32_t length;
      \tuint16_t type;
      \tuint16_t reserved;
      };
      """;

  private ProtoHeader() {}

  /**
   * Writes the header to the file named by the only argument.
   *
   * @throws IOException where the file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), text());
  }

  /** The header's whole text. */
  public static String text() {
    StringBuilder out = new StringBuilder(HEAD);
    define(out, "PROTO_VERSION", Integer.toString(Protocol.VERSION));
    define(out, "PROTO_MAX_FRAME", Protocol.MAXIMUM_FRAME + "u");
    define(out, "PROTO_MAX_DATA", Protocol.MAXIMUM_DATA + "u");
    define(out, "PROTO_MAX_FDS", Protocol.MAXIMUM_DESCRIPTORS + "u");
    out.append(FRAME);
    for (FrameType type : FrameType.values()) {
      groupOf(type, out);
      define(out, "FRAME_" + type.name(), Integer.toString(type.number()));
    }
    constants(out, "what a launcher's descriptor 0-2 is", "STDIO_", StdioKind.values());
    constants(out, "RAW's payload: how a terminal is read", "TYPING_", Typing.values());
    constants(out, "tags of SETUP's records", "SETUP_", SetupTag.values());
    constants(
        out, "roles of the descriptors that come with SETUP", "ROLE_", DescriptorRole.values());
    constants(out, "how the container's stdio is made", "MODE_", StdioMode.values());
    constants(
        out,
        "what the standard streams of RUN's program are",
        "STREAMS_",
        RunFrame.Streams.values());
    constants(out, "log formats", "LOG_", LogFormat.values());
    comment(out, "bits of ATTACH");
    define(out, "ATTACH_STDIN", Integer.toString(Attach.STDIN));
    define(out, "ATTACH_STDOUT", Integer.toString(Attach.STDOUT));
    define(out, "ATTACH_STDERR", Integer.toString(Attach.STDERR));
    comment(out, "the stage of a FAILED that is the monitor's own");
    define(out, "STAGE_MONITOR", "0x" + Integer.toHexString(Failed.MONITOR_STAGE) + "u");
    constants(out, "well-known slots of a plan that a monitor runs", "SLOT_", Slot.values());
    return out.append("\n#endif\n").toString();
  }

  private static void groupOf(FrameType type, StringBuilder out) {
    switch (type) {
      case HELLO -> comment(out, "launcher -> engine");
      case HELLO_REPLY -> comment(out, "engine -> launcher");
      case SETUP -> comment(out, "engine -> monitor");
      case STARTED -> comment(out, "monitor -> engine");
      case ATTACH -> comment(out, "client -> monitor (also: STDIN, STDIN_EOF, RESIZE, SIGNAL)");
      case DETACHED -> comment(out, "monitor -> client (also: OUT, ERR, EXIT, RAISE)");
      case REQUEST,
          STDIN,
          STDIN_EOF,
          RESIZE,
          SIGNAL,
          CONTINUED,
          HANDOVER,
          OUT,
          ERR,
          EXIT,
          RAISE,
          RAW,
          RESTORE,
          STOP,
          MONITOR,
          RECONNECT,
          RUN,
          WAIT,
          ADD_CLIENT,
          ROTATE_LOG,
          CLOSE_STDIN,
          QUERY,
          FAILED,
          EXITED,
          STATUS,
          DETACH -> {}
    }
  }

  private static <T extends Enum<T> & Numbered> void constants(
      StringBuilder out, String comment, String prefix, T[] values) {
    comment(out, comment);
    for (T value : values) {
      define(out, prefix + value.name(), Integer.toString(value.number()));
    }
  }

  private static void comment(StringBuilder out, String text) {
    out.append("\n/* ").append(text).append(" */\n");
  }

  private static void define(StringBuilder out, String name, String value) {
    out.append("#define ").append(name).append(' ').append(value).append('\n');
  }
}
