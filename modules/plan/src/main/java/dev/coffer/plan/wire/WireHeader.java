package dev.coffer.plan.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints {@link WireForm} as {@code native/include/wire.h}. */
public final class WireHeader {
  private static final String HEAD =
      """
      /* Generated from dev.coffer.plan.wire.WireForm by `make headers`. Do not edit.
       * The wire form of a plan; docs/contributors/wire-form.md says what it means. */
      #ifndef COFFER_WIRE_H
      #define COFFER_WIRE_H

      #include <stdint.h>
      """;

  private WireHeader() {}

  /**
   * Writes the header.
   *
   * @param arguments the file to write
   * @throws IOException when it cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), text());
  }

  /** The text of the header. */
  public static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (WireForm.Group group : WireForm.groups()) {
      text.append('\n');
      if (!group.comment().isEmpty()) {
        text.append("/* ").append(group.comment()).append(" */\n");
      }
      for (WireForm.Constant constant : group.constants()) {
        text.append("#define WIRE_").append(constant.name()).append(' ');
        text.append(constant.value()).append('\n');
      }
    }
    for (WireForm.Structure structure : WireForm.structures()) {
      text.append("\nstruct ").append(structure.name()).append(" {\n");
      for (WireForm.Field field : structure.fields()) {
        text.append('\t').append(field.type()).append(' ');
        text.append(String.join(", ", field.names())).append(";\n");
      }
      text.append("};\n");
    }
    text.append('\n');
    for (WireForm.Structure structure : WireForm.structures()) {
      text.append("_Static_assert(sizeof(struct ").append(structure.name()).append(") == ");
      text.append(structure.size()).append(", \"").append(structure.name()).append("\");\n");
    }
    return text.append("\n#endif\n").toString();
  }
}
