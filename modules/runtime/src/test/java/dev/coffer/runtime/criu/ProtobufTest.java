package dev.coffer.runtime.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes are those of the encoding's own guide, or were made by protoc. */
class ProtobufTest {
  private static final HexFormat HEX = HexFormat.of();

  private static String hex(ProtobufWriter message) {
    return HEX.formatHex(message.toBytes());
  }

  private static ProtobufMessage read(String hex) throws IOException {
    return ProtobufMessage.read(ByteBuffer.wrap(HEX.parseHex(hex)));
  }

  @Test
  void numbersAreVarints() {
    assertThat(hex(new ProtobufWriter().number(1, 150))).isEqualTo("089601");
    assertThat(hex(new ProtobufWriter().number(2, 0))).isEqualTo("1000");
    assertThat(hex(new ProtobufWriter().number(1, -1))).isEqualTo("08ffffffffffffffffff01");
    assertThat(hex(new ProtobufWriter().flag(28, true))).isEqualTo("e00101");
  }

  @Test
  void textAndMessagesAreCounted() {
    assertThat(hex(new ProtobufWriter().text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new ProtobufWriter().message(3, new ProtobufWriter().number(1, 150))))
        .isEqualTo("1a03089601");
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    ProtobufMessage message = read("089601" + "120774657374696e67" + "1a03089601" + "2001");
    assertThat(message.number(1)).contains(150L);
    assertThat(message.text(2)).contains("testing");
    assertThat(message.message(3).orElseThrow().number(1)).contains(150L);
    assertThat(message.flag(4)).isTrue();
    assertThat(message.flag(5)).isFalse();
    assertThat(message.number(2)).isEmpty();
  }

  @Test
  void fieldsOfOtherKindsArePassedBy() throws IOException {
    ProtobufMessage message = read("29" + "0102030405060708" + "35" + "01020304" + "3801");
    assertThat(message.number(7)).contains(1L);
  }

  @Test
  void ofSeveralTheLastCounts() throws IOException {
    assertThat(read("08010802").number(1)).contains(2L);
  }

  @Test
  void whatIsCutShortIsRefused() {
    for (String hex : new String[] {"08", "0896", "1207746573", "29010203", "12ffffffff0f"}) {
      assertThatThrownBy(() -> read(hex))
          .isInstanceOf(IOException.class)
          .hasMessage("malformed message from criu: it is cut short");
    }
  }

  @Test
  void whatIsNoMessageIsRefused() {
    assertThatThrownBy(() -> read("0b")).hasMessageContaining("a field of kind 3");
    assertThatThrownBy(() -> read("08ffffffffffffffffffff01"))
        .hasMessageContaining("a number without an end");
  }
}
