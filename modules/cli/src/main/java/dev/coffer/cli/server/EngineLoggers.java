package dev.coffer.cli.server;

/**
 * Where an engine says what concerns no command: on standard error, which is the terminal of {@code
 * coffer serve} or {@code engine.log}.
 */
public final class EngineLoggers extends System.LoggerFinder {
  private static final String PLACES = "dev.coffer.log.places";

  /** For {@link java.util.ServiceLoader}. */
  public EngineLoggers() {}

  /** Whether each entry says where in the program it arose; by default it does not. */
  static void tellPlaces(boolean wanted) {
    System.setProperty(PLACES, Boolean.toString(wanted));
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new LineLogger(name, System.err, Boolean.getBoolean(PLACES));
  }
}
