package dev.coffer.cli.format;

import dev.coffer.cli.template.Template;

/** Single objects by a template. */
public final class Objects {

  private Objects() {}

  /**
   * An object in the form that was asked for, without a line end.
   *
   * @param format {@code json} or a template
   */
  public static String render(String format, Object data) {
    String wanted = format.strip();
    String template = wanted.equals("json") ? "{{json .}}" : Listing.unescape(wanted);
    return Template.parse(template).render(data);
  }
}
