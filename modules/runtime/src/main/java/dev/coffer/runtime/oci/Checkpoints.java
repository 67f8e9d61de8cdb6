package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.ContainerStatus;
import java.io.IOException;
import java.util.List;

/**
 * {@code checkpoint} and {@code restore}, which are criu(8)'s work. Whether that can do it at all
 * on a host is asked of it first, so that the answer names what is missing.
 */
public final class Checkpoints {
  private static final String LEVEL = "Error (";

  private Checkpoints() {}

  /**
   * Saves a running container.
   *
   * @param criu the program's name or path
   * @throws OciException always, for now: it says what is missing
   */
  public static void checkpoint(OciHost host, OciCaller caller, String id, String criu)
      throws IOException {
    String what = "cannot checkpoint container \"" + id + "\": ";
    StateDirectory directory = caller.states().get(id);
    ContainerStatus status = ContainerState.status(host, directory, directory.record());
    switch (status) {
      case RUNNING, PAUSED -> {}
      case CREATING, CREATED, STOPPED ->
          throw new OciException(what + "it is " + status.spelling() + ", not running");
    }
    throw unsupported(caller, what, criu);
  }

  /**
   * Makes a container of what was saved.
   *
   * @param criu the program's name or path
   * @throws OciException always, for now: it says what is missing
   */
  public static void restore(OciCaller caller, String id, String criu) throws IOException {
    String what = "cannot restore container \"" + id + "\": ";
    if (caller.states().find(id).isPresent()) {
      throw new OciException(what + "a container with that id exists");
    }
    throw unsupported(caller, what, criu);
  }

  private static OciException unsupported(OciCaller caller, String what, String criu)
      throws IOException {
    try {
      String ignored = CallerProgram.run(caller, List.of(criu, "check"));
    } catch (OciException e) {
      return new OciException(what + cause(e.getMessage()), e);
    }
    return new OciException(
        what + "not supported: criu works here, but this version does not use it");
  }

  /** What criu complains of first is the cause, what follows are its consequences. */
  static String cause(String message) {
    int error = message.indexOf(LEVEL);
    if (error < 0) {
      return message;
    }
    int end = message.indexOf("; ", error);
    return "criu cannot work on this host: "
        + (end < 0 ? message.substring(error) : message.substring(error, end)).strip();
  }
}
