package dev.coffer.cli.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.option.Parser;
import dev.coffer.spec.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class OciUpdateTest {
  private static String resources(String... words) {
    return Json.write(
        OciUpdate.resources(
                Parser.parse(new OciUpdate().model(), List.of(words), Parser.Dashes.ANY)
                    .arguments())
            .toJson());
  }

  @Test
  void onlyWhatIsGivenIsNamed() {
    assertThat(resources("id")).isEqualTo("{\"memory\":{},\"cpu\":{}}");
    assertThat(resources("--pids-limit", "0", "id")).contains("\"pids\":{\"limit\":0}");
    assertThat(resources("--pids-limit=-1", "id")).contains("\"pids\":{\"limit\":-1}");
  }

  @Test
  void bytesMayHaveAUnit() {
    assertThat(resources("-memory", "64m", "--memory-swap", "-1", "id"))
        .contains("\"memory\":{\"limit\":67108864,\"swap\":-1}");
  }

  @Test
  void everyCpuFlagHasItsField() {
    assertThat(
            resources(
                "--cpu-period=1",
                "--cpu-quota=2",
                "--cpu-burst=3",
                "--cpu-share=4",
                "--cpu-rt-period=5",
                "--cpu-rt-runtime=6",
                "--cpu-idle=1",
                "--cpuset-cpus=0-1",
                "--cpuset-mems=0",
                "id"))
        .contains(
            "\"cpu\":{\"shares\":4,\"quota\":2,\"burst\":3,\"period\":1,\"realtimeRuntime\":6,"
                + "\"realtimePeriod\":5,\"cpus\":\"0-1\",\"mems\":\"0\",\"idle\":1}");
  }
}
