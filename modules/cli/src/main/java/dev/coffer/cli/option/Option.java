package dev.coffer.cli.option;

import java.util.Optional;

/**
 * One option of a command.
 *
 * @param name long name without dashes
 * @param shorthand one letter, or {@link #NO_SHORTHAND}
 * @param type how its texts become a value
 * @param description one line for help, without a full stop
 * @param unsupported when present, an option that Docker has and Coffer refuses, with what to know;
 *     such an option is not shown
 * @param <T> the value's type
 */
public record Option<T>(
    String name, char shorthand, Type<T> type, String description, Optional<String> unsupported) {

  /** The option has a long name only. */
  public static final char NO_SHORTHAND = 0;

  /** An option with a shorthand. */
  public static <T> Option<T> of(String name, char shorthand, Type<T> type, String description) {
    return new Option<>(name, shorthand, type, description, Optional.empty());
  }

  /** An option without a shorthand. */
  public static <T> Option<T> of(String name, Type<T> type, String description) {
    return of(name, NO_SHORTHAND, type, description);
  }

  /**
   * An option that is known and refused, so that its user learns more than "unknown flag".
   *
   * @param wayOut what to do instead, or why not
   */
  public static Option<?> unsupported(String name, boolean takesValue, String wayOut) {
    Type<?> type = takesValue ? Type.text() : Type.toggle();
    return new Option<>(name, NO_SHORTHAND, type, "", Optional.of(wayOut));
  }

  /** Whether the option has a shorthand. */
  public boolean hasShorthand() {
    return shorthand != NO_SHORTHAND;
  }

  /** Whether help shows it. */
  public boolean visible() {
    return unsupported.isEmpty();
  }

  /** {@code -m, --memory}, as messages name it. */
  public String label() {
    return hasShorthand() ? "-" + shorthand + ", --" + name : "--" + name;
  }
}
