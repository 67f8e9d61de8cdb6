package dev.coffer.cli.template;

import java.util.List;

/** A parsed template, to be used for any number of rows. Immutable. */
public final class Template {

  private final List<Node> nodes;

  private Template(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException when it is no template; the message says what was unexpected
   */
  public static Template parse(String source) {
    return new Template(TemplateParser.parse(source));
  }

  /**
   * Renders it.
   *
   * @param data what the dot is
   * @throws TemplateException when the template does not fit the data
   */
  public String render(Object data) {
    return new Execution(data, false).run(nodes);
  }

  /**
   * Renders the titles of a table's columns: functions that change texts leave the titles alone.
   *
   * @param titles the title of each field
   */
  public String renderHeader(Row titles) {
    return new Execution(titles, true).run(nodes);
  }

  /** A text in double quotes, with Go's escapes. */
  public static String quote(String text) {
    return GoText.quote(text);
  }
}
