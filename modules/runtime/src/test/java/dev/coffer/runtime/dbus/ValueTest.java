package dev.coffer.runtime.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTest {
  private static final List<Value> ALL =
      List.of(
          new Value.Whole(IntegerType.BYTE, 255),
          Value.of(true),
          new Value.Whole(IntegerType.INT16, -2),
          new Value.Whole(IntegerType.UINT16, 65_535),
          new Value.Whole(IntegerType.INT32, -3),
          Value.uint32(4_294_967_295L),
          new Value.Whole(IntegerType.INT64, Long.MIN_VALUE),
          Value.uint64(-1),
          new Value.Fraction(0.5),
          Value.of("grüße"),
          new Value.ObjectPath("/a/b"),
          new Value.Types("a{sv}"),
          new Value.Variant(Value.struct(Value.of(""), Value.uint64(1))),
          new Value.Sequence(
              "(sv)", List.of(Value.struct(Value.of("x"), new Value.Variant(Value.of(false))))),
          new Value.Sequence("t", List.of()),
          Value.bytes(new byte[] {1, 2, 3}));

  private static byte[] bytes(List<Value> values) {
    ValueWriter writer = new ValueWriter();
    writer.write(values);
    return writer.toBytes();
  }

  private static List<Value> read(String types, byte[] bytes) throws MalformedMessageException {
    return new ValueReader(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)).read(types);
  }

  private static List<Value> read(String types, String hex) throws MalformedMessageException {
    return read(types, HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void comesBackAsItWent() throws Exception {
    assertThat(read(Value.signatureOf(ALL), bytes(ALL))).isEqualTo(ALL);
  }

  @Test
  void isAlignedToItsSize() {
    List<Value> values =
        List.of(
            new Value.Whole(IntegerType.BYTE, 1),
            new Value.Sequence("t", List.of(Value.uint64(2))));
    assertThat(HexFormat.of().formatHex(bytes(values)))
        .isEqualTo("01000000" + "08000000" + "0200000000000000");
  }

  @Test
  void paddingBeforeTheFirstElementDoesNotCount() {
    List<Value> values = List.of(new Value.Sequence("t", List.of(Value.uint64(2))));
    assertThat(HexFormat.of().formatHex(bytes(values)))
        .isEqualTo("08000000" + "00000000" + "0200000000000000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a text longer than the message  | s    | ff000000 6100      | a text of 255 bytes
          a length beyond all             | s    | ffffffff 6100      | a text of 4294967295 bytes
          a text without an end           | s    | 01000000 6162      | a text without an end
          a text that is not UTF-8        | s    | 01000000 ff00      | not UTF-8
          a boolean of two                | b    | 02000000           | a boolean of 2
          an array longer than the message| ay   | 05000000 01        | an array of 5 bytes
          an element over the array's end | au   | 06000000 0100000002000000 | last element
          padding that says something     | yu   | 01ff0000 01000000  | padding
          a variant of two values         | v    | 02797900 0101      | a variant
          a variant of nothing            | v    | 0000               | a variant
          a dictionary                    | a{sv}| 08000000 00000000 0000000000000000 | not expected
          too little                      | t    | 01000000           | cut short
          no type                         | z    | 00                 | signature
          an array of nothing             | a    | 00000000           | signature
          an empty struct                 | ()   | 00                 | signature
          an open struct                  | (y   | 00                 | signature
          """)
  void refuses(String what, String types, String hex, String why) {
    assertThatThrownBy(() -> read(types, hex))
        .as(what)
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining(why);
  }

  @Test
  void doesNotGoDownForEver() {
    byte[] variants = "\1v\0".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> read("v", variants)).hasMessageContaining("nested too deeply");
    assertThatThrownBy(() -> read("a".repeat(40) + "y", new byte[200]))
        .hasMessageContaining("signature");
    assertThatThrownBy(() -> read("y".repeat(300), new byte[300]))
        .hasMessageContaining("signature");
  }

  @Test
  void anythingIsAValueOrRefused() {
    Random random = new Random(4711);
    byte[] good = bytes(ALL);
    String types = Value.signatureOf(ALL);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(read(types, bad)).hasSize(ALL.size());
      } catch (MalformedMessageException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void holdsOnlyWhatItsTypeHolds() {
    assertThatThrownBy(() -> new Value.Whole(IntegerType.BYTE, 256))
        .hasMessageContaining("256 is no byte");
    assertThatThrownBy(() -> Value.uint32(-1)).hasMessageContaining("-1 is no uint32");
    assertThatThrownBy(() -> new Value.Sequence("s", List.of(Value.of(true))))
        .hasMessageContaining("type b in an array of s");
  }
}
