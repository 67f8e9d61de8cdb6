package dev.coffer.plan.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StatusPageTest {

  private static byte[] page(Consumer<ByteBuffer> content) {
    byte[] page = new byte[WireForm.REPORT.size()];
    content.accept(ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN));
    return page;
  }

  @Test
  void nothingHasFailedInAFreshPage() {
    StatusPage page = StatusPage.decode(page(_ -> {})).orElseThrow();
    assertThat(page.failure()).isEmpty();
    assertThat(page.stages()).hasSize(WireForm.MAX_STAGES);
  }

  @Test
  void aFailureIsUnpacked() {
    byte[] page = page(at -> at.putLong(0, 1L << 63 | 3L << 56 | 9L << 48 | 13L << 32 | 77));
    assertThat(StatusPage.decode(page).orElseThrow().failure())
        .contains(new StatusPage.Failure(3, 77, 13, 9));
  }

  @Test
  void aStageTellsWhereItIs() {
    byte[] page = page(at -> at.putInt(32, 1).putInt(36, 42).putInt(40, 4711));
    assertThat(StatusPage.decode(page).orElseThrow().stages().get(1))
        .isEqualTo(new StatusPage.StageStatus(42, 4711));
  }

  @Test
  void halfAPageIsNone() {
    assertThat(StatusPage.decode(new byte[WireForm.REPORT.size() - 1])).isEqualTo(Optional.empty());
  }
}
