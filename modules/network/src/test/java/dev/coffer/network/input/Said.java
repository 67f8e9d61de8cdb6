package dev.coffer.network.input;

import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Transaction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a transaction says, a line for each change. */
final class Said {
  private static final int HEADER = 20;

  private Said() {}

  static List<String> by(Transaction transaction) {
    List<NetlinkMessage> messages = transaction.messages();
    return messages.subList(1, messages.size() - 1).stream().map(Said::line).toList();
  }

  private static String line(NetlinkMessage message) {
    byte[] bytes = message.bytes(0);
    int type = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(4) & 0xff;
    Attributes all = Attributes.of(Arrays.copyOfRange(bytes, HEADER, bytes.length));
    String table = Family.of(bytes[HEADER - 4]).orElseThrow().word() + " " + all.text(1).get();
    return switch (type) {
      case 0 -> "table " + table;
      case 2 -> "delete table " + table;
      case 3 -> "chain " + all.text(3).get() + hook(all.nested(4));
      case 6 -> "rule " + all.text(2).get() + ": " + steps(all) + protocol(all.nested(5));
      case 9 -> "set " + all.text(2).get() + " flags " + all.networkInteger(3).get();
      case 12 -> "elements " + all.text(2).get() + " " + all.list(3).size();
      case 14 -> "delete elements " + all.text(2).get() + " " + all.list(3).size();
      case 18 -> "object " + all.text(2).get() + " of " + all.bytes(4).get().length + " bytes";
      default -> "type " + type;
    };
  }

  private static String hook(Attributes hook) {
    return hook.networkInteger(1)
        .map(point -> " hook " + point + " priority " + hook.networkInteger(2).get())
        .orElse("");
  }

  private static String steps(Attributes rule) {
    return rule.list(4).stream().map(Said::step).collect(Collectors.joining(" "));
  }

  private static String step(Attributes step) {
    String kind = step.text(1).orElseThrow();
    Attributes content = step.nested(2);
    Attributes verdict = content.nested(2).nested(2);
    return switch (kind) {
      case "immediate" -> "verdict " + verdict.networkInteger(1).get() + verdict.text(2).orElse("");
      case "lookup" -> "in " + content.text(1).get();
      case "reject" ->
          "reject " + content.networkInteger(1).get() + "/" + content.bytes(2).get()[0];
      default -> kind;
    };
  }

  private static String protocol(Attributes compat) {
    return compat
        .networkInteger(1)
        .map(number -> " protocol " + number + " flags " + compat.networkInteger(2).get())
        .orElse("");
  }
}
