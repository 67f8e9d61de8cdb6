package dev.coffer.network.input;

import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.network.nft.Expression;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Step;
import dev.coffer.network.nft.TableName;
import dev.coffer.network.nft.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Rules as the kernel would tell them. */
final class Steps {
  static final TableName FILTER = new TableName(Family.IPV4, "filter");

  private static final int MESSAGE_HEADER = 16;

  private Steps() {}

  static Step of(Expression expression) {
    Attributes element = Attributes.of(bytes(expression::writeTo));
    return new Step(
        element.text(1).orElseThrow(), Value.ofBytes(element.bytes(2).orElse(new byte[0])));
  }

  static Step of(String kind, Consumer<NetlinkMessage> content) {
    return new Step(kind, Value.ofBytes(bytes(content)));
  }

  /** A target of iptables, whose parameters are one number. */
  static Step target(String name, int parameter) {
    byte[] info = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(parameter).array();
    return of("target", to -> to.putText(1, name).putNetworkInt(2, 0).put(3, info));
  }

  static byte[] bytes(Consumer<NetlinkMessage> content) {
    NetlinkMessage message = NetlinkMessage.of(0, 0);
    content.accept(message);
    byte[] all = message.bytes(0);
    return Arrays.copyOfRange(all, MESSAGE_HEADER, all.length);
  }

  static Listed.Rule rule(long number, String chain, Step... steps) {
    return new Listed.Rule(FILTER, chain, number, "", List.of(steps));
  }

  static Listed.Chain base(String name, int priority, boolean drops) {
    return new Listed.Chain(
        FILTER, name, Optional.of(new Listed.Base("filter", 1, priority, drops)));
  }
}
