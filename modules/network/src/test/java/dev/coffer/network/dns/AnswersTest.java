package dev.coffer.network.dns;

import static dev.coffer.network.dns.Asking.data;
import static dev.coffer.network.dns.Asking.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.dns.Answers.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is answered to a message, and what is forwarded. */
class AnswersTest {
  private static final InetSocketAddress SERVER =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53);

  private final KnownNames names =
      KnownNames.nothing()
          .with("web", "10.1.0.2", "10.2.0.2", "fd00::2")
          .with("four", "10.1.0.4")
          .with("none")
          .asking(SERVER);
  private final Answers answers = new Answers(names);

  private Verdict judge(Message message) {
    return answers.judge(ByteBuffer.wrap(message.toWire()), false);
  }

  private Message reply(Message message) throws IOException {
    assertThat(judge(message)).isInstanceOf(Verdict.Reply.class);
    return new Message(((Verdict.Reply) judge(message)).message());
  }

  @Test
  void addressesOfOneKindAreAnswered() throws IOException {
    Message four = reply(question("web", Type.A));
    assertThat(data(four)).containsExactlyInAnyOrder("10.1.0.2", "10.2.0.2");
    assertThat(four.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(four.getHeader().getFlag(Flags.RA)).isTrue();
    assertThat(four.getSection(Section.ANSWER)).allMatch(record -> record.getTTL() == 1);
    assertThat(data(reply(question("web", Type.AAAA)))).containsExactly("fd00:0:0:0:0:0:0:2");
    assertThat(data(reply(question("web", Type.ANY)))).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"four,AAAA", "four,MX", "web,TXT", "none,A", "none,AAAA", "web,HTTPS"})
  void ourNameWithoutSuchARecordIsEmptyAndNotForwarded(String name, String type)
      throws IOException {
    Message reply = reply(question(name, Type.value(type)));
    assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(data(reply)).isEmpty();
  }

  @Test
  void caseIsIgnoredAndKept() throws IOException {
    Message reply = reply(question("wEb", Type.A));
    assertThat(data(reply)).hasSize(2);
    assertThat(reply.getQuestion().getName()).hasToString("wEb.");
    assertThat(reply.getSection(Section.ANSWER).getFirst().getName()).hasToString("wEb.");
  }

  @Test
  void idAndFlagsOfTheQuestionComeBack() throws IOException {
    Message question = question("web", Type.A);
    question.getHeader().setID(0xbeef);
    question.getHeader().setFlag(Flags.CD);
    question.getHeader().unsetFlag(Flags.RD);
    Message reply = reply(question);
    assertThat(reply.getHeader().getID()).isEqualTo(0xbeef);
    assertThat(reply.getHeader().getFlag(Flags.CD)).isTrue();
    assertThat(reply.getHeader().getFlag(Flags.RD)).isFalse();
    assertThat(reply.getOPT()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.example.org", "example.org", "other", "web.web", ".", "we\\.b"})
  void whatIsNotOursIsForwarded(String name) throws IOException {
    for (int type : new int[] {Type.A, Type.MX, 65_280}) {
      Verdict verdict = judge(question(name, type));
      assertThat(verdict).isInstanceOf(Verdict.Forward.class);
      assertThat(((Verdict.Forward) verdict).servers()).containsExactly(SERVER);
    }
  }

  @Test
  void whereNobodyMayBeAskedOtherNamesDoNotExist() throws IOException {
    Answers alone = new Answers(names.asking());
    ByteBuffer question = ByteBuffer.wrap(question("example.org", Type.A).toWire());
    Verdict verdict = alone.judge(question, false);
    assertThat(verdict).isInstanceOf(Verdict.Reply.class);
    Message reply = new Message(((Verdict.Reply) verdict).message());
    assertThat(reply.getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @ParameterizedTest
  @CsvSource({
    "2.0.1.10.in-addr.arpa, web.",
    "4.0.1.10.IN-ADDR.arpa, four.",
    "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.D.f.ip6.arpa, web."
  })
  void addressesHaveNames(String name, String target) throws IOException {
    assertThat(data(reply(question(name, Type.PTR)))).containsExactly(target);
    assertThat(data(reply(question(name, Type.A)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.0.1.10.in-addr.arpa",
        "1.10.in-addr.arpa",
        "02.0.1.10.in-addr.arpa",
        "2.0.1.10.example.arpa",
        "256.0.1.10.in-addr.arpa",
        "x.0.1.10.in-addr.arpa",
        "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"
      })
  void otherAddressesAreForwarded(String name) throws IOException {
    assertThat(judge(question(name, Type.PTR))).isInstanceOf(Verdict.Forward.class);
  }

  @Test
  void addressesTakeTurnsAlsoWhenBothKindsAreAskedFor() throws IOException {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Verdict verdict = judge(question("web", Type.A));
      first.add(data(new Message(((Verdict.Reply) verdict).message())).getFirst());
      judge(question("web", Type.AAAA));
      judge(question("four", Type.A));
    }
    assertThat(first.subList(0, 2)).containsExactlyInAnyOrder("10.1.0.2", "10.2.0.2");
    assertThat(first.subList(2, 4)).isEqualTo(first.subList(0, 2));
    assertThat(first.subList(4, 6)).isEqualTo(first.subList(0, 2));
  }

  @Test
  void otherClassesAndTransfersAreRefused() throws IOException {
    assertThat(reply(question("version.bind", Type.TXT, DClass.CH)).getRcode())
        .isEqualTo(Rcode.REFUSED);
    assertThat(reply(question("web", Type.A, DClass.ANY)).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(reply(question("example.org", Type.AXFR)).getRcode()).isEqualTo(Rcode.REFUSED);
    Message update = Message.newUpdate(Name.fromString("web."));
    assertThat(reply(update).getRcode()).isEqualTo(Rcode.NOTIMP);
    assertThat(reply(update).getHeader().getOpcode()).isEqualTo(Opcode.UPDATE);
  }

  @Test
  void noneOrSeveralQuestionsAreMalformed() throws IOException {
    Message none = new Message(7);
    assertThat(reply(none).getRcode()).isEqualTo(Rcode.FORMERR);
    Message two = question("web", Type.A);
    two.addRecord(two.getQuestion().withName(Name.fromString("four.")), Section.QUESTION);
    assertThat(reply(two).getRcode()).isEqualTo(Rcode.FORMERR);
    byte[] cut = question("web", Type.A).toWire();
    Verdict verdict = answers.judge(ByteBuffer.wrap(cut, 0, 15).slice(), false);
    assertThat(verdict).isInstanceOf(Verdict.Reply.class);
  }

  @Test
  void answersAndFragmentsAreDropped() throws IOException {
    Message answer = question("web", Type.A);
    answer.getHeader().setFlag(Flags.QR);
    assertThat(judge(answer)).isInstanceOf(Verdict.Drop.class);
    for (int length = 0; length < 12; length++) {
      assertThat(answers.judge(ByteBuffer.wrap(new byte[length]), false))
          .isInstanceOf(Verdict.Drop.class);
    }
  }

  @Test
  void ednsIsAnswered() throws IOException {
    Message reply = reply(question("web", Type.A, new OPTRecord(1232, 0, 0, 0x8000)));
    assertThat(reply.getOPT().getPayloadSize()).isEqualTo(4096);
    assertThat(reply.getOPT().getFlags()).isEqualTo(0x8000);
    Message later = reply(question("web", Type.A, new OPTRecord(1232, 0, 1)));
    assertThat(later.getRcode()).isEqualTo(Rcode.BADVERS);
    assertThat(later.getOPT().getVersion()).isZero();
    Message twice = question("web", Type.A, new OPTRecord(1232, 0, 0));
    twice.addRecord(new OPTRecord(1400, 0, 0), Section.ADDITIONAL);
    assertThat(reply(twice).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void noAnswerIsLargerThanTheClientTakes() throws IOException {
    String[] many =
        IntStream.rangeClosed(1, 200).mapToObj(i -> "10.9.0." + i).toArray(String[]::new);
    Answers crowded = new Answers(KnownNames.nothing().with("crowd", many));
    for (int limit : new int[] {0, 1, 511, 512, 513, 600, 1232, 4096, 65_535}) {
      ByteBuffer question =
          ByteBuffer.wrap(question("crowd", Type.A, new OPTRecord(limit, 0, 0)).toWire());
      Verdict verdict = crowded.judge(question, false);
      byte[] bytes = ((Verdict.Reply) verdict).message().array();
      Message reply = new Message(bytes);
      int honoured = Math.max(512, limit);
      assertThat(bytes).hasSizeLessThanOrEqualTo(honoured);
      boolean whole = data(reply).size() == many.length;
      assertThat(reply.getHeader().getFlag(Flags.TC)).isEqualTo(!whole);
      assertThat(whole || bytes.length + 16 > honoured).isTrue();
      assertThat(reply.getOPT()).isNotNull();
      assertThat(new TreeSet<>(data(reply))).hasSize(data(reply).size());
    }
    ByteBuffer plain = ByteBuffer.wrap(question("crowd", Type.A).toWire());
    byte[] byTcp = ((Verdict.Reply) crowded.judge(plain, true)).message().array();
    assertThat(data(new Message(byTcp))).hasSize(many.length);
  }

  /** Bytes without sense, and questions of which some bytes were changed, cut off or added. */
  @Test
  void nothingThatClientsSendDoesHarm() throws IOException {
    Random random = new Random(5);
    byte[] question = question("web", Type.A, new OPTRecord(700, 0, 0)).toWire();
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = i % 3 == 0 ? noise(random) : changed(question, random);
      ByteBuffer message = ByteBuffer.wrap(bytes);
      switch (answers.judge(message, false)) {
        case Verdict.Drop() -> {}
        case Verdict.Reply(ByteBuffer reply) -> {
          assertThat(reply.limit()).isLessThanOrEqualTo(65_507);
          assertThat(reply.get(0)).isEqualTo(bytes[0]);
          assertThat(reply.get(1)).isEqualTo(bytes[1]);
          assertThat(new Message(reply.duplicate()).getHeader().getFlag(Flags.QR)).isTrue();
        }
        case Verdict.Forward forward -> {
          Query query = forward.query();
          assertThat(query.failure().limit()).isLessThanOrEqualTo(query.limit());
          assertThat(query.truncated().limit()).isLessThanOrEqualTo(query.limit());
        }
      }
    }
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] changed(byte[] question, Random random) {
    byte[] copy = new byte[Math.max(0, question.length + random.nextInt(12) - 6)];
    System.arraycopy(question, 0, copy, 0, Math.min(question.length, copy.length));
    for (int i = random.nextInt(4); i > 0 && copy.length > 0; i--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt();
    }
    return copy;
  }

  /** What servers of the world send is not trusted more. */
  @Test
  void nothingThatServersSendDoesHarm() throws IOException {
    Random random = new Random(6);
    Message question = question("example.org", Type.A);
    question.getHeader().setID(77);
    ByteBuffer bytes = ByteBuffer.wrap(question.toWire());
    Query query = ((Verdict.Forward) answers.judge(bytes, false)).query();
    byte[] good = Asking.answer(bytes.array(), Rcode.NOERROR, "192.0.2.1").toWire();
    assertThat(Response.to(query, 77, ByteBuffer.wrap(good))).isPresent();
    assertThat(Response.to(query, 78, ByteBuffer.wrap(good))).isEmpty();
    for (int i = 0; i < 50_000; i++) {
      byte[] sent = i % 3 == 0 ? noise(random) : changed(good, random);
      Optional<Response> response = Response.to(query, 77, ByteBuffer.wrap(sent));
      if (response.isPresent()) {
        assertThat(sent[0]).isZero();
        assertThat(sent[1]).isEqualTo((byte) 77);
      }
    }
  }

  @Test
  void theAnswerToAnotherQuestionIsNone() throws IOException {
    ByteBuffer asked = ByteBuffer.wrap(question("example.org", Type.A).toWire());
    Query query = ((Verdict.Forward) answers.judge(asked, false)).query();
    for (Message other :
        List.of(
            question("example.com", Type.A),
            question("example.org", Type.AAAA),
            question("example.org", Type.A, DClass.CH))) {
      other.getHeader().setID(query.id());
      byte[] answer = Asking.answer(other.toWire(), Rcode.NOERROR, "192.0.2.1").toWire();
      assertThat(Response.to(query, query.id(), ByteBuffer.wrap(answer))).isEmpty();
    }
    Record shouted = query.question().withName(Name.fromString("EXAMPLE.org."));
    Message sameName = new Message(query.id());
    sameName.getHeader().setFlag(Flags.QR);
    sameName.addRecord(shouted, Section.QUESTION);
    ByteBuffer answer = ByteBuffer.wrap(sameName.toWire());
    assertThat(Response.to(query, query.id(), answer)).isPresent();
  }

  @Test
  void theLibraryCanBeLoadedBeforehand() {
    Answers.loadLibrary();
  }
}
