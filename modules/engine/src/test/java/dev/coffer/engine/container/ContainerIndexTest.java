package dev.coffer.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.Configs;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Membership;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContainerIndexTest {

  private final ContainerIndex index = new ContainerIndex();

  @BeforeEach
  void add() {
    add("aa1", "web");
    add("aa2", "aa1");
    add("bb", "db");
  }

  @Test
  void findsByIdThenNameThenPrefix() {
    assertThat(index.find(Configs.id("aa1")).name()).isEqualTo("web");
    assertThat(index.find("/web").name()).isEqualTo("web");
    assertThat(index.find("aa1").name()).isEqualTo("aa1");
    assertThat(index.find("b").name()).isEqualTo("db");
  }

  @Test
  void whatIsAmbiguousOrUnknownIsAnError() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> index.find("aa"))
        .extracting(EngineException::kind)
        .isEqualTo(Kind.AMBIGUOUS);
    for (String unknown : new String[] {"", "zz", "aa3"}) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> index.find(unknown))
          .withMessage("no such container: " + unknown)
          .extracting(EngineException::kind)
          .isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void whoAsksWhatRunsReadsNoContainerAtRest() {
    index.add(
        new Container(
            Configs.id("cc"),
            () -> {
              throw new AssertionError("it was read");
            }));
    assertThat(index.live()).isEmpty();
  }

  @Test
  void madeUpNamesAvoidThoseTaken() {
    NameMaker names = new NameMaker(RandomGenerator.of("L64X128MixRandom"));
    String name = names.take(candidate -> index.take(candidate, "x"));
    assertThat(name).matches("[a-z]+_[a-z]+");
    assertThat(index.take(name, "y")).isFalse();
  }

  @Test
  void aRemovedContainerLeavesItsCodeForAWhile() {
    Container web = index.find("web");
    web.setState(ContainerState.CREATED.ended(9, false, Configs.CREATED, ""));
    index.remove(web);
    assertThat(index.lastCode(web.id())).contains(9);
    assertThat(index.get(web.id())).isEmpty();
    assertThat(index.take("web", "x")).isTrue();
  }

  private void add(String prefix, String name) {
    assertThat(index.take(name, Configs.id(prefix))).isTrue();
    index.add(
        new Container(
            Configs.config(prefix, name, "true"), ContainerState.CREATED, Membership.NONE));
  }
}
