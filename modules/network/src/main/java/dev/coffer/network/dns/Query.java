package dev.coffer.network.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;

/** A well-formed question of a client, and what may be answered to it. */
final class Query {
  /** The most that a datagram can carry over IPv4, and a message in a stream. */
  private static final int LARGEST_DATAGRAM = 65_507;

  private static final int LARGEST_IN_STREAM = 65_535;

  /** What every client takes in a datagram. Source: RFC 1035, section 4.2.1. */
  private static final int SMALLEST_LIMIT = 512;

  /** What we would take ourselves: more than any question has. */
  private static final int OUR_LIMIT = 4_096;

  /** Labels of a whole address below in-addr.arpa and ip6.arpa, the root's included. */
  private static final int REVERSE_LABELS = 4 + 3;

  private static final int REVERSE_LABELS_IPV6 = 32 + 3;

  private final ByteBuffer bytes;
  private final boolean stream;
  private final Header header;
  private final Record question;
  private final OPTRecord edns;

  /**
   * Takes a message that has one question.
   *
   * @param bytes the message as it came
   * @param message the same
   * @param stream whether it came by TCP
   */
  Query(ByteBuffer bytes, Message message, boolean stream) {
    this.bytes = bytes;
    this.stream = stream;
    this.header = message.getHeader();
    this.question = message.getQuestion();
    this.edns = message.getOPT();
  }

  ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** All of it but for the id, which differs whenever the same is asked. */
  ByteBuffer withoutId() {
    return bytes.slice(Short.BYTES, bytes.limit() - Short.BYTES);
  }

  int id() {
    return header.getID();
  }

  boolean stream() {
    return stream;
  }

  Record question() {
    return question;
  }

  Name name() {
    return question.getName();
  }

  /** The name as {@link Names} knows names: lower case, without a dot at the end. */
  String text() {
    return name().toString(true).toLowerCase(Locale.ROOT);
  }

  int type() {
    return question.getType();
  }

  /** The version of EDNS that the client speaks, 0 when it speaks none. */
  int ednsVersion() {
    return edns == null ? 0 : edns.getVersion();
  }

  /** The address that is asked for, when a whole address is. */
  Optional<InetAddress> reversed() {
    int labels = name().labels();
    if (labels != REVERSE_LABELS && labels != REVERSE_LABELS_IPV6) {
      return Optional.empty();
    }
    try {
      InetAddress address = ReverseMap.fromName(name());
      // There are other ways to write it, which are no names of it.
      return ReverseMap.fromAddress(address).equals(name())
          ? Optional.of(address)
          : Optional.empty();
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }

  /** How many bytes the client takes. */
  int limit() {
    if (stream) {
      return LARGEST_IN_STREAM;
    }
    return edns == null
        ? SMALLEST_LIMIT
        : Math.clamp(edns.getPayloadSize(), SMALLEST_LIMIT, LARGEST_DATAGRAM);
  }

  /**
   * An answer of ours. When it is larger than the client takes, it has as many of the records as
   * fit, and says so: a client that cannot come again by TCP has some at least.
   */
  ByteBuffer reply(int rcode, List<? extends Record> answers) {
    byte[] whole = encode(begin(rcode), answers);
    if (whole.length <= limit()) {
      return ByteBuffer.wrap(whole);
    }
    int fitting = answers.size();
    int length = whole.length;
    while (fitting > 0 && length > limit()) {
      fitting--;
      length -= size(answers.get(fitting));
    }
    Message part = begin(rcode);
    part.getHeader().setFlag(Flags.TC);
    return ByteBuffer.wrap(encode(part, answers.subList(0, fitting)));
  }

  /** An answer that sends the client to TCP. */
  ByteBuffer truncated() {
    Message reply = begin(Rcode.NOERROR);
    reply.getHeader().setFlag(Flags.TC);
    return ByteBuffer.wrap(reply.toWire());
  }

  /** The answer when no server has one. */
  ByteBuffer failure() {
    return reply(Rcode.SERVFAIL, List.of());
  }

  /** A server's answer as the client may have it. */
  ByteBuffer pass(ByteBuffer answer) {
    return answer.limit() > limit() ? truncated() : answer.duplicate().putShort(0, (short) id());
  }

  private static byte[] encode(Message reply, List<? extends Record> answers) {
    answers.forEach(answer -> reply.addRecord(answer, Section.ANSWER));
    return reply.toWire(LARGEST_IN_STREAM);
  }

  private Message begin(int rcode) {
    Message reply = new Message(id());
    Header head = reply.getHeader();
    head.setFlag(Flags.QR);
    head.setFlag(Flags.RA);
    copy(Flags.RD, head);
    copy(Flags.CD, head);
    head.setRcode(rcode & 0xf);
    reply.addRecord(question, Section.QUESTION);
    if (edns != null) {
      int kept = edns.getFlags() & 0x8000;
      reply.addRecord(new OPTRecord(OUR_LIMIT, rcode >> 4, 0, kept), Section.ADDITIONAL);
    }
    return reply;
  }

  private void copy(int flag, Header to) {
    if (header.getFlag(flag)) {
      to.setFlag(flag);
    }
  }

  /** Its name is the question's, and takes two bytes: a pointer. */
  private int size(Record answer) {
    return answer.toWire(Section.ANSWER).length - answer.getName().length() + Short.BYTES;
  }
}
