package dev.coffer.network.dns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Decides what to do with a message of a client; knows no sockets. Names of ours are answered here
 * in full: one that is ours but has no record of the type asked for has an empty answer, and is
 * asked for nowhere else.
 */
final class Answers {
  static final int HEADER_BYTES = 12;

  /**
   * How long clients may keep an address, in seconds. An address is free for the next container as
   * soon as its own has ended, and to ask again costs a fraction of a millisecond; zero is avoided
   * because of clients that take it for an error.
   */
  private static final long TTL = 1;

  /** Enough that names which are asked for in turns seldom share one. */
  private static final int TURNS = 256;

  private final Names names;
  private final int[] turns = new int[TURNS];

  Answers(Names names) {
    this.names = names;
  }

  /** Answers a question of nobody, by which all of the library is loaded that answers need. */
  static void loadLibrary() {
    Record question = Record.newRecord(Name.root, Type.ANY, DClass.IN);
    ByteBuffer message = ByteBuffer.wrap(Message.newQuery(question).toWire());
    new Answers(new Everything()).judge(message, false);
  }

  private record Everything() implements Names {
    @Override
    public Optional<List<InetAddress>> addresses(String name) {
      return Optional.of(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")));
    }

    @Override
    public Optional<String> name(InetAddress address) {
      return Optional.empty();
    }

    @Override
    public List<InetSocketAddress> servers() {
      return List.of();
    }
  }

  /** What is to be done with a message. */
  sealed interface Verdict {
    /** Nothing: it is no question. */
    record Drop() implements Verdict {}

    /** This is the answer. */
    record Reply(ByteBuffer message) implements Verdict {}

    /** One of these servers knows, of which there is at least one. */
    record Forward(Query query, List<InetSocketAddress> servers) implements Verdict {
      public Forward {
        servers = List.copyOf(servers);
      }
    }
  }

  /**
   * Judges a message.
   *
   * @param bytes all of it, which nobody changes afterwards
   * @param stream whether it came by TCP
   */
  Verdict judge(ByteBuffer bytes, boolean stream) {
    if (bytes.limit() < HEADER_BYTES) {
      return new Verdict.Drop();
    }
    Header header = header(bytes);
    if (header.getFlag(Flags.QR)) {
      return new Verdict.Drop();
    }
    if (header.getOpcode() != Opcode.QUERY) {
      return refusal(header, Rcode.NOTIMP);
    }
    if (header.getCount(Section.QUESTION) != 1) {
      return refusal(header, Rcode.FORMERR);
    }
    return parse(bytes)
        .map(message -> judge(new Query(bytes, message, stream)))
        .orElseGet(() -> refusal(header, Rcode.FORMERR));
  }

  private Verdict judge(Query query) {
    if (query.ednsVersion() != 0) {
      return reply(query, Rcode.BADVERS);
    }
    boolean transfer = query.type() == Type.AXFR || query.type() == Type.IXFR;
    if (query.question().getDClass() != DClass.IN || transfer) {
      return reply(query, Rcode.REFUSED);
    }
    Optional<List<Record>> own = own(query);
    if (own.isPresent()) {
      return new Verdict.Reply(query.reply(Rcode.NOERROR, own.get()));
    }
    List<InetSocketAddress> servers = names.servers();
    // Of all that can be said, only this is believed at once: after SERVFAIL, musl waits for a
    // better answer until its time is up. And it is true: no other name will ever be found here.
    return servers.isEmpty() ? reply(query, Rcode.NXDOMAIN) : new Verdict.Forward(query, servers);
  }

  /** Empty when the name is none of ours. */
  private Optional<List<Record>> own(Query query) {
    Optional<List<InetAddress>> addresses = names.addresses(query.text());
    if (addresses.isPresent()) {
      return addresses.map(found -> records(query, found));
    }
    return query.reversed().flatMap(names::name).map(name -> pointer(query, name));
  }

  private List<Record> records(Query query, List<InetAddress> addresses) {
    List<Record> records = new ArrayList<>(addresses.size());
    for (InetAddress address : addresses) {
      boolean ipv4 = address instanceof Inet4Address;
      if (query.type() == (ipv4 ? Type.A : Type.AAAA) || query.type() == Type.ANY) {
        records.add(
            ipv4
                ? new ARecord(query.name(), DClass.IN, TTL, address)
                : new AAAARecord(query.name(), DClass.IN, TTL, address));
      }
    }
    if (records.size() > 1) {
      Collections.rotate(records, -nextTurn(query) % records.size());
    }
    return records;
  }

  /** Counts by name and type: clients ask for A and AAAA in turns. */
  private int nextTurn(Query query) {
    int slot = Math.floorMod(31 * query.text().hashCode() + query.type(), TURNS);
    turns[slot] = (turns[slot] + 1) & Integer.MAX_VALUE;
    return turns[slot];
  }

  private static List<Record> pointer(Query query, String name) {
    if (query.type() != Type.PTR && query.type() != Type.ANY) {
      return List.of();
    }
    try {
      Name target = Name.fromString(name, Name.root);
      return List.of(new PTRRecord(query.name(), DClass.IN, TTL, target));
    } catch (TextParseException notForDns) {
      return List.of();
    }
  }

  private static Verdict reply(Query query, int rcode) {
    return new Verdict.Reply(query.reply(rcode, List.of()));
  }

  /** An answer to what could not be read: the question is not repeated. */
  private static Verdict refusal(Header of, int rcode) {
    Header header = new Header(of.getID());
    header.setFlag(Flags.QR);
    header.setOpcode(of.getOpcode());
    header.setRcode(rcode);
    return new Verdict.Reply(ByteBuffer.wrap(header.toWire()));
  }

  static Header header(ByteBuffer bytes) {
    byte[] head = new byte[HEADER_BYTES];
    bytes.get(0, head);
    try {
      return new Header(head);
    } catch (IOException e) {
      throw new IllegalArgumentException("shorter than a header", e);
    }
  }

  private static Optional<Message> parse(ByteBuffer bytes) {
    try {
      Message message = new Message(bytes.duplicate());
      long options =
          message.getSection(Section.ADDITIONAL).stream()
              .filter(record -> record.getType() == Type.OPT)
              .count();
      // There may be no question after all: of messages that say that they are cut off, the library
      // takes what there is. Of OPT there is one at most. Source: RFC 6891, section 6.1.1.
      return message.getQuestion() == null || options > 1 ? Optional.empty() : Optional.of(message);
    } catch (IOException | RuntimeException malformed) {
      // The library tells of some numbers that make no sense by unchecked exceptions.
      return Optional.empty();
    }
  }
}
