package dev.coffer.cli.help;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.command.Commands;
import dev.coffer.cli.oci.OciCommands;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeConsole;
import dev.coffer.cli.testing.FakeEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  private static String out(String... words) {
    Cli.Result result = new Cli(new FakeEngine()).run(words);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.out();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = HelpTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "ps"})
  void helpIsAsWritten(String command) throws IOException {
    assertThat(out(command, "--help")).isEqualTo(golden("help-" + command + ".txt"));
    assertThat(out("help", command)).isEqualTo(golden("help-" + command + ".txt"));
    assertThat(out("container", command, "--help")).isEqualTo(golden("help-" + command + ".txt"));
  }

  @Test
  void noTwoOptionsOfACommandShareAName() {
    for (CommandModel model : Commands.models()) {
      assertThat(model.options().stream().map(Option::name))
          .as(model.path())
          .doesNotHaveDuplicates();
      assertThat(
              model.options().stream()
                  .map(Option::shorthand)
                  .filter(shorthand -> shorthand != Option.NO_SHORTHAND))
          .as(model.path())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void theProgramsHelpListsEveryCommand() {
    String help = out("--help");
    assertThat(help).isEqualTo(out()).isEqualTo(out("help")).isEqualTo(out("-h"));
    for (CommandModel model : Commands.models()) {
      if (!model.path().contains(" ") || model.path().startsWith("explain")) {
        assertThat(help).contains("\n  " + model.path() + " ").contains(model.summary());
      }
    }
  }

  @Test
  void groupsHaveHelp() {
    assertThat(out("image"))
        .isEqualTo(out("image", "--help"))
        .isEqualTo(out("help", "image"))
        .contains("Usage:  coffer image COMMAND")
        .contains("  ls        List images\n");
  }

  @Test
  void hIsHelpWhereItIsNothingElse() {
    assertThat(out("ps", "-h")).startsWith("Usage:  coffer ps");
    Cli cli = new Cli(new FakeEngine());
    assertThat(cli.run("run", "-h").err()).contains("flag needs an argument: 'h' in -h");
  }

  @Test
  void descriptionsAreWrappedAtTheTerminalsWidth() {
    String wide =
        new Cli(new FakeEngine())
            .console(FakeConsole.terminal(50, 200))
            .run("logs", "--help")
            .out();
    assertThat(wide.lines().mapToInt(String::length).max().orElseThrow()).isGreaterThan(100);
    assertThat(out("logs", "--help").lines().mapToInt(String::length).max().orElseThrow())
        .isLessThan(80);
  }

  @Test
  void everyModelIsSound() {
    for (CommandModel model : Commands.models()) {
      assertThat(model.summary()).as(model.path()).isNotEmpty().doesNotEndWith(".");
      Set<String> names = new HashSet<>();
      for (Option<?> option : model.options()) {
        assertThat(names.add(option.name())).as(model.path() + " --" + option.name()).isTrue();
        if (option.hasShorthand()) {
          assertThat(names.add("-" + option.shorthand()))
              .as(model.path() + " -" + option.shorthand())
              .isTrue();
        }
        if (option.visible()) {
          assertThat(option.description()).as(option.name()).isNotEmpty().doesNotEndWith(".");
        }
      }
    }
  }

  @Test
  void everySpellingLeadsToItsCommand() {
    for (Spelling spelling : Commands.spellings()) {
      String[] words = (spelling.path() + " --help").split(" ");
      assertThat(out(words)).isEqualTo(HelpText.render(spelling.model(), 0));
      for (String alias : spelling.model().aliases()) {
        String[] other = (alias.substring("coffer ".length()) + " --help").split(" ");
        assertThat(out(other)).isEqualTo(HelpText.render(spelling.model(), 0));
      }
    }
  }

  @Test
  void manPagesNameEveryOption() {
    for (CommandModel model : Commands.models()) {
      String page = ManPage.render(model);
      assertThat(page).startsWith(".TH \"COFFER\\-");
      for (Option<?> option : HelpText.visible(model)) {
        assertThat(page).contains("\\fB\\-\\-" + option.name().replace("-", "\\-") + "\\fR");
      }
    }
    assertThat(ManPage.fileName("image inspect")).isEqualTo("coffer-image-inspect.1");
    assertThat(ManPage.overview("purpose", Commands.models())).contains(".BR coffer\\-run (1)");
  }

  @Test
  void theRuntimesManPageNamesEveryOptionOfEveryCommand() {
    String page = ManPage.whole("coffer-oci", OciCommands.globals(), OciCommands.models());
    assertThat(page).startsWith(".TH \"COFFER\\-OCI\"").contains("\\fB\\-\\-systemd\\-cgroup\\fR");
    for (CommandModel model : OciCommands.models()) {
      String name = model.path().substring("oci ".length());
      int start = page.indexOf(".SS " + name + " ");
      int end = page.indexOf("\n.S", start);
      assertThat(start).as(name).isPositive();
      for (Option<?> option : HelpText.visible(model)) {
        assertThat(page.substring(start, end))
            .contains("\\fB\\-\\-" + option.name().replace("-", "\\-") + "\\fR");
      }
    }
  }

  @Test
  void bashCompletesTheRuntimesCommandLines(@TempDir Path directory) throws Exception {
    Path script = directory.resolve("coffer-oci");
    Files.writeString(script, OciCommands.completions().bash());
    assertThat(complete(script, "coffer-oci", "re")).containsExactlyInAnyOrder("restore", "resume");
    assertThat(complete(script, "coffer-oci", "checkpoint", "--page"))
        .containsExactly("--page-server");
  }

  @Test
  void bashCompletesWordsAndOptions(@TempDir Path directory) throws Exception {
    Path script = directory.resolve("coffer");
    Files.writeString(script, out("completion", "bash"));
    assertThat(complete(script, "coffer", "imag")).containsExactlyInAnyOrder("images", "image");
    assertThat(complete(script, "coffer", "image", "h")).containsExactly("history");
    assertThat(complete(script, "coffer", "run", "--cap-"))
        .containsExactly("--cap-add", "--cap-drop");
    assertThat(complete(script, "coffer", "container", "ls", "--no")).containsExactly("--no-trunc");
  }

  private static String[] complete(Path script, String... words) throws Exception {
    String line =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _%s; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(
                script, String.join(" ", words), words.length - 1, words[0].replace('-', '_'));
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", line).redirectErrorStream(true).start();
    String text = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(text).isZero();
    return text.lines().toArray(String[]::new);
  }

  @Test
  void otherShellsHaveScriptsToo() {
    assertThat(out("completion", "zsh"))
        .startsWith("#compdef coffer")
        .contains("'container ls')", "compdef _coffer coffer")
        .doesNotContain(" path=");
    assertThat(out("completion", "fish")).contains("-l cap-add").contains("-l detach -s d");
    assertThat(new Cli(new FakeEngine()).run("completion", "csh").err())
        .contains("not supported: completion for \"csh\"");
  }
}
