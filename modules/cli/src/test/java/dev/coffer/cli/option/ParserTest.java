package dev.coffer.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParserTest {

  private static final Option<Boolean> ALL = Option.of("all", 'a', Type.toggle(), "All");
  private static final Option<Boolean> PROXY = Option.of("proxy", Type.toggle(true), "Proxy");
  private static final Option<Optional<String>> NAME = Option.of("name", 'n', Type.text(), "Name");
  private static final Option<List<String>> ENV = Option.of("env", 'e', Type.list(), "Env");
  private static final Option<Map<String, String>> MAP = Option.of("map", Type.map(), "Map");
  private static final Option<Optional<Integer>> COUNT =
      Option.of("count", 'c', Type.integer(), "Count");
  private static final Option<Optional<Long>> CPUS = Option.of("cpus", Type.billionths(), "CPUs");

  private static final CommandModel ANYWHERE =
      CommandModel.of(
          "test",
          "ARG",
          "Test",
          0,
          2,
          ALL,
          PROXY,
          NAME,
          ENV,
          MAP,
          COUNT,
          CPUS,
          Option.unsupported("gpus", true, "no GPUs"));
  private static final CommandModel FIRST =
      CommandModel.of("test", "ARG", "Test", 1, CommandModel.MANY, ALL, NAME).withOptionsFirst();

  private static Arguments parse(String... words) {
    return Parser.parse(ANYWHERE, List.of(words)).arguments();
  }

  @Test
  void valuesFollowOrAreJoined() {
    assertThat(parse("--name", "x").get(NAME)).contains("x");
    assertThat(parse("--name=x=y").get(NAME)).contains("x=y");
    assertThat(parse("--name=").get(NAME)).contains("");
    assertThat(parse("-n", "x").get(NAME)).contains("x");
    assertThat(parse("-nx").get(NAME)).contains("x");
    assertThat(parse("-n=x").get(NAME)).contains("x");
    assertThat(parse("-eA=b", "-e", "C").get(ENV)).containsExactly("A=b", "C");
  }

  @Test
  void anOptionTakesTheNextWordWhateverItIs() {
    assertThat(parse("--name", "--all").get(NAME)).contains("--all");
    assertThat(parse("-n", "-a").get(NAME)).contains("-a");
  }

  @Test
  void shorthandsCombine() {
    Arguments arguments = parse("-anx", "-ac", "3");
    assertThat(arguments.get(ALL)).isTrue();
    assertThat(arguments.get(NAME)).contains("x");
    assertThat(arguments.get(COUNT)).contains(3);
  }

  @Test
  void togglesTakeAValueOnlyWithAnEqualsSign() {
    assertThat(parse("--all=false").get(ALL)).isFalse();
    assertThat(parse("--all=1").get(ALL)).isTrue();
    assertThat(parse("-a=false").get(ALL)).isFalse();
    assertThat(parse("--all", "false").positionals()).containsExactly("false");
    assertThat(parse().get(PROXY)).isTrue();
    assertThat(parse("--proxy=false").get(PROXY)).isFalse();
  }

  @Test
  void theLastTextCountsAndListsGrow() {
    assertThat(parse("--name", "a", "--name", "b").get(NAME)).contains("b");
    assertThat(parse("--map", "a=1", "--map", "b", "--map=a=2").get(MAP))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "2", "b", ""));
  }

  @Test
  void whatIsNotGivenHasItsAbsentValue() {
    Arguments arguments = parse();
    assertThat(arguments.get(NAME)).isEmpty();
    assertThat(arguments.get(ENV)).isEmpty();
    assertThat(arguments.has(NAME)).isFalse();
    assertThat(parse("--name=").has(NAME)).isTrue();
  }

  @Test
  void optionsEndAtTwoDashesOrAtTheFirstArgument() {
    assertThat(parse("x", "--", "-a").positionals()).containsExactly("x", "-a");
    assertThat(parse("x", "-a").get(ALL)).isTrue();
    Arguments first = Parser.parse(FIRST, List.of("-a", "image", "-n", "x")).arguments();
    assertThat(first.positionals()).containsExactly("image", "-n", "x");
    assertThat(first.get(NAME)).isEmpty();
    assertThat(parse("-").positionals()).containsExactly("-");
  }

  @Test
  void billionthsAreExact() {
    assertThat(parse("--cpus", "1.5").get(CPUS)).contains(1_500_000_000L);
    assertThat(parse("--cpus", ".1").get(CPUS)).contains(100_000_000L);
    assertRefused(
        "invalid argument \"x\" for \"--cpus\" flag: not a decimal number: \"x\"", "--cpus", "x");
    assertRefused("too precise", "--cpus", "0.0000000001");
  }

  @Test
  void helpIsAskedForInManyWays() {
    assertThat(Parser.parse(ANYWHERE, List.of("--help", "--nonsense")).helpWanted()).isTrue();
    assertThat(Parser.parse(ANYWHERE, List.of("-h")).helpWanted()).isTrue();
    assertThat(Parser.parse(FIRST, List.of("image", "--help")).helpWanted()).isFalse();
  }

  @Test
  void wrongOptionsAreNamed() {
    assertRefused("unknown flag: --foo\nSee 'coffer test --help'.", "--foo");
    assertRefused("unknown flag: --foo", "--foo=1");
    assertRefused("unknown shorthand flag: 'x' in -xy", "-axy");
    assertRefused("flag needs an argument: --name", "--name");
    assertRefused("flag needs an argument: 'n' in -n", "-an");
    assertRefused("bad flag syntax: --=x", "--=x");
    assertRefused("invalid argument \"maybe\" for \"-a, --all\" flag", "--all=maybe");
    assertRefused("invalid argument \"x\" for \"-c, --count\" flag: not a whole number", "-cx");
    assertRefused("number out of range", "-c", "99999999999");
    assertRefused("not supported: --gpus (no GPUs)", "--gpus", "all");
  }

  @Test
  void wrongNumbersOfArgumentsAreTold() {
    assertThatThrownBy(() -> parse("a", "b", "c"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("\"coffer test\" requires at most 2 arguments.")
        .hasMessageContaining("Usage:  coffer test [OPTIONS] ARG")
        .extracting(e -> ((UsageException) e).exitCode())
        .isEqualTo(1);
    assertThatThrownBy(() -> Parser.parse(FIRST, List.of("-a")))
        .hasMessageContaining("requires at least 1 argument.");
    CommandModel none = CommandModel.of("none", "", "None", 0, 0);
    assertThatThrownBy(() -> Parser.parse(none, List.of("x")))
        .hasMessageContaining("\"coffer none\" accepts no arguments.");
    CommandModel two = CommandModel.of("two", "A B", "Two", 2, 2);
    assertThatThrownBy(() -> Parser.parse(two, List.of("x")))
        .hasMessageContaining("requires exactly 2 arguments.");
  }

  private static void assertRefused(String message, String... words) {
    assertThatThrownBy(() -> parse(words))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((UsageException) e).exitCode())
        .isEqualTo(125);
  }

  private static Arguments parseGo(String... words) {
    return Parser.parse(ANYWHERE, List.of(words), Parser.Dashes.ANY).arguments();
  }

  @Test
  void oneDashIsEnoughWhereAnyNumberIs() {
    assertThat(parseGo("-name", "x").get(NAME)).contains("x");
    assertThat(parseGo("-name=x=y").get(NAME)).contains("x=y");
    assertThat(parseGo("--name=x").get(NAME)).contains("x");
    assertThat(parseGo("--n", "x").get(NAME)).contains("x");
    assertThat(parseGo("-n=x").get(NAME)).contains("x");
    assertThat(parseGo("-all", "b").positionals()).containsExactly("b");
    assertThat(parseGo("-all=false").get(ALL)).isFalse();
    assertThat(Parser.parse(FIRST, List.of("-help"), Parser.Dashes.ANY).helpWanted()).isTrue();
  }

  @Test
  void lettersStandTogetherInEitherCase() {
    assertThat(parse("-an", "x").get(NAME)).contains("x");
    assertThat(parseGo("-an", "x").get(NAME)).contains("x");
  }

  @Test
  void oneDashIsNotEnoughWhereTwoAre() {
    assertThatThrownBy(() -> parse("-proxy"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("unknown shorthand flag: 'p' in -proxy");
  }
}
