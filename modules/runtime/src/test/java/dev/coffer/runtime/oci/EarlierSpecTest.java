package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Pids;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlierSpecTest {
  @ParameterizedTest
  @CsvSource({
    "1.0.2-dev, 0, -1",
    "1.2.1, 0, -1",
    "1.2.1, 7, 7",
    "1.2.1, -1, -1",
    "1.3.0, 0, 0",
    "1.3.0-rc.1, 0, 0",
    "1.10.0, 0, 0"
  })
  void noProcessesWereAnyNumberOfThem(String version, long limit, long meant) {
    String config =
        """
        {"ociVersion": "%s", "linux": {"resources": {"pids": {"limit": %d}}}}
        """
            .formatted(version, limit);
    Spec read = Spec.parse(config.getBytes(StandardCharsets.UTF_8));
    assertThat(
            EarlierSpec.inPresentWords(read)
                .linux()
                .flatMap(Linux::resources)
                .flatMap(Resources::pids)
                .flatMap(Pids::limit))
        .contains(meant);
  }
}
