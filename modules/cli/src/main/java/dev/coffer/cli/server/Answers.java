package dev.coffer.cli.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The answers that are under way, and the last ones that were given. Thread-safe. */
final class Answers {

  /** A launcher repeats a request at once or never. */
  private static final int REMEMBERED = 256;

  private final Map<UUID, Answer> answers = new LinkedHashMap<>();
  private final Map<UUID, Answer> finished =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Answer> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Notes a request; answers the one of the same id if there was one. */
  synchronized Optional<Answer> begin(UUID id, Answer answer) {
    Answer earlier = answers.getOrDefault(id, finished.get(id));
    if (earlier != null) {
      return Optional.of(earlier);
    }
    answers.put(id, answer);
    return Optional.empty();
  }

  /** The request's command has ended. */
  synchronized void end(UUID id) {
    Answer answer = answers.remove(id);
    if (answer != null) {
      finished.put(id, answer);
    }
  }

  /** Forgets a request, because another engine will be asked. */
  synchronized void forget(UUID id) {
    answers.remove(id);
  }
}
