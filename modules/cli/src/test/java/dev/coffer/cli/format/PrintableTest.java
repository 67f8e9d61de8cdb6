package dev.coffer.cli.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void controlCharactersAreShownAndNotSent() {
    assertThat(Printable.text("a\u001b[2Jb\u009bc\u007f\rd\ne"))
        .isEqualTo("a\\x1b[2Jb\\x9bc\\x7f\\x0dd\\x0ae");
  }

  @Test
  void otherTextStays() {
    assertThat(Printable.text("größe\t✓ \ud83d\udce6")).isEqualTo("größe\t✓ \ud83d\udce6");
  }

  @Test
  void messagesKeepTheirLineEnds() {
    assertThat(Printable.lines("a\n\u001b]0;x\u0007\n")).isEqualTo("a\n\\x1b]0;x\\x07\n");
  }

  @Test
  void tableCellsCannotRewriteTheTable() {
    assertThat(Table.render(List.of("NAME\tLABELS", "web\tk=\u001b[1A\nv")))
        .isEqualTo("NAME      LABELS\nweb       k=\\x1b[1A\\x0av\n");
  }
}
