package dev.coffer.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ParityTableTest {

  @Test
  void thePageSaysWhatTheProgramDoes() throws IOException {
    String page = Files.readString(Path.of("../../docs/coming-from-docker.md"));
    assertThat(page).as("bring it up to date with: make docs").isEqualTo(ParityTable.update(page));
    assertThat(page).contains("| `run` | ", "`-m, --memory`");
  }

  @Test
  void aPageWithoutMarksIsRefused() {
    assertThatThrownBy(() -> ParityTable.update("# Page\n")).hasMessageContaining("no marks");
  }
}
