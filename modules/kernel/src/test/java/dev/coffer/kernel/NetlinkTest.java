package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.NetlinkReply.Attributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Netlink, as far as everybody may speak it. The bytes are those of little-endian machines. */
class NetlinkTest {
  private static final int GET_LINK = 18;
  private static final int INTERFACE_INFO = 16;
  private static final int NAME = 3;
  private static final int MTU = 4;

  @Test
  void attributesAreFilledUpAndNested() {
    NetlinkMessage message =
        NetlinkMessage.of(0x1234, NetlinkMessage.ACK)
            .fixed((byte) 7, (byte) 0, (byte) 0, (byte) 0)
            .putText(1, "abc")
            .nest(2, inner -> inner.putByte(1, 9).putNetworkShort(2, 80).putNetworkInt(3, -2))
            .putInt(4, 0x01020304);
    assertThat(HexFormat.of().formatHex(message.bytes(5)))
        .isEqualTo(
            "40000000"
                + "3412"
                + "0500"
                + "05000000"
                + "00000000"
                + "07000000"
                + "0800"
                + "0100"
                + "61626300"
                + "1c00"
                + "0280"
                + "0500"
                + "0100"
                + "09000000"
                + "0600"
                + "0200"
                + "00500000"
                + "0800"
                + "0300"
                + "fffffffe"
                + "0800"
                + "0400"
                + "04030201");
  }

  @Test
  void whatIsTooLongForAnAttributeIsRefused() {
    NetlinkMessage message = NetlinkMessage.of(1, 0);
    assertThatThrownBy(() -> message.put(1, new byte[65_532]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an attribute of 65532 bytes");
    assertThatThrownBy(
            () -> message.nest(1, nest -> nest.put(1, new byte[40_000]).put(2, new byte[40_000])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void attributesAreReadAsTheyWereWritten() {
    byte[] bytes =
        NetlinkMessage.of(1, 0)
            .fixedInt(0)
            .nest(2, inner -> inner.putText(1, "abc").putNetworkInt(3, 77))
            .putInt(4, 66)
            .bytes(1);
    NetlinkReply reply = new NetlinkReply(1, 3, Arrays.copyOfRange(bytes, 16, bytes.length));
    Attributes read = reply.attributes(4);
    assertThat(reply.port()).isEqualTo(3);
    assertThat(read.integer(4)).contains(66);
    assertThat(read.nested(2).text(1)).contains("abc");
    assertThat(read.nested(2).networkInteger(3)).contains(77);
    assertThat(read.nested(9).text(1)).isEmpty();
  }

  @Test
  void aLengthBeyondTheEndEndsTheReading() {
    byte[] broken = HexFormat.of().parseHex("08000100" + "01000000" + "ff000200" + "00000000");
    assertThat(new NetlinkReply(1, 0, broken).attributes(0).byNumber()).containsOnlyKeys(1);
  }

  @Test
  void devicesAreListedAndAsked() throws Exception {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      assertThat(socket.port()).isNotZero();
      NetlinkMessage all =
          NetlinkMessage.of(GET_LINK, NetlinkMessage.DUMP).fixed(new byte[INTERFACE_INFO]);
      assertThat(socket.query("list devices", all))
          .extracting(reply -> reply.attributes(INTERFACE_INFO).text(NAME).orElseThrow())
          .contains("lo");
      List<NetlinkReply> loopback = socket.query("look at lo", link("lo"));
      assertThat(loopback).hasSize(1);
      assertThat(loopback.getFirst().port()).isEqualTo(socket.port());
      assertThat(loopback.getFirst().attributes(INTERFACE_INFO).integer(MTU)).isPresent();
    }
  }

  @Test
  void anErrorSaysWhatAndTheNextRequestIsAnswered() throws Exception {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      assertThatThrownBy(() -> socket.query("look at none", link("none-such")))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.ENODEV)).isTrue())
          .hasMessageContaining("look at none");
      assertThat(socket.query("look at lo", link("lo"))).hasSize(1);
    }
  }

  @Test
  void ofSeveralRequestsTheFirstThatWasRefusedIsNamed() throws Exception {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      NetlinkRequest good = new NetlinkRequest("look at lo", link("lo"));
      NetlinkRequest bad = new NetlinkRequest("look at none", link("none-such"));
      NetlinkRequest worse = new NetlinkRequest("look at another", link("another-such"));
      socket.batch(List.of());
      socket.batch(List.of(good, good));
      assertThatThrownBy(() -> socket.batch(List.of(good, bad, worse, good)))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.ENODEV)).isTrue())
          .hasMessageContaining("look at none");
      assertThatThrownBy(() -> socket.batch(List.of(good, worse)))
          .hasMessageContaining("look at another");
      assertThat(socket.query("look at lo", link("lo"))).hasSize(1);
    }
  }

  @Test
  void aPostedRequestWakesWhoReceives() throws Exception {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      CompletableFuture<List<NetlinkReply>> received = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  received.complete(socket.receive());
                } catch (KernelException e) {
                  received.completeExceptionally(e);
                }
              });
      socket.post(link("lo"));
      assertThat(received.get(5, TimeUnit.SECONDS)).hasSize(1);
    }
  }

  private static NetlinkMessage link(String name) {
    return NetlinkMessage.of(GET_LINK, 0).fixed(new byte[INTERFACE_INFO]).putText(NAME, name);
  }
}
