package dev.coffer.network.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.xbill.DNS.Rcode;

/**
 * A question that servers are asked, one after another and all of them twice. A server that is
 * silent is still listened to while the next is asked; one that has said that it cannot or will not
 * answer is not asked again.
 */
final class Inquiry implements Exchange.Asker {
  private static final int ROUNDS = 2;

  /** As many servers as the C library asks. Source: MAXNS in resolv.conf(5). */
  private static final int SERVERS = 3;

  private final Forwarder forwarder;
  private final Query query;
  private final Consumer<Optional<ByteBuffer>> answer;

  private final List<InetSocketAddress> turns = new ArrayList<>();
  private final Set<InetSocketAddress> unable = new HashSet<>();
  private final Map<Exchange, Integer> ids = new HashMap<>();
  private final long end;
  private int turn;
  private Exchange newest;
  private Optional<ByteBuffer> excuse = Optional.empty();
  private Loop.Timer timer;

  /**
   * Prepares to ask.
   *
   * @param answer is told what to answer, once; empty when no server has answered in time
   */
  Inquiry(
      Forwarder forwarder,
      Answers.Verdict.Forward question,
      Consumer<Optional<ByteBuffer>> answer) {
    this.forwarder = forwarder;
    this.query = question.query();
    this.answer = answer;
    this.end = System.nanoTime() + forwarder.limits().giveUp().toNanos();
    List<InetSocketAddress> first = question.servers().stream().limit(SERVERS).toList();
    List<InetSocketAddress> round = forwarder.silence().last(first);
    for (int i = 0; i < ROUNDS; i++) {
      turns.addAll(round);
    }
  }

  /** Asks the next server, now or when there is nobody else to wait for. */
  void next() {
    forgetTimer();
    while (turn < turns.size()) {
      InetSocketAddress server = turns.get(turn++);
      if (!unable.contains(server) && ask(server)) {
        waitFor(forwarder.limits().retry());
        return;
      }
    }
    if (ids.isEmpty()) {
      finish(excuse);
    } else {
      waitFor(forwarder.limits().giveUp());
    }
  }

  private boolean ask(InetSocketAddress server) {
    int id = forwarder.newId();
    ByteBuffer message = ByteBuffer.allocate(query.bytes().limit()).put(query.bytes()).flip();
    message.putShort(0, (short) id);
    try {
      newest = Exchange.begin(forwarder.loop(), server, message, query.stream(), this);
      ids.put(newest, id);
      return true;
    } catch (IOException | RuntimeException unreachable) {
      // There is no way to it, or it has an address that cannot be asked.
      unable.add(server);
      return false;
    }
  }

  private void waitFor(Duration most) {
    long left = end - System.nanoTime();
    timer = forwarder.loop().after(Duration.ofNanos(Math.min(most.toNanos(), left)), this::due);
  }

  private void due() {
    timer = null;
    forwarder.silence().begins(newest.server());
    if (end - System.nanoTime() <= 0) {
      finish(excuse);
    } else {
      next();
    }
  }

  private void forgetTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public boolean came(Exchange exchange, ByteBuffer message) {
    Optional<Response> response = Response.to(query, ids.get(exchange), message);
    if (response.isEmpty()) {
      return false;
    }
    forwarder.silence().ends(exchange.server());
    switch (response.get().rcode()) {
      case Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.REFUSED -> {
        excuse = Optional.of(message);
        exchange.close();
        failed(exchange);
      }
      default -> finish(Optional.of(message));
    }
    return true;
  }

  @Override
  public void failed(Exchange exchange) {
    ids.remove(exchange);
    unable.add(exchange.server());
    if (exchange == newest) {
      next();
    }
  }

  private void finish(Optional<ByteBuffer> message) {
    cancel();
    answer.accept(message);
  }

  /** Asks no more, and tells nobody. */
  void cancel() {
    forgetTimer();
    ids.keySet().forEach(Exchange::close);
    ids.clear();
    turn = turns.size();
    forwarder.ended();
  }
}
