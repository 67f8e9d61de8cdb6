package dev.coffer.cli.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines whose tabs end columns: each is as wide as its widest cell and three spaces, at least ten.
 * The last cell of a line is not padded.
 */
public final class Table {

  private static final int PADDING = 3;
  private static final int NARROWEST = 10;

  private Table() {}

  /** Lays out lines (without line ends); each result line ends with a line end. */
  public static String render(List<String> lines) {
    return render(lines, NARROWEST);
  }

  /** The same with another least width of columns. */
  public static String render(List<String> lines, int narrowest) {
    List<String[]> rows = new ArrayList<>(lines.size());
    List<Integer> widths = new ArrayList<>();
    for (String line : lines) {
      String[] cells = Printable.text(line).split("\t", -1);
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
