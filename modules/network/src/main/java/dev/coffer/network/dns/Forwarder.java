package dev.coffer.network.dns;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Asks the servers of the host, by sockets of the engine's own network: loopback servers of the
 * host can be asked, too. Nothing is kept: those servers do that already, and know when it ends.
 */
final class Forwarder {
  private static final int IDS = 1 << 16;

  private final Loop loop;
  private final Limits limits;
  private final RandomGenerator random = new SecureRandom();
  private final Silence silence = new Silence();
  private int underWay;

  Forwarder(Loop loop, Limits limits) {
    this.loop = loop;
    this.limits = limits;
  }

  Loop loop() {
    return loop;
  }

  Limits limits() {
    return limits;
  }

  Silence silence() {
    return silence;
  }

  int newId() {
    return random.nextInt(IDS);
  }

  /**
   * Has the servers asked; it may be answered at once.
   *
   * @return empty when too much is under way
   */
  Optional<Inquiry> inquire(
      Answers.Verdict.Forward question, Consumer<Optional<ByteBuffer>> answer) {
    if (underWay >= limits.inAll()) {
      return Optional.empty();
    }
    underWay++;
    return Optional.of(new Inquiry(this, question, answer));
  }

  /** An inquiry is over. */
  void ended() {
    underWay--;
  }
}
