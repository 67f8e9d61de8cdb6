package dev.coffer.network.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.nft.Hook.Kind;
import dev.coffer.network.nft.Hook.Point;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The bytes that nf_tables gets, as little-endian machines send them; that the kernel takes them
 * for what is meant is FirewallIT's to show.
 */
class TransactionTest {
  private static final String TABLE = "0600" + "0100" + "74000000";

  @Test
  void aTransactionIsFramedAndItsLastChangeAnswered() {
    List<NetlinkMessage> messages = transaction().addTable().deleteTable().messages();
    assertThat(messages)
        .extracting(TransactionTest::hex)
        .containsExactly(
            "14000000" + "1000" + "0100" + "00000000" + "00000000" + "0000000a",
            "24000000"
                + "000a"
                + "0104"
                + "00000000"
                + "00000000"
                + "01000000"
                + TABLE
                + "0800"
                + "0200"
                + "00000000",
            "1c000000" + "020a" + "0500" + "00000000" + "00000000" + "01000000" + TABLE,
            "14000000" + "1100" + "0100" + "00000000" + "00000000" + "0000000a");
  }

  @Test
  void aChainHasItsHook() {
    assertThat(body(transaction().add(Chain.base("c", Kind.NAT, Point.PREROUTING, -100))))
        .isEqualTo(
            TABLE
                + "0600"
                + "0300"
                + "63000000"
                + "1400"
                + "0480"
                + "0800"
                + "0100"
                + "00000000"
                + "0800"
                + "0200"
                + "ffffff9c"
                + "0800"
                + "0500"
                + "00000001"
                + "0800"
                + "0700"
                + "6e617400");
  }

  @Test
  void keysOfSeveralPartsFillWholeRegisters() {
    Value key = Value.join(Value.ofByte(6), Value.ofPort(8080));
    Value value = Value.join(Value.of(Subnet.parseAddress("10.0.0.1")), Value.ofPort(80));
    assertThat(body(transaction().add("m", List.of(new Element.Mapping(key, value)))))
        .isEqualTo(
            TABLE
                + "0600"
                + "0200"
                + "6d000000"
                + "2800"
                + "0380"
                + "2400"
                + "0180"
                + "1000"
                + "0180"
                + "0c00"
                + "0100"
                + "06000000"
                + "1f900000"
                + "1000"
                + "0280"
                + "0c00"
                + "0100"
                + "0a000001"
                + "00500000");
  }

  @Test
  void manyElementsGoIntoSeveralMessages() {
    List<Element.Member> members =
        IntStream.rangeClosed(1, 1201)
            .mapToObj(port -> new Element.Member(Value.ofPort(port)))
            .toList();
    assertThat(transaction().add("s", members).messages()).hasSize(2 + 3);
    assertThat(transaction().add("s", List.of()).isEmpty()).isTrue();
  }

  @Test
  void aRuleIsItsStepsInOrder() {
    Rule rule =
        Rule.in("c", "why").in("s", Field.INPUT_DEVICE).from(Subnet.parse("10.0.0.0/15")).drop();
    assertThat(rule.steps())
        .containsExactly(
            new Expression.Meta(Expression.MetaKey.INPUT_DEVICE, 0),
            new Expression.InSet("s", 0, true),
            new Expression.Meta(Expression.MetaKey.FAMILY, 0),
            new Expression.Compare(0, true, Value.ofByte(2)),
            new Expression.Payload(Expression.Base.NETWORK, 12, 4, 0),
            new Expression.Mask(0, Value.ofMask(15, 4)),
            new Expression.Compare(0, true, Value.of(Subnet.parseAddress("10.0.0.0"))),
            new Expression.Decide(new Verdict.Drop()));
    assertThat(Value.ofMask(15, 4)).hasToString("fffe0000");
  }

  @Test
  void aKeyThatIsAnAddressAndPortsTakesFollowingRegisters() {
    Rule rule =
        Rule.in("c", "why")
            .redirect(Family.IPV6, "m", Field.IPV6_DESTINATION, Field.PROTOCOL, Field.SOURCE_PORT);
    assertThat(rule.steps())
        .containsExactly(
            new Expression.Payload(Expression.Base.NETWORK, 24, 16, 0),
            new Expression.Meta(Expression.MetaKey.PROTOCOL, 4),
            new Expression.Payload(Expression.Base.TRANSPORT, 0, 2, 5),
            new Expression.MapLookup("m", 0, 0),
            new Expression.DestinationNat(Family.IPV6, 0, 4));
  }

  @Test
  void aVerdictMayNameAChain() {
    NetlinkMessage message = NetlinkMessage.of(0, 0);
    new Expression.Decide(new Verdict.Jump("ab")).writeTo(message);
    assertThat(hex(message).substring(32))
        .isEqualTo(
            "0e00"
                + "0100"
                + HexFormat.of().formatHex("immediate".getBytes(StandardCharsets.UTF_8))
                + "000000"
                + "2400"
                + "0280"
                + "0800"
                + "0100"
                + "00000000"
                + "1800"
                + "0280"
                + "1400"
                + "0280"
                + "0800"
                + "0100"
                + "fffffffd"
                + "0700"
                + "0200"
                + "61620000");
  }

  @Test
  void aDevicesNameHasALength() {
    assertThat(Value.ofDevice("br0").size()).isEqualTo(16);
    assertThatThrownBy(() -> Value.ofDevice("a-name-too-long!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid device name \"a-name-too-long!\": 1 to 15 bytes");
    assertThat(Chain.named("x").hook()).isEqualTo(Optional.empty());
  }

  private static Transaction transaction() {
    return new Transaction(Family.INET, "t");
  }

  /** What comes after the header and the fixed part of the only change. */
  private static String body(Transaction transaction) {
    return hex(transaction.messages().get(1)).substring(40);
  }

  private static String hex(NetlinkMessage message) {
    return HexFormat.of().formatHex(message.bytes(0));
  }
}
