package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.BlockIo;
import dev.coffer.spec.runtime.WeightDevice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlockIoLimitsTest {
  private static final BlockIo WEIGHTS =
      BlockIo.builder()
          .weight(500)
          .weightDevice(
              List.of(
                  new WeightDevice(8, 0, Optional.of(1000), Optional.empty(), JsonObject.EMPTY)))
          .build();

  @Test
  void theSchedulersOwnWeightKeepsItsRange() {
    assertThat(BlockIoLimits.version2(WEIGHTS))
        .extracting(setting -> setting.contents().toString())
        .containsExactly(
            "{io.bfq.weight=500, io.weight=4950}", "{io.bfq.weight=8:0 1000, io.weight=8:0 10000}");
  }

  @Test
  void versionOneTakesTheNumberAsItIs() {
    assertThat(BlockIoLimits.version1(WEIGHTS))
        .extracting(setting -> setting.contents().toString())
        .containsExactly(
            "{blkio.weight=500, blkio.bfq.weight=500}",
            "{blkio.weight_device=8:0 1000, blkio.bfq.weight_device=8:0 1000}");
  }
}
