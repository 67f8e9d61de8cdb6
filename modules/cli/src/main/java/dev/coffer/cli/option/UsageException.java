package dev.coffer.cli.option;

/**
 * A command line that cannot be understood. The message is for the user and may have many lines.
 */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What {@code docker} leaves with when an option is wrong. */
  public static final int BAD_OPTION = 125;

  /** What {@code docker} leaves with when there are too few or too many arguments. */
  public static final int BAD_ARGUMENTS = 1;

  private final int exitCode;

  /** Creates one with the exit code that fits. */
  public UsageException(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /** What the launcher should leave with. */
  public int exitCode() {
    return exitCode;
  }
}
