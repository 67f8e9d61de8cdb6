package dev.coffer.plan.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.Plan;
import dev.coffer.plan.TestPlans;
import dev.coffer.plan.wire.WireDecoder;
import dev.coffer.spec.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Plans as they were read and found right. After a wanted change, {@code mvn test -pl modules/plan
 * -am -Dgolden.update=true} writes them anew: read the difference before committing it.
 */
class GoldenPlanTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/coffer/plan/golden");

  @ParameterizedTest
  @EnumSource
  void readsAsItDid(TestPlans which) throws IOException {
    assertGolden(which.fileName(), PlanText.render(which.plan()));
  }

  @Test
  void isTheDataItWas() throws IOException {
    Plan plan = TestPlans.EXEC.plan();
    assertGolden("exec.json", Json.writePretty(PlanJson.render(plan)) + "\n");
  }

  private static void assertGolden(String name, String text) throws IOException {
    Path file = GOLDEN.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @EnumSource
  void decodesToTheSame(TestPlans which) {
    Plan plan = which.plan();
    assertThat(WireDecoder.decode(plan.encode())).isEqualTo(plan.lower());
  }

  @ParameterizedTest
  @EnumSource
  void isTheSameAsData(TestPlans which) {
    String json = Json.write(PlanJson.render(which.plan()));
    assertThat(json).contains("\"what\":\"start process ", "\"calls\":[{\"index\":0,");
  }
}
