package dev.coffer.cli.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void aColumnIsAsWideAsItsWidestCellAndThreeSpaces() {
    assertThat(Table.render(List.of("NAME\tID", "a-long-name\t7", "web\t\u00e4\tmore")))
        .isEqualTo(
            """
            NAME          ID
            a-long-name   7
            web           \u00e4         more
            """);
  }

  @Test
  void cellsAreRowsAsLinesAre() {
    Table table = new Table(4);
    table.add("ID", "PATH", "");
    table.add("1", "/a\tb", "root");
    table.add("2", "/\u001b[1A\n", "\u0085");
    assertThat(table.render())
        .isEqualTo(
            Table.render(List.of("ID\tPATH\t", "1\t/a\tb\troot", "2\t/\u001b[1A\n\t\u0085"), 4));
  }
}
