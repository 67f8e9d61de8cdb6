package dev.coffer.cli.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose columns are each as wide as their widest cell and three spaces, at least ten. The last
 * cell of a row is not padded.
 */
public final class Table {

  private static final int PADDING = 3;
  private static final int NARROWEST = 10;
  private static final String CELL_END = "\t";

  private final int narrowest;
  private final List<String[]> rows = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  /** One without rows. */
  public Table(int narrowest) {
    this.narrowest = narrowest;
  }

  /** Lays out lines (without line ends) whose tabs end cells; each result line ends with one. */
  public static String render(List<String> lines) {
    return render(lines, NARROWEST);
  }

  /** The same with another least width of columns. */
  public static String render(List<String> lines, int narrowest) {
    Table table = new Table(narrowest);
    lines.forEach(line -> table.addPrintable(Printable.text(line).split(CELL_END, -1)));
    return table.render();
  }

  /** Adds a row; a tab in a cell ends that. */
  public void add(String... cells) {
    String[] printable = new String[cells.length];
    boolean whole = true;
    for (int i = 0; i < cells.length; i++) {
      printable[i] = Printable.text(cells[i]);
      whole &= !printable[i].contains(CELL_END);
    }
    addPrintable(whole ? printable : String.join(CELL_END, printable).split(CELL_END, -1));
  }

  private void addPrintable(String[] cells) {
    rows.add(cells);
    for (int i = 0; i < cells.length - 1; i++) {
      int width = Math.max(narrowest, length(cells[i]) + PADDING);
      if (i == widths.size()) {
        widths.add(width);
      } else if (width > widths.get(i)) {
        widths.set(i, width);
      }
    }
  }

  /** All rows, each with a line end. */
  public String render() {
    StringBuilder out = new StringBuilder();
    for (String[] cells : rows) {
      for (int i = 0; i < cells.length - 1; i++) {
        out.append(cells[i]).repeat(' ', widths.get(i) - length(cells[i]));
      }
      out.append(cells[cells.length - 1]).append('\n');
    }
    return out.toString();
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
