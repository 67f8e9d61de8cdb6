package dev.coffer.image.store;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Applies the Dockerfile instructions that {@code import --change} and {@code commit --change}
 * take. For use by one thread.
 *
 * <p>Source: Dockerfile reference; docker-import(1) for which instructions are allowed.
 */
final class ConfigChanges {
  private static final List<String> SHELL = List.of("/bin/sh", "-c");

  private String user = "";
  private final Set<String> exposedPorts = new LinkedHashSet<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private List<String> entrypoint = List.of();
  private List<String> command = List.of();
  private final Set<String> volumes = new LinkedHashSet<>();
  private String workingDirectory = "";
  private final Map<String, String> labels = new LinkedHashMap<>();
  private Optional<String> stopSignal = Optional.empty();
  private final List<String> onBuild = new ArrayList<>();

  private final ContainerDefaults base;
  private boolean commandSet;

  private ConfigChanges(ContainerDefaults base) {
    this.base = base;
    user = base.user();
    exposedPorts.addAll(base.exposedPorts());
    for (String variable : base.environment()) {
      int equals = variable.indexOf('=');
      environment.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    }
    entrypoint = base.entrypoint();
    command = base.command();
    volumes.addAll(base.volumes());
    workingDirectory = base.workingDirectory();
    labels.putAll(base.labels());
    stopSignal = base.stopSignal();
    onBuild.addAll(base.onBuild());
  }

  /**
   * The defaults that some instructions make.
   *
   * @throws ImageException INVALID_REQUEST
   */
  static ContainerDefaults apply(List<String> instructions) throws ImageException {
    return apply(ContainerDefaults.NONE, instructions);
  }

  /**
   * Some defaults as some instructions change them.
   *
   * @throws ImageException INVALID_REQUEST
   */
  static ContainerDefaults apply(ContainerDefaults base, List<String> instructions)
      throws ImageException {
    ConfigChanges changes = new ConfigChanges(base);
    for (String instruction : instructions) {
      changes.apply(instruction);
    }
    return changes.build();
  }

  private ContainerDefaults build() {
    return new ContainerDefaults(
        user,
        exposedPorts,
        environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList(),
        entrypoint,
        command,
        volumes,
        workingDirectory,
        labels,
        stopSignal,
        base.healthcheck(),
        base.shell(),
        onBuild,
        base.unknown());
  }

  private void apply(String instruction) throws ImageException {
    String[] parts = instruction.strip().split("\\s+", 2);
    String arguments = parts.length > 1 ? parts[1].strip() : "";
    if (arguments.isEmpty()) {
      throw invalid(instruction, "it takes an argument");
    }
    switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "CMD" -> {
        command = execOrShell(arguments);
        commandSet = true;
      }
      case "ENTRYPOINT" -> {
        entrypoint = execOrShell(arguments);
        if (!commandSet) {
          // The arguments of another program (Dockerfile reference, ENTRYPOINT).
          command = List.of();
        }
      }
      case "ENV" -> environment.putAll(pairs(instruction, arguments));
      case "LABEL" -> labels.putAll(pairs(instruction, arguments));
      case "EXPOSE" -> {
        for (String port : words(instruction, arguments)) {
          exposedPorts.add(port(instruction, port));
        }
      }
      case "USER" -> user = single(instruction, arguments);
      case "VOLUME" -> {
        Optional<List<String>> array = jsonArray(arguments);
        volumes.addAll(array.isPresent() ? array.get() : words(instruction, arguments));
      }
      case "WORKDIR" ->
          workingDirectory =
              Path.of("/", workingDirectory)
                  .resolve(single(instruction, arguments))
                  .normalize()
                  .toString();
      case "STOPSIGNAL" -> stopSignal = Optional.of(single(instruction, arguments));
      case "ONBUILD" -> onBuild.add(arguments);
      default ->
          throw invalid(
              instruction,
              "allowed are CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME"
                  + " and WORKDIR");
    }
  }

  private static List<String> execOrShell(String arguments) {
    return jsonArray(arguments).orElseGet(() -> List.of(SHELL.get(0), SHELL.get(1), arguments));
  }

  /** What is not a JSON array of strings is a shell command, whatever it starts with. */
  private static Optional<List<String>> jsonArray(String text) {
    if (!text.startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonCursor array = JsonCursor.of("", Json.parse(text, Limits.CONFIG));
      return Optional.of(array.list(JsonCursor::string));
    } catch (SpecException notJson) {
      return Optional.empty();
    }
  }

  private static Map<String, String> pairs(String instruction, String arguments)
      throws ImageException {
    Map<String, String> pairs = new LinkedHashMap<>();
    String[] old = arguments.split("\\s+", 2);
    if (old[0].indexOf('=') < 0) {
      // The old form: NAME and the rest of the line.
      if (old.length < 2) {
        throw invalid(instruction, "expected name=value");
      }
      pairs.put(old[0], old[1]);
      return pairs;
    }
    for (String word : words(instruction, arguments)) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw invalid(instruction, "expected name=value, not \"" + word + "\"");
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  private static String port(String instruction, String port) throws ImageException {
    String text = port.indexOf('/') < 0 ? port + "/tcp" : port.toLowerCase(Locale.ROOT);
    if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?/(tcp|udp|sctp)")) {
      throw invalid(instruction, "\"" + port + "\" is not a port[/protocol]");
    }
    return text;
  }

  private static String single(String instruction, String arguments) throws ImageException {
    List<String> words = words(instruction, arguments);
    if (words.size() != 1) {
      throw invalid(instruction, "it takes one argument");
    }
    return words.getFirst();
  }

  /** Words between blanks, with single and double quotes and backslashes as in a shell. */
  private static List<String> words(String instruction, String text) throws ImageException {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        word.append(text.charAt(++i));
        inWord = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw invalid(instruction, "a quote is not closed");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static ImageException invalid(String instruction, String cause) {
    return new ImageException(
        Kind.INVALID_REQUEST, "invalid change \"%s\": %s".formatted(instruction.strip(), cause));
  }
}
