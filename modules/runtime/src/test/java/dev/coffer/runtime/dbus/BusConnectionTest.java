package dev.coffer.runtime.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BusConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final MethodCall ASK =
      new MethodCall("a.name", "/object", "an.interface", "Ask", List.of(Value.of("what")));

  private static BusConnection open(FakeBus bus, Duration patience) throws IOException {
    return BusConnection.open(bus.client(), patience, signal -> signal.member().equals("News"));
  }

  private static FakeBus answering(Function<Message, List<byte[]>> answers) throws IOException {
    return new FakeBus(answers);
  }

  private static byte[] news(String text) {
    return FakeBus.signal("an.interface", "News", Value.of(text));
  }

  @Test
  void introducesItselfByTheKernelsWordAlone() throws Exception {
    try (FakeBus bus = answering(call -> List.of(FakeBus.reply(call)));
        BusConnection connection = open(bus, PATIENCE)) {
      assertThat(connection.call(ASK).kind()).isEqualTo(Message.Kind.REPLY);
      assertThat(bus.handshake()).containsExactly("\0AUTH EXTERNAL\r\n", "DATA\r\n", "BEGIN\r\n");
    }
  }

  @Test
  void whoDoesNotAskAnswersTwice() throws Exception {
    for (String second : List.of("OK 1", "ERROR you are in")) {
      try (FakeBus bus =
              new FakeBus("OK 1\r\n" + second + "\r\n", call -> List.of(FakeBus.reply(call)));
          BusConnection connection = open(bus, PATIENCE)) {
        assertThat(connection.call(ASK).kind()).isEqualTo(Message.Kind.REPLY);
      }
    }
  }

  @Test
  void isRefused() throws Exception {
    try (FakeBus bus = new FakeBus("REJECTED ANONYMOUS\r\n", call -> List.of())) {
      assertThatThrownBy(() -> open(bus, PATIENCE))
          .hasMessage("the bus refuses this user (REJECTED ANONYMOUS)");
    }
    try (FakeBus bus = new FakeBus("DATA\r\nREJECTED EXTERNAL\r\n", call -> List.of())) {
      assertThatThrownBy(() -> open(bus, PATIENCE))
          .hasMessage("the bus refuses this user (REJECTED EXTERNAL)");
    }
  }

  @Test
  void callsAndIsAnswered() throws Exception {
    try (FakeBus bus = answering(call -> List.of(FakeBus.reply(call, Value.uint64(7))));
        BusConnection connection = open(bus, PATIENCE)) {
      assertThat(connection.call(ASK).values("t")).containsExactly(Value.uint64(7));
      Message call = bus.calls().getFirst();
      assertThat(call.kind()).isEqualTo(Message.Kind.CALL);
      assertThat(call.path()).isEqualTo("/object");
      assertThat(call.interfaceName()).isEqualTo("an.interface");
      assertThat(call.member()).isEqualTo("Ask");
      assertThat(call.values("s")).containsExactly(Value.of("what"));
    }
  }

  @Test
  void anErrorIsAnException() throws Exception {
    try (FakeBus bus =
            answering(call -> List.of(FakeBus.error(call, "some.Error", "it is so\nand so")));
        BusConnection connection = open(bus, PATIENCE)) {
      assertThatThrownBy(() -> connection.call(ASK))
          .isInstanceOfSatisfying(
              BusException.class, e -> assertThat(e.name()).isEqualTo("some.Error"))
          .hasMessage("it is so");
    }
  }

  @Test
  void anAnswerToAnotherCallIsNone() throws Exception {
    try (FakeBus bus =
            answering(call -> List.of(otherReply(), FakeBus.reply(call, Value.of(true))));
        BusConnection connection = open(bus, PATIENCE)) {
      assertThat(connection.call(ASK).values("b")).containsExactly(Value.of(true));
    }
  }

  private static byte[] otherReply() {
    return FakeBus.message(
        Message.Kind.REPLY,
        List.of(FakeBus.field(HeaderField.REPLY_SERIAL, Value.uint32(99))),
        Value.of("other"));
  }

  @Test
  void signalsThatComeBeforeTheAnswerAreKept() throws Exception {
    byte[] rumour = FakeBus.signal("an.interface", "Rumour", Value.of("?"));
    try (FakeBus bus =
            answering(call -> List.of(news("one"), rumour, news("two"), FakeBus.reply(call)));
        BusConnection connection = open(bus, PATIENCE)) {
      Message ignored = connection.call(ASK);
      Optional<Message> second = connection.await(each -> isNews(each, "two"), PATIENCE);
      assertThat(second).isPresent();
      assertThat(connection.await(each -> true, SHORT)).isEmpty();
    }
  }

  private static boolean isNews(Message signal, String text) {
    try {
      return signal.values("s").getFirst().equals(Value.of(text));
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keepsNoMoreSignalsThanItSays() throws Exception {
    List<byte[]> many = IntStream.range(0, 1_500).mapToObj(i -> news("n" + i)).toList();
    try (FakeBus bus =
            answering(
                call -> {
                  List<byte[]> all = new ArrayList<>(many);
                  all.add(FakeBus.reply(call));
                  return all;
                });
        BusConnection connection = open(bus, PATIENCE)) {
      Message ignored = connection.call(ASK);
      assertThat(connection.await(each -> isNews(each, "n499"), SHORT)).isEmpty();
    }
  }

  @Test
  void waitsNoLongerThanItsPatience() throws Exception {
    try (FakeBus bus = answering(call -> List.of());
        BusConnection connection = open(bus, Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> connection.call(ASK)).hasMessage("no answer within 1 s");
    }
  }

  @Test
  void aMessageLongerThanAnyIsRefusedBeforeItIsRead() throws Exception {
    byte[] endless = news("x");
    endless[7] = 0x7f;
    try (FakeBus bus = answering(call -> List.of(endless));
        BusConnection connection = open(bus, PATIENCE)) {
      assertThatThrownBy(() -> connection.call(ASK))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageContaining("a message of");
    }
  }

  @Test
  void aMessageThatIsNoneIsRefused() throws Exception {
    byte[] odd = news("x");
    odd[0] = 'x';
    byte[] old = news("x");
    old[3] = 9;
    byte[] wrongType = news("x");
    // The header's first field is the path, whose type stands behind its code and its length.
    wrongType[18] = 's';
    for (byte[] bad : List.of(odd, old, wrongType)) {
      try (FakeBus bus = answering(call -> List.of(bad));
          BusConnection connection = open(bus, PATIENCE)) {
        assertThatThrownBy(() -> connection.call(ASK))
            .isInstanceOf(MalformedMessageException.class);
      }
    }
  }

  @Test
  void anAnswerInTheOtherByteOrderIsRead() throws Exception {
    // A reply without a body, to call 1, highest byte first.
    byte[] header = {'B', 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 8, 5, 1, 'u', 0, 0, 0, 0, 1};
    try (FakeBus bus = answering(call -> List.of(header));
        BusConnection connection = open(bus, PATIENCE)) {
      assertThat(connection.call(ASK).replySerial()).isEqualTo(1);
    }
  }

  @Test
  void theEndOfTheConnectionIsTold() throws Exception {
    try (FakeBus bus = answering(call -> List.of());
        BusConnection connection = open(bus, PATIENCE)) {
      bus.hangUp();
      assertThatThrownBy(() -> connection.call(ASK)).isInstanceOf(IOException.class);
    }
  }
}
