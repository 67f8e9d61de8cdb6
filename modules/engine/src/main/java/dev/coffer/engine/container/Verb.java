package dev.coffer.engine.container;

import dev.coffer.engine.state.Status;

/**
 * What can be done to a container, and in which of its states. This table is the only place that
 * knows; handlers ask it and do what it says.
 */
public enum Verb {
  START,
  STOP,
  RESTART,
  KILL,
  PAUSE,
  UNPAUSE,
  ATTACH,
  EXEC,
  TOP,
  REMOVE,
  REMOVE_FORCED,
  RENAME;

  /** Whether a verb is legal. */
  public sealed interface Verdict {}

  /** It is. */
  public record Go() implements Verdict {}

  /** What it asks for is already so. */
  public record AlreadySo() implements Verdict {}

  /** It is not; the reason completes "cannot … container "web": ". */
  public record Refused(String reason) implements Verdict {}

  private static final Go GO = new Go();
  private static final AlreadySo ALREADY = new AlreadySo();

  /** What this verb may do to a container in that state. */
  public Verdict in(Status status) {
    if (status == Status.REMOVING && this != REMOVE && this != REMOVE_FORCED) {
      return refused("it is being removed");
    }
    if (status == Status.DEAD && this != REMOVE && this != REMOVE_FORCED) {
      return refused("its removal failed half-way (remove it again)");
    }
    return switch (this) {
      case START ->
          switch (status) {
            case CREATED, EXITED -> GO;
            case RUNNING, RESTARTING, REMOVING, DEAD -> ALREADY;
            case PAUSED -> refused("it is paused (unpause it)");
          };
      case STOP ->
          switch (status) {
            case RUNNING, PAUSED, RESTARTING -> GO;
            case CREATED, EXITED, REMOVING, DEAD -> ALREADY;
          };
      case RESTART, RENAME, REMOVE_FORCED -> GO;
      case KILL ->
          switch (status) {
            case RUNNING, PAUSED, RESTARTING -> GO;
            case CREATED, EXITED, REMOVING, DEAD -> refused("it is not running");
          };
      case PAUSE ->
          switch (status) {
            case RUNNING -> GO;
            case PAUSED -> refused("it is already paused");
            case RESTARTING -> refused("it is restarting (wait until it runs)");
            case CREATED, EXITED, REMOVING, DEAD -> refused("it is not running");
          };
      case UNPAUSE -> status == Status.PAUSED ? GO : refused("it is not paused");
      case ATTACH, EXEC ->
          switch (status) {
            case RUNNING -> GO;
            case PAUSED -> refused("it is paused (unpause it)");
            case RESTARTING -> refused("it is restarting (wait until it runs)");
            case CREATED, EXITED, REMOVING, DEAD -> refused("it is not running (start it)");
          };
      case TOP ->
          switch (status) {
            case RUNNING, PAUSED -> GO;
            case RESTARTING -> refused("it is restarting (wait until it runs)");
            case CREATED, EXITED, REMOVING, DEAD -> refused("it is not running");
          };
      case REMOVE ->
          switch (status) {
            case CREATED, EXITED, DEAD -> GO;
            case REMOVING -> ALREADY;
            case RUNNING -> refused("it is running (stop it, or remove it with --force)");
            case PAUSED -> refused("it is paused (unpause and stop it, or use --force)");
            case RESTARTING -> refused("it is restarting (stop it, or use --force)");
          };
    };
  }

  private static Refused refused(String reason) {
    return new Refused(reason);
  }
}
