package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.ContainerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a process's environment has beside what its config says. */
final class ProcessEnvironment {
  private static final String HOME = "HOME=";
  private static final String LISTEN_FDS = "LISTEN_FDS";

  private ProcessEnvironment() {}

  /** Where users are at home. */
  interface Homes {
    Optional<String> of(long uid) throws IOException;
  }

  /**
   * The process with each variable once, as it was last given; with a home directory from the
   * container's own passwd, where it names none or an empty one; and told about the sockets that it
   * gets.
   *
   * @param homes the container's passwd
   */
  static ContainerProcess complete(ContainerProcess process, Homes homes, int listening)
      throws IOException {
    List<String> environment = lastOfEach(process.env());
    environment.remove(HOME);
    if (environment.stream().noneMatch(entry -> entry.startsWith(HOME))) {
      environment.add(HOME + homes.of(process.user().uid()).orElse("/"));
    }
    if (listening > 0) {
      environment.add(LISTEN_FDS + "=" + listening);
      environment.add("LISTEN_PID=1");
    }
    return process.toBuilder().env(environment).build();
  }

  /** Which of several a program takes is its own choice, and differs. */
  static List<String> lastOfEach(List<String> entries) {
    Set<String> names = new HashSet<>();
    List<String> kept = new ArrayList<>();
    for (String entry : entries.reversed()) {
      if (names.add(entry.split("=", 2)[0])) {
        kept.addFirst(entry);
      }
    }
    return kept;
  }
}
