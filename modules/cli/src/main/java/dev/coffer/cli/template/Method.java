package dev.coffer.cli.template;

/** A field that takes one argument, such as {@code {{.Label "name"}}}. */
@FunctionalInterface
public interface Method {

  /** The value for an argument. */
  Object call(String argument);
}
