package dev.coffer.network.dns;

import java.time.Duration;

/**
 * What may be under way at once, and for how long.
 *
 * @param waiting clients of one container that wait for servers
 * @param perContainer different questions of one container that servers are asked
 * @param inAll those of all containers
 * @param connections TCP connections of one container
 * @param retry when the next server is asked while one is silent
 * @param giveUp when a question has failed; less than the five seconds after which resolvers ask
 *     again (resolv.conf(5)), so that they hear of it
 * @param idle how long a TCP connection may take to bring a question, or to take an answer
 */
record Limits(
    int waiting,
    int perContainer,
    int inAll,
    int connections,
    Duration retry,
    Duration giveUp,
    Duration idle) {

  static final Limits USUAL =
      new Limits(
          1024,
          256,
          1024,
          32,
          Duration.ofMillis(1_500),
          Duration.ofMillis(4_500),
          Duration.ofSeconds(10));
}
