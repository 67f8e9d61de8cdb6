package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.Console;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.RegistryCommand.LoggedIn;
import dev.coffer.engine.command.RegistryCommand.Login;
import dev.coffer.engine.model.LoginResult;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.runtime.protocol.StdioKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code coffer login}. */
final class LoginCommand implements CliCommand {

  /** The registry that Docker's users mean when they name none. */
  static final String DEFAULT_REGISTRY = "docker.io";

  private static final int MAX_PASSWORD = 32 << 10;

  private static final Option<Optional<String>> USERNAME =
      Option.of("username", 'u', Type.text(), "Username");
  private static final Option<Optional<String>> PASSWORD =
      Option.of("password", 'p', Type.text(), "Password or Personal Access Token (PAT)");
  private static final Option<Boolean> PASSWORD_STDIN =
      Option.of(
          "password-stdin",
          Type.toggle(),
          "Take the Password or Personal Access Token (PAT) from stdin");
  private static final Option<Boolean> GET_LOGIN =
      Option.of("get-login", Type.toggle(), "Print the current username and log nobody in");

  private static final RegistryFlags FLAGS = new RegistryFlags();

  private static final CommandModel MODEL =
      CommandModel.of(
              "login",
              "[SERVER]",
              "Authenticate to a registry",
              0,
              1,
              Stream.concat(
                      Stream.of(USERNAME, PASSWORD, PASSWORD_STDIN, GET_LOGIN),
                      FLAGS.optionsForLogin().stream())
                  .toArray(Option<?>[]::new))
          .withExample(
              "With a password that no other process sees",
              "coffer login -u me --password-stdin quay.io < token");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    String registry = registry(arguments);
    RegistryAccess access = FLAGS.access(request, arguments);
    if (arguments.get(GET_LOGIN)) {
      return show(request, registry, engine.execute(new LoggedIn(registry, access)));
    }
    boolean nothingGiven =
        !arguments.has(USERNAME) && !arguments.has(PASSWORD) && !arguments.get(PASSWORD_STDIN);
    if (nothingGiven && engine.execute(new LoggedIn(registry, access)).isPresent()) {
      request.line("Authenticating with existing credentials...");
    } else {
      access = access.withCredentials(credentials(request, arguments));
    }
    Login login = new Login(registry, access);
    tell(request, request.console().await(() -> engine.execute(login)));
    return 0;
  }

  static String registry(Arguments arguments) {
    return arguments.positionals().isEmpty() ? DEFAULT_REGISTRY : arguments.first();
  }

  private static int show(EngineRequest request, String registry, Optional<String> user) {
    if (user.isEmpty()) {
      request.console().err("coffer: not logged into " + registry + "\n");
      return 1;
    }
    request.line(user.get().isEmpty() ? "<token>" : user.get());
    return 0;
  }

  private static Credentials credentials(EngineRequest request, Arguments arguments)
      throws IOException {
    Console console = request.console();
    if (arguments.get(PASSWORD_STDIN)) {
      if (arguments.has(PASSWORD)) {
        throw new IllegalArgumentException(
            "--password and --password-stdin are mutually exclusive");
      }
      if (arguments.get(USERNAME).orElse("").isEmpty()) {
        throw new IllegalArgumentException("must provide --username with --password-stdin");
      }
      return new Credentials(arguments.get(USERNAME).get(), fromStdin(console));
    }
    if (arguments.has(PASSWORD)) {
      console.err("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n");
    }
    boolean complete = arguments.has(USERNAME) && arguments.has(PASSWORD);
    if (!complete && console.kind(0) != StdioKind.TTY) {
      throw new IllegalArgumentException(
          "cannot ask for a password: standard input is no terminal (use --username with --password-stdin)");
    }
    String user = arguments.get(USERNAME).orElseGet(() -> console.ask("Username: ", false).strip());
    if (user.isEmpty()) {
      throw new IllegalArgumentException("username is required");
    }
    String password = arguments.get(PASSWORD).orElseGet(() -> console.ask("Password: ", true));
    if (password.isEmpty()) {
      throw new IllegalArgumentException("password is required");
    }
    return new Credentials(user, password);
  }

  private static String fromStdin(Console console) throws IOException {
    try (InputStream in = console.input()) {
      byte[] bytes = in.readNBytes(MAX_PASSWORD + 1);
      if (bytes.length > MAX_PASSWORD) {
        throw new IllegalArgumentException("password is too long");
      }
      String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("[\r\n]+$", "");
      if (text.isEmpty()) {
        throw new IllegalArgumentException("password is empty");
      }
      return text;
    }
  }

  private static void tell(EngineRequest request, LoginResult result) {
    result
        .unprotected()
        .ifPresent(
            file ->
                request
                    .console()
                    .err(
                        "WARNING! Your credentials are stored unencrypted in '%s'.\nConfigure a credential helper (credsStore) to remove this warning.\n"
                            .formatted(file)));
    result
        .shadowedBy()
        .ifPresent(
            file ->
                request
                    .console()
                    .err(
                        "WARNING! '%s' has other credentials, which are used before these.\n"
                            .formatted(file)));
    request.line("Login Succeeded");
  }
}
