package dev.coffer.network.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.NetlinkMessage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElementsTest {
  private static Value element(int key, boolean ends) {
    NetlinkMessage message = NetlinkMessage.of(0, 0).nest(1, data -> data.put(1, port(key)));
    byte[] all = (ends ? message.putNetworkInt(3, 1) : message).bytes(0);
    return Value.ofBytes(Arrays.copyOfRange(all, 16, all.length));
  }

  private static byte[] port(int key) {
    return Value.ofPort(key).bytes();
  }

  @Test
  void intervalsComeInOrderEachWithItsEndBehindIt() {
    List<Value> ordered =
        List.of(
            element(0, true),
            element(80, false),
            element(81, true),
            element(81, false),
            element(90, true),
            element(0x8000, false),
            element(0xffff, true));
    assertThat(Elements.ascending(ordered.reversed())).isEqualTo(ordered);
  }

  @Test
  void aCommentIsReadAsItIsWritten() {
    byte[] written = {0, 4, 'w', 'h', 'y', 0};
    assertThat(Transaction.comment(written)).isEqualTo("why");
    assertThat(Transaction.comment(new byte[] {1, 4, 'w', 'h', 'y', 0})).isEmpty();
    assertThat(Transaction.comment(new byte[] {0, 9, 'w'})).isEmpty();
    assertThat(Transaction.comment(new byte[0])).isEmpty();
  }
}
