package dev.coffer.cli.command;

import dev.coffer.cli.command.PullOutput.Lines;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Bootstrap;
import dev.coffer.engine.model.BootstrapRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code coffer bootstrap}. */
final class BootstrapCommand implements CliCommand {

  private static final Option<Optional<String>> TAG =
      Option.of("tag", 't', Type.text(), "Name of the image (default: the distribution's)");
  private static final Option<List<String>> INCLUDE =
      Option.of("include", Type.list(), "Packages to install, too, separated by commas");
  private static final Option<Optional<String>> VARIANT =
      Option.of("variant", Type.text(), "Packages that make up the system (default \"minbase\")");
  private static final Option<List<String>> COMPONENTS =
      Option.of("components", Type.list(), "Parts of the archive, such as main,contrib");
  private static final Option<List<String>> MIRROR =
      Option.of("mirror", Type.list(), "URL of the archive (default: the distribution's own)");
  private static final Option<Optional<String>> KEYRING =
      Option.of("keyring", Type.text(), "File of the keys that sign the archive");
  private static final Option<Optional<String>> PLATFORM =
      Option.of("platform", Type.text(), "What the image runs on (e.g. \"linux/arm64\")");
  private static final Option<Optional<String>> TOOL =
      Option.of("tool", Type.text(), "Installer: mmdebstrap or debootstrap");
  private static final Option<List<String>> CHANGE =
      Option.of("change", 'c', Type.list(), "Apply Dockerfile instruction to the created image");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Only print the image's id");

  private static final CommandModel MODEL =
      CommandModel.of(
              "bootstrap",
              "DISTRIBUTION:RELEASE",
              "Make an image from a distribution's package archive, without a registry",
              1,
              1,
              TAG,
              INCLUDE,
              VARIANT,
              COMPONENTS,
              MIRROR,
              KEYRING,
              PLATFORM,
              TOOL,
              CHANGE,
              QUIET)
          .withExample(
              "Debian with a certificate store and curl",
              "coffer bootstrap debian:bookworm --include ca-certificates,curl -t my/debian");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    BootstrapRequest wanted =
        new BootstrapRequest(
            arguments.first(),
            arguments.get(TAG),
            words(arguments.get(INCLUDE)),
            arguments.get(VARIANT).orElse("minbase"),
            words(arguments.get(COMPONENTS)),
            arguments.get(MIRROR),
            arguments.get(KEYRING).map(request.files()::absolute),
            arguments.get(PLATFORM),
            arguments.get(TOOL),
            arguments.get(CHANGE),
            request.environment());
    Consumer<String> messages = arguments.get(QUIET) ? _ -> {} : Lines.of(request, 2)::line;
    request.line(request.console().await(() -> engine.execute(new Bootstrap(wanted, messages))));
    return 0;
  }

  private static List<String> words(List<String> given) {
    return given.stream()
        .flatMap(each -> Stream.of(each.split("[, ]")))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
