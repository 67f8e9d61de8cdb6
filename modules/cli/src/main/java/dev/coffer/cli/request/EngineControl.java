package dev.coffer.cli.request;

/** The engine as a process: what {@code coffer engine} and {@code coffer serve} ask for. */
public interface EngineControl {

  /** A number that grows with every build. */
  long build();

  /**
   * Ends the engine once all other commands are done, and returns when it has let go of all it
   * held.
   */
  void stop();

  /**
   * Ends the engine for a successor that the caller starts, and has the caller ask it again; or
   * does nothing when this engine is younger than the caller, because then it is that successor.
   */
  void restart();
}
