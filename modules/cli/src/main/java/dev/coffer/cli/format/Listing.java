package dev.coffer.cli.format;

import dev.coffer.cli.template.Row;
import dev.coffer.cli.template.Template;
import java.util.ArrayList;
import java.util.List;

/**
 * A list with the fields that templates can name, printed in the form that the user asked for.
 *
 * @param columns all fields, sorted by name
 * @param <T> what the list has
 */
public record Listing<T>(List<Column<T>> columns) {

  private static final String TABLE = "table";
  private static final String JSON = "json";

  /** A listing with these fields, in any order. */
  public static <T> Listing<T> of(List<Column<T>> columns) {
    List<Column<T>> sorted = new ArrayList<>(columns);
    sorted.sort((a, b) -> a.name().compareTo(b.name()));
    return new Listing<>(List.copyOf(sorted));
  }

  /**
   * Prints the items.
   *
   * @param format {@code ""} or {@code table} for the default columns, {@code table TEMPLATE},
   *     {@code json}, or a template
   * @param defaultTemplate the default columns, with tabs
   */
  public String render(String format, String defaultTemplate, List<T> items) {
    String wanted = format.strip();
    if (wanted.isEmpty() || wanted.equals(TABLE)) {
      return table(defaultTemplate, items);
    }
    if (wanted.startsWith(TABLE + " ") || wanted.startsWith(TABLE + "\t")) {
      return table(unescape(wanted.substring(TABLE.length()).strip()), items);
    }
    return lines(wanted.equals(JSON) ? "{{json .}}" : unescape(wanted), items);
  }

  /**
   * {@code \t} and {@code \n} as two characters mean a tab and a line end, as in Docker's formats.
   */
  public static String unescape(String format) {
    return format.replace("\\t", "\t").replace("\\n", "\n");
  }

  private String table(String source, List<T> items) {
    Template template = Template.parse(source);
    List<String> lines = new ArrayList<>(items.size() + 1);
    lines.add(template.renderHeader(new HeaderRow<>(columns)));
    for (T item : items) {
      lines.add(template.render(new ItemRow<>(columns, item)));
    }
    return Table.render(lines);
  }

  private String lines(String source, List<T> items) {
    Template template = Template.parse(source);
    StringBuilder out = new StringBuilder();
    for (T item : items) {
      out.append(template.render(new ItemRow<>(columns, item))).append('\n');
    }
    return out.toString();
  }

  private record ItemRow<T>(List<Column<T>> columns, T item) implements Row {
    @Override
    public List<String> names() {
      return columns.stream().map(Column::name).toList();
    }

    @Override
    public Object field(String name) {
      return find(columns, name).value().apply(item);
    }
  }

  private record HeaderRow<T>(List<Column<T>> columns) implements Row {
    @Override
    public List<String> names() {
      return columns.stream().map(Column::name).toList();
    }

    @Override
    public Object field(String name) {
      return find(columns, name).header();
    }
  }

  private static <T> Column<T> find(List<Column<T>> columns, String name) {
    for (Column<T> column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException("no field " + name);
  }
}
