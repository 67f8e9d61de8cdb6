package dev.coffer.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.engine.state.NetworkOptions;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.InputPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputPolicySettingTest {
  @TempDir private Path root;

  @Test
  void theHostIsAskedUnlessAFileSaysOtherwise() throws IOException {
    assertThat(InputPolicySetting.of(root)).isEqualTo(InputPolicy.ASK);
    Path file = root.resolve("input-policy");
    Files.writeString(file, "ignore\n");
    assertThat(InputPolicySetting.of(root)).isEqualTo(InputPolicy.IGNORE);
    Files.writeString(file, "never");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputPolicySetting.of(root))
        .withMessage("invalid file " + file + ": invalid input policy \"never\": ask or ignore");
  }

  @Test
  void aNetworkMayHaveAPolicyOfItsOwn() {
    assertThat(NetworkOptions.of(Driver.BRIDGE, Map.of()).inputPolicy()).isEmpty();
    Map<String, String> options = Map.of("coffer.input-policy", "ignore");
    assertThat(NetworkOptions.of(Driver.BRIDGE, options).inputPolicy())
        .contains(InputPolicy.IGNORE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkOptions.of(Driver.MACVLAN, options))
        .withMessage("unknown option \"coffer.input-policy\" of driver macvlan");
  }
}
