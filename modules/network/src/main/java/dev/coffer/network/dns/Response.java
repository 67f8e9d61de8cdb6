package dev.coffer.network.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * What a server has answered. Only its head is read: clients get the rest as it is, and may know
 * more of it than we do.
 *
 * @param rcode the code of RFC 1035 that it has in its header
 */
record Response(int rcode) {

  /**
   * Reads a message.
   *
   * @param id the id that the server was given
   * @return empty when it is no answer to the question
   */
  static Optional<Response> to(Query query, int id, ByteBuffer message) {
    if (message.limit() < Answers.HEADER_BYTES) {
      return Optional.empty();
    }
    Header header = Answers.header(message);
    boolean answers =
        header.getFlag(Flags.QR) && header.getID() == id && header.getOpcode() == Opcode.QUERY;
    return answers && isAbout(query, header, message)
        ? Optional.of(new Response(header.getRcode()))
        : Optional.empty();
  }

  private static boolean isAbout(Query query, Header header, ByteBuffer message) {
    return switch (header.getCount(Section.QUESTION)) {
      // Servers that could not read the question, such as those before EDNS.
      case 0 -> header.getRcode() == Rcode.FORMERR || header.getRcode() == Rcode.NOTIMP;
      case 1 -> query.question().equals(question(message));
      default -> false;
    };
  }

  private static Record question(ByteBuffer message) {
    byte[] rest = new byte[message.limit() - Answers.HEADER_BYTES];
    message.get(Answers.HEADER_BYTES, rest);
    try {
      return Record.fromWire(rest, Section.QUESTION);
    } catch (IOException | RuntimeException malformed) {
      return null;
    }
  }
}
