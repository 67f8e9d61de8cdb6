package dev.coffer.cli.template;

/** A template that cannot be parsed, or that does not fit its data. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super(message, null, false, false);
  }
}
