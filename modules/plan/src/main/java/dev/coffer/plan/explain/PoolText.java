package dev.coffer.plan.explain;

import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.Argument;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Patch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** What arguments point to, as text. */
final class PoolText {
  private static final int LONGEST = 400;
  private final Bytes pool;
  private final ByteBuffer bytes;
  private final Architecture architecture;
  private final IntFunction<String> slotName;

  PoolText(Bytes pool, Architecture architecture, IntFunction<String> slotName) {
    this.pool = pool;
    this.bytes = pool.buffer();
    this.architecture = architecture;
    this.slotName = slotName;
  }

  /** A string; a slot that is patched into it shows by its name. */
  String text(Argument argument, List<Patch> patches) {
    int at = (int) argument.value();
    return quote(named(pool.textAt(at), at, patches));
  }

  /** Bytes, with slots as in {@link #text}. */
  String data(Argument argument, long length, List<Patch> patches) {
    byte[] content = new byte[(int) length];
    int at = (int) argument.value();
    bytes.get(at, content);
    return quote(named(new String(content, StandardCharsets.UTF_8), at, patches));
  }

  private String named(String text, int at, List<Patch> patches) {
    String named = text;
    for (Patch patch : patches) {
      int start = patch.at() - at;
      if (patch.kind() == Patch.Kind.SLOT_TEXT && start >= 0 && start < text.length()) {
        named =
            named.substring(0, start)
                + slotName.apply(patch.slot())
                + named.substring(start + patch.width());
      }
    }
    return named;
  }

  /** A vector of strings: the patches that make its addresses tell where they are. */
  String strings(Argument vector, List<Patch> patches) {
    List<String> texts = new ArrayList<>();
    int at = (int) vector.value();
    for (Patch patch : patches) {
      if (patch.kind() == Patch.Kind.POINTER && patch.at() == at) {
        texts.add(quote(pool.textAt(patch.target())));
        at += Long.BYTES;
      }
    }
    return "[" + String.join(", ", texts) + "]";
  }

  String slots(Argument array, long count) {
    List<String> names = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      int slot = bytes.getInt((int) array.value() + Integer.BYTES * index);
      names.add(slot < 0 ? "closed" : slotName.apply(slot));
    }
    return "[" + String.join(", ", names) + "]";
  }

  String groups(Argument array, long count) {
    List<String> groups = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      groups.add(
          Integer.toUnsignedString(bytes.getInt((int) array.value() + Integer.BYTES * index)));
    }
    return "[" + String.join(", ", groups) + "]";
  }

  String capabilities(Argument data) {
    int at = (int) data.value();
    return "{effective=%s, permitted=%s, inheritable=%s}"
        .formatted(set(at), set(at + 4), set(at + 8));
  }

  private String set(int at) {
    long low = Integer.toUnsignedLong(bytes.getInt(at));
    long high = Integer.toUnsignedLong(bytes.getInt(at + 12));
    return FlagText.hex(high << 32 | low);
  }

  String filter(Argument program) {
    return "{%d instructions}".formatted(bytes.getShort((int) program.value()));
  }

  String openHow(Argument how) {
    int at = (int) how.value();
    return "{%s, %s}"
        .formatted(
            FlagText.open(bytes.getLong(at), architecture),
            FlagText.resolve(bytes.getLong(at + 16)));
  }

  String mountAttributes(Argument attributes, Instruction instruction) {
    int at = (int) attributes.value();
    List<String> parts = new ArrayList<>();
    part(parts, "set", FlagText.mountAttributes(bytes.getLong(at)));
    part(parts, "clear", FlagText.mountAttributes(bytes.getLong(at + 8)));
    part(parts, "propagation", FlagText.propagation(bytes.getLong(at + 16)));
    for (Patch patch : instruction.patches()) {
      parts.add("userns=" + slotName.apply(patch.slot()));
    }
    return "{" + String.join(", ", parts) + "}";
  }

  private static void part(List<String> parts, String name, String value) {
    if (!value.equals("0")) {
      parts.add(name + "=" + value);
    }
  }

  String limit(Argument limit) {
    int at = (int) limit.value();
    return "{soft=%s, hard=%s}"
        .formatted(amount(bytes.getLong(at)), amount(bytes.getLong(at + Long.BYTES)));
  }

  private static String amount(long value) {
    return value == -1 ? "unlimited" : Long.toUnsignedString(value);
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int index = 0; index < Math.min(text.length(), LONGEST); index++) {
      char c = text.charAt(index);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            quoted.append("\\x%02x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append(text.length() > LONGEST ? "…\"" : "\"").toString();
  }
}
