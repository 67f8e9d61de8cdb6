package dev.coffer.network.dns;

import dev.coffer.network.dns.Answers.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The questions of one container, and what of them is under way. Who asks what is being asked
 * already waits for the same answer: clients that repeat themselves cost nothing, and a server that
 * asks us what we ask it (a container that the host asks for names) is not asked in circles.
 */
final class Questions {
  private final Forwarder forwarder;
  private final Answers answers;
  private final Map<Same, UnderWay> underWay = new HashMap<>();
  private int waiters;

  /** What makes two questions the same. */
  private record Same(ByteBuffer withoutId, boolean stream) {}

  private record UnderWay(Inquiry inquiry, List<Waiting> waiting) {}

  private record Waiting(Query query, Consumer<ByteBuffer> client) {}

  Questions(Forwarder forwarder, Names names) {
    this.forwarder = forwarder;
    this.answers = new Answers(names);
  }

  /**
   * Takes a message.
   *
   * @param message all of it, which nobody changes afterwards
   * @param stream whether it came by TCP
   * @param client is given the answer, now or later
   * @return whether there will be an answer
   */
  boolean ask(ByteBuffer message, boolean stream, Consumer<ByteBuffer> client) {
    return switch (answers.judge(message, stream)) {
      case Verdict.Drop() -> false;
      case Verdict.Reply(ByteBuffer answer) -> {
        client.accept(answer);
        yield true;
      }
      case Verdict.Forward forward -> {
        forward(forward, client);
        yield true;
      }
    };
  }

  private void forward(Verdict.Forward forward, Consumer<ByteBuffer> client) {
    Query query = forward.query();
    Waiting waiting = new Waiting(query, client);
    Same same = new Same(query.withoutId(), query.stream());
    UnderWay begun = underWay.get(same);
    if (waiters >= forwarder.limits().waiting()) {
      answer(waiting, Optional.empty());
    } else if (begun != null) {
      waiters++;
      begun.waiting().add(waiting);
    } else if (underWay.size() >= forwarder.limits().perContainer()) {
      answer(waiting, Optional.empty());
    } else {
      forwarder
          .inquire(forward, answer -> ended(same, answer))
          .ifPresentOrElse(
              inquiry -> begin(same, inquiry, waiting), () -> answer(waiting, Optional.empty()));
    }
  }

  private void begin(Same same, Inquiry inquiry, Waiting first) {
    waiters++;
    underWay.put(same, new UnderWay(inquiry, new ArrayList<>(List.of(first))));
    inquiry.next();
  }

  private void ended(Same same, Optional<ByteBuffer> answer) {
    List<Waiting> waiting = underWay.remove(same).waiting();
    waiters -= waiting.size();
    waiting.forEach(each -> answer(each, answer));
  }

  private static void answer(Waiting waiting, Optional<ByteBuffer> answer) {
    Query query = waiting.query();
    waiting.client().accept(answer.map(query::pass).orElseGet(query::failure));
  }

  /** Ends all that is under way; nobody is told. */
  void cancel() {
    underWay.values().forEach(each -> each.inquiry().cancel());
    underWay.clear();
  }
}
