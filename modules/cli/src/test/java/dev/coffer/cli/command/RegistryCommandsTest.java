package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeConsole;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.RegistryCommand.LoggedIn;
import dev.coffer.engine.command.RegistryCommand.Login;
import dev.coffer.engine.command.RegistryCommand.Logout;
import dev.coffer.engine.command.RegistryCommand.Search;
import dev.coffer.engine.model.LoginResult;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.client.SearchResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryCommandsTest {
  private final FakeEngine engine =
      new FakeEngine()
          .on(LoggedIn.class, _ -> Optional.empty())
          .on(
              Login.class,
              _ -> new LoginResult("me", Optional.of("/h/config.json"), Optional.empty()))
          .on(Logout.class, _ -> List.of("/h/config.json"));
  private final Cli cli = new Cli(engine);

  private Login login() {
    return engine.only(Login.class);
  }

  @Test
  void takesAPasswordFromStandardInput() {
    Cli.Result result =
        cli.console(FakeConsole.withInput("sec ret\n"))
            .run("login", "-u", "me", "--password-stdin", "quay.io");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("Login Succeeded\n");
    assertThat(result.err()).contains("stored unencrypted in '/h/config.json'");
    assertThat(login().registry()).isEqualTo("quay.io");
    assertThat(login().access().credentials()).contains(new Credentials("me", "sec ret"));
  }

  @Test
  void warnsOfAPasswordOnTheCommandLine() {
    Cli.Result result = cli.run("login", "-u", "me", "-p", "secret");
    assertThat(result.code()).isZero();
    assertThat(result.err()).startsWith("WARNING! Using --password via the CLI is insecure.");
    assertThat(login().registry()).isEqualTo("docker.io");
    assertThat(login().toString()).doesNotContain("secret");
  }

  @Test
  void asksAtATerminal() {
    Cli.Result result =
        cli.console(FakeConsole.terminal(24, 80).typing("me", "secret")).run("login", "quay.io");
    assertThat(result.out()).isEqualTo("Username: \nPassword: <hidden>\nLogin Succeeded\n");
    assertThat(login().access().credentials()).contains(new Credentials("me", "secret"));
  }

  @Test
  void doesNotAskWithoutOne() {
    Cli.Result result = cli.run("login", "quay.io");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("standard input is no terminal", "--password-stdin");
    assertThat(engine.executed()).noneMatch(Login.class::isInstance);
  }

  @Test
  void refusesWhatContradictsItself() {
    assertThat(cli.run("login", "-u", "me", "-p", "x", "--password-stdin").err())
        .contains("mutually exclusive");
    assertThat(cli.run("login", "--password-stdin").err()).contains("must provide --username");
    assertThat(
            cli.console(FakeConsole.withInput("\n"))
                .run("login", "-u", "me", "--password-stdin")
                .err())
        .contains("password is empty");
  }

  @Test
  void triesWhatIsKeptAlready() {
    FakeEngine _ = engine.on(LoggedIn.class, _ -> Optional.of("me"));
    Cli.Result result = cli.run("login", "quay.io");
    assertThat(result.out())
        .isEqualTo("Authenticating with existing credentials...\nLogin Succeeded\n");
    assertThat(login().access().credentials()).isEmpty();
  }

  @Test
  void tellsWhoIsLoggedIn() {
    assertThat(cli.run("login", "--get-login", "quay.io").err())
        .isEqualTo("coffer: not logged into quay.io\n");
    FakeEngine _ = engine.on(LoggedIn.class, _ -> Optional.of("me"));
    assertThat(new Cli(engine).run("login", "--get-login", "quay.io").out()).isEqualTo("me\n");
  }

  @Test
  void handsOnHowToReachTheRegistry() {
    Cli.Result ignored =
        cli.in(Path.of("/work/dir"))
            .environment("HOME", "/h")
            .run(
                "login",
                "-u",
                "me",
                "-p",
                "x",
                "--authfile",
                "auth.json",
                "--cert-dir",
                "/certs",
                "--tls-verify=false",
                "quay.io");
    assertThat(login().access().authFile()).contains(Path.of("/work/dir/auth.json"));
    assertThat(login().access().certificates()).contains(Path.of("/certs"));
    assertThat(login().access().verifyTls()).contains(false);
    assertThat(login().access().environment()).containsEntry("HOME", "/h");
  }

  @Test
  void saysThatAnotherFileIsReadFirst() {
    FakeEngine _ =
        engine.on(Login.class, _ -> new LoginResult("me", Optional.empty(), Optional.of("/b")));
    assertThat(cli.run("login", "-u", "me", "-p", "x").err())
        .contains("'/b' has other credentials")
        .doesNotContain("unencrypted");
  }

  @Test
  void aRefusalIsAnError() {
    FakeEngine _ = engine.fail(Login.class, Kind.FAILED, "cannot log in to \"quay.io\": no");
    Cli.Result result = cli.run("login", "-u", "me", "-p", "x", "quay.io");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).endsWith("cannot log in to \"quay.io\": no\n");
  }

  @Test
  void logsOut() {
    assertThat(cli.run("logout", "quay.io").out())
        .isEqualTo("Removing login credentials for quay.io\n");
    FakeEngine _ = engine.on(Logout.class, _ -> List.of());
    assertThat(new Cli(engine).run("logout").out()).isEqualTo("Not logged in to docker.io\n");
  }

  @Test
  void searches() {
    FakeEngine _ =
        engine.on(
            Search.class,
            _ ->
                List.of(
                    new SearchResult("quay.io/a/b", "x".repeat(50), 7, true),
                    new SearchResult("quay.io/a/c", "", 1, false)));
    Cli.Result result = cli.run("search", "quay.io/a", "--limit", "5");
    Search search = engine.only(Search.class);
    assertThat(search.registry()).isEqualTo("quay.io");
    assertThat(search.term()).isEqualTo("a");
    assertThat(search.limit()).isEqualTo(5);
    assertThat(result.out())
        .isEqualTo(
            "NAME          DESCRIPTION                                     STARS     OFFICIAL\n"
                + "quay.io/a/b   "
                + "x".repeat(44)
                + "…   7         [OK]\n"
                + "quay.io/a/c                                                   1         \n");
  }

  @Test
  void filtersWhatIsFound() {
    FakeEngine _ =
        engine.on(
            Search.class,
            _ -> List.of(new SearchResult("b", "", 7, true), new SearchResult("c", "", 1, false)));
    assertThat(
            cli.run(
                    "search",
                    "-f",
                    "stars=3",
                    "-f",
                    "is-official=true",
                    "--format",
                    "{{.Name}}",
                    "x")
                .out())
        .isEqualTo("b\n");
    assertThat(engine.only(Search.class).registry()).isEqualTo("docker.io");
    assertThat(cli.run("search", "-f", "color=red", "x").err()).contains("invalid filter 'color'");
    assertThat(cli.run("search", "--limit", "101", "x").err()).contains("[1, 100]");
  }
}
