package dev.coffer.cli.value;

import dev.coffer.engine.model.MountRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code --mount type=bind,source=…,target=…,readonly}, with every key that Docker knows. */
public final class MountSyntax {

  static final String PRIVATE = "rprivate";

  private final String text;
  private final HostPaths paths;
  private String type = "volume";
  private String source = "";
  private String target = "";
  private boolean readOnly;
  private String propagation = PRIVATE;
  private String recursion = "enabled";
  private boolean createSource;
  private boolean copy = true;
  private Optional<String> subpath = Optional.empty();
  private Optional<String> driver = Optional.empty();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, String> driverOptions = new LinkedHashMap<>();
  private Optional<Long> tmpfsSize = Optional.empty();
  private Optional<Integer> tmpfsMode = Optional.empty();
  private String prefixUsed = "";

  private MountSyntax(String text, HostPaths paths) {
    this.text = text;
    this.paths = paths;
  }

  /**
   * The mount of a text.
   *
   * @throws IllegalArgumentException when the text is wrong
   */
  public static MountRequest parse(String text, HostPaths paths) {
    MountSyntax syntax = new MountSyntax(text, paths);
    for (String field : Csv.fields(text)) {
      syntax.field(field);
    }
    return syntax.mount();
  }

  private void field(String field) {
    int equals = field.indexOf('=');
    String key = equals < 0 ? field : field.substring(0, equals);
    if (equals < 0) {
      bareKey(key);
      return;
    }
    String value = field.substring(equals + 1);
    switch (key) {
      case "type" -> type = value;
      case "source", "src" -> source = value;
      case "target", "dst", "destination" -> target = value;
      case "readonly", "ro" -> readOnly = truth(key, value);
      case "consistency" -> {}
      default -> typedField(key, value, field);
    }
  }

  private void bareKey(String key) {
    switch (key) {
      case "readonly", "ro" -> readOnly = true;
      case "volume-nocopy" -> copy = false;
      case "bind-nonrecursive" -> recursion = "disabled";
      case "bind-create-src" -> createSource = true;
      default -> throw invalid("invalid field '" + key + "' must be a key=value pair");
    }
    notePrefix(key);
  }

  private void typedField(String key, String value, String field) {
    switch (key) {
      case "bind-propagation" -> propagation = propagation(value);
      case "bind-nonrecursive" -> recursion = truth(key, value) ? "disabled" : "enabled";
      case "bind-recursive" -> recursion = recursion(value);
      case "bind-create-src" -> createSource = truth(key, value);
      case "volume-nocopy" -> copy = !truth(key, value);
      case "volume-subpath" -> subpath = Optional.of(value);
      case "volume-driver" -> driver = Optional.of(value);
      case "volume-label" -> pair(labels, value);
      case "volume-opt" -> pair(driverOptions, value);
      case "tmpfs-size" -> tmpfsSize = Optional.of(ByteSize.parse(value));
      case "tmpfs-mode" -> tmpfsMode = Optional.of(octal(value));
      default -> throw invalid("unexpected key '" + key + "' in '" + field + "'");
    }
    notePrefix(key);
  }

  private void notePrefix(String key) {
    int dash = key.indexOf('-');
    if (dash > 0) {
      prefixUsed = key.substring(0, dash);
    }
  }

  private MountRequest mount() {
    if (target.isEmpty()) {
      throw invalid("target is required");
    }
    if (!target.startsWith("/")) {
      throw invalid("target \"" + target + "\" must be absolute");
    }
    if (!prefixUsed.isEmpty() && !prefixUsed.equals(type)) {
      throw invalid("cannot mix '" + prefixUsed + "-*' options with mount type '" + type + "'");
    }
    return switch (type) {
      case "bind" -> bind();
      case "volume" -> volume();
      case "tmpfs" -> tmpfs();
      case "image", "npipe", "cluster" ->
          throw invalid("not supported: mount type \"" + type + "\" (use bind, volume or tmpfs)");
      default -> throw invalid("invalid mount type \"" + type + "\": use bind, volume or tmpfs");
    };
  }

  private MountRequest bind() {
    if (source.isEmpty()) {
      throw invalid("source is required for type=bind");
    }
    if (recursion.equals("readonly") && !(readOnly && propagation.equals(PRIVATE))) {
      throw invalid(
          "option 'bind-recursive=readonly' requires 'readonly' and propagation rprivate");
    }
    return new MountRequest.Bind(
        paths.absolute(source),
        target,
        readOnly,
        propagation,
        createSource,
        !recursion.equals("disabled"),
        readOnly && !recursion.equals("writable"));
  }

  private MountRequest volume() {
    return new MountRequest.Volume(
        source.isEmpty() ? Optional.empty() : Optional.of(source),
        target,
        readOnly,
        copy,
        subpath,
        Map.copyOf(labels),
        driver,
        Map.copyOf(driverOptions));
  }

  private MountRequest tmpfs() {
    if (!source.isEmpty()) {
      throw invalid("source must be empty for type=tmpfs");
    }
    StringBuilder options = new StringBuilder();
    tmpfsSize.ifPresent(size -> options.append("size=").append(size));
    tmpfsMode.ifPresent(
        mode ->
            options
                .append(options.isEmpty() ? "" : ",")
                .append("mode=")
                .append(Integer.toOctalString(mode)));
    return new MountRequest.Tmpfs(target, readOnly, options.toString());
  }

  private String propagation(String value) {
    return switch (value) {
      case "private", "rprivate", "shared", "rshared", "slave", "rslave" -> value;
      case String other -> throw invalid("invalid propagation \"" + other + "\"");
    };
  }

  private String recursion(String value) {
    return switch (value) {
      case "enabled", "disabled", "writable", "readonly" -> value;
      case String other ->
          throw invalid(
              "invalid value for bind-recursive: "
                  + other
                  + " (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
    };
  }

  private boolean truth(String key, String value) {
    return switch (value) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      case String other -> throw invalid("invalid value for " + key + ": " + other);
    };
  }

  private int octal(String value) {
    try {
      return Integer.parseInt(value, 8);
    } catch (NumberFormatException e) {
      throw invalid("invalid value for tmpfs-mode: " + value);
    }
  }

  private static void pair(Map<String, String> into, String value) {
    int equals = value.indexOf('=');
    into.put(
        equals < 0 ? value : value.substring(0, equals),
        equals < 0 ? "" : value.substring(equals + 1));
  }

  private IllegalArgumentException invalid(String reason) {
    return new IllegalArgumentException("invalid mount \"" + text + "\": " + reason);
  }
}
