package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Messages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The places where a repository is. Reading begins with the first mirror and ends at the registry
 * itself; each mirror is asked once, the last place a few times. Why a mirror was passed by is told
 * when nobody could help.
 */
final class Places {
  private final Connections connections;
  private final List<EndpointSession> sessions;
  private final Retries retries;

  /** Something that is done at one place. */
  @FunctionalInterface
  interface Task<T> {
    /** Does it. */
    T at(Place place) throws IOException;
  }

  Places(Connections connections, List<Endpoint> endpoints, RegistryAccess access) {
    this.connections = connections;
    this.sessions =
        endpoints.stream()
            .map(endpoint -> new EndpointSession(connections, endpoint, access))
            .toList();
    this.retries = new Retries(connections);
  }

  /** Does something at the first place that can. */
  <T> T read(Capability capability, String object, Task<T> task) throws IOException {
    List<String> passedBy = new ArrayList<>();
    List<EndpointSession> able =
        sessions.stream().filter(session -> session.endpoint().can(capability)).toList();
    for (EndpointSession session : able) {
      Endpoint endpoint = session.endpoint();
      boolean last = session == able.getLast();
      if (!last && connections.isAvoided(endpoint)) {
        passedBy.add("mirror " + endpoint.host() + ": failed a moment ago");
        continue;
      }
      try {
        return task.at(new Place(session, last ? connections.options().attempts() : 1));
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        IOException failure = Failures.of(endpoint, object, e);
        if (last) {
          throw explained(failure, passedBy);
        }
        avoidIfBroken(endpoint, failure);
        passedBy.add("mirror " + endpoint.host() + ": " + Messages.line(failure.getMessage()));
      }
    }
    throw new ImageException(
        ImageException.Kind.INVALID_REQUEST,
        "cannot get %s: no configured host may %s"
            .formatted(object, capability == Capability.RESOLVE ? "resolve tags" : "be read"));
  }

  private void avoidIfBroken(Endpoint endpoint, IOException failure) {
    if (failure instanceof ImageException image
        && image.kind() == ImageException.Kind.UNAVAILABLE) {
      connections.avoid(endpoint);
    }
  }

  private static IOException explained(IOException failure, List<String> passedBy) {
    return failure instanceof ImageException image && !passedBy.isEmpty()
        ? new ImageException(
            image.kind(), image.getMessage() + " (" + String.join("; ", passedBy) + ")", image)
        : failure;
  }

  /** Does something at the place that is written to. */
  <T> T write(String object, Task<T> task) throws IOException {
    EndpointSession session =
        sessions.stream()
            .filter(it -> it.endpoint().can(Capability.PUSH))
            .findFirst()
            .orElseThrow(
                () ->
                    new ImageException(
                        ImageException.Kind.INVALID_REQUEST,
                        "cannot write %s: no configured host may be written to".formatted(object)));
    try {
      return task.at(new Place(session, connections.options().attempts()));
    } catch (IOException e) {
      throw Failures.of(session.endpoint(), object, e);
    }
  }

  /** One place, and how often something is tried there. */
  final class Place {
    private final EndpointSession session;
    private final int attempts;

    private Place(EndpointSession session, int attempts) {
      this.session = session;
      this.attempts = attempts;
    }

    Endpoint endpoint() {
      return session.endpoint();
    }

    /** The repository's part of a path, such as {@code /library/busybox}. */
    String path(String rest) {
      return "/" + endpoint().path() + rest;
    }

    int attempts() {
      return attempts;
    }

    /** Asks, and again after what may pass. */
    Answer send(Call call) throws IOException {
      return retries.send(session, call, attempts);
    }

    /** Asks once. */
    Answer sendOnce(Call call) throws IOException {
      return session.send(call);
    }

    void pause(int attempt) throws IOException {
      connections.pause(retries.backOff(attempt));
    }

    /** Passes this place by for a while. */
    void avoid() {
      connections.avoid(endpoint());
    }

    /** The error that an answer means. */
    ImageException failure(String object, Answer answer) {
      return Failures.of(endpoint(), object, answer);
    }
  }
}
