package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a program was built for: operating system, processor architecture and its variant, in the
 * names of the Go tool chain and normalised as containerd does ({@code x86_64} is {@code amd64},
 * {@code arm64/v8} is {@code arm64}, {@code armhf} is {@code arm/v7}).
 *
 * <p>Source: OCI image-spec image-index.md, "platform"; containerd/platforms.
 *
 * @param os the operating system, such as {@code linux}
 * @param architecture the architecture, such as {@code amd64}
 * @param variant the variant, such as {@code v7}, or empty
 * @param osVersion the operating system's version (used by Windows), or empty
 * @param osFeatures features that the operating system must have (used by Windows)
 */
public record Platform(
    String os,
    String architecture,
    Optional<String> variant,
    Optional<String> osVersion,
    List<String> osFeatures) {
  private static final Set<String> KNOWN_OS =
      Set.of(
          "aix",
          "android",
          "darwin",
          "dragonfly",
          "freebsd",
          "illumos",
          "ios",
          "js",
          "linux",
          "netbsd",
          "openbsd",
          "plan9",
          "solaris",
          "wasip1",
          "windows");
  private static final Set<String> KNOWN_ARCHITECTURE =
      Set.of(
          "386",
          "amd64",
          "arm",
          "arm64",
          "loong64",
          "mips",
          "mips64",
          "mips64le",
          "mipsle",
          "ppc64",
          "ppc64le",
          "riscv64",
          "s390x",
          "wasm");

  /** Normalises all parts. */
  public Platform {
    osFeatures = List.copyOf(osFeatures);
    os = os.toLowerCase(Locale.ROOT);
    os = os.equals("macos") ? "darwin" : os;
    String v = variant.orElse("").toLowerCase(Locale.ROOT);
    switch (architecture.toLowerCase(Locale.ROOT)) {
      case "i386" -> {
        architecture = "386";
        v = "";
      }
      case "x86_64", "x86-64", "amd64" -> {
        architecture = "amd64";
        v = v.equals("v1") ? "" : v;
      }
      case "aarch64", "arm64" -> {
        architecture = "arm64";
        v = v.equals("8") || v.equals("v8") ? "" : v;
      }
      case "armhf" -> {
        architecture = "arm";
        v = "v7";
      }
      case "armel" -> {
        architecture = "arm";
        v = "v6";
      }
      case "arm" -> {
        architecture = "arm";
        v = v.isEmpty() ? "v7" : v.startsWith("v") ? v : "v" + v;
      }
      default -> architecture = architecture.toLowerCase(Locale.ROOT);
    }
    variant = v.isEmpty() ? Optional.empty() : Optional.of(v);
  }

  /** A platform without version and features; an empty variant means none. */
  public static Platform of(String os, String architecture, String variant) {
    return new Platform(os, architecture, Optional.of(variant), Optional.empty(), List.of());
  }

  /** The platform this process runs on. */
  public static Platform host() {
    return of("linux", System.getProperty("os.arch"), "");
  }

  /**
   * Reads {@code os/architecture[/variant]}, or an operating system or an architecture alone, which
   * takes the rest from the host.
   *
   * @throws IllegalArgumentException when it is malformed or a single word is unknown
   */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    for (String part : parts) {
      if (!part.matches("[A-Za-z0-9_.-]+")) {
        throw invalid(text, "expected os/architecture[/variant], as in linux/arm64");
      }
    }
    return switch (parts.length) {
      case 1 -> parseWord(text);
      case 2 -> of(parts[0], parts[1], "");
      case 3 -> of(parts[0], parts[1], parts[2]);
      default -> throw invalid(text, "more than three parts");
    };
  }

  private static Platform parseWord(String word) {
    Platform host = host();
    Platform asOs = of(word, host.architecture, host.variant.orElse(""));
    if (KNOWN_OS.contains(asOs.os)) {
      return asOs;
    }
    Platform asArchitecture = of(host.os, word, "");
    if (KNOWN_ARCHITECTURE.contains(asArchitecture.architecture)) {
      return asArchitecture;
    }
    throw invalid(word, "unknown operating system or architecture");
  }

  private static IllegalArgumentException invalid(String text, String cause) {
    return new IllegalArgumentException("invalid platform \"%s\": %s".formatted(text, cause));
  }

  /**
   * Whether something built for {@code offered} is what this platform names, version and features
   * aside.
   */
  public boolean matches(Platform offered) {
    return os.equals(offered.os)
        && architecture.equals(offered.architecture)
        && variant.equals(offered.variant);
  }

  /** What is asked for; when nothing is, all that this host runs, best first. */
  public static List<Platform> wanted(Optional<Platform> asked) {
    return asked.map(List::of).orElseGet(() -> host().runnable());
  }

  /**
   * Chooses by platform: the first that is for the first of the wanted ones that any is for.
   *
   * @param platform what one is for, when that is known
   */
  public static <T> Optional<T> best(
      List<Platform> wanted, List<T> offered, Function<T, Optional<Platform>> platform) {
    for (Platform each : wanted) {
      for (T candidate : offered) {
        if (platform.apply(candidate).filter(each::matches).isPresent()) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * As {@link #best}; a single one that does not say what it is for is that, too: an index of one
   * image need not say what that runs on, its config does.
   */
  public static <T> Optional<T> bestListed(
      List<Platform> wanted, List<T> offered, Function<T, Optional<Platform>> platform) {
    return best(wanted, offered, platform)
        .or(
            () ->
                offered.stream()
                    .findFirst()
                    .filter(only -> offered.size() == 1 && platform.apply(only).isEmpty()));
  }

  /**
   * The platforms whose programs a machine of this platform runs, best first: itself, its older
   * variants, and the 32-bit form of its architecture.
   */
  public List<Platform> runnable() {
    List<Platform> runnable = new ArrayList<>(List.of(this));
    switch (architecture) {
      case "amd64" -> {
        addOlder(runnable, "amd64", number(1), 1);
        runnable.add(of(os, "386", ""));
      }
      case "arm64" -> {
        if (variant.isPresent()) {
          runnable.add(of(os, "arm64", ""));
        }
        addOlder(runnable, "arm", 9, 5);
      }
      case "arm" -> addOlder(runnable, "arm", number(7), 5);
      default -> {}
    }
    return List.copyOf(runnable);
  }

  private void addOlder(List<Platform> to, String sameArchitecture, int below, int oldest) {
    for (int v = below - 1; v >= oldest; v--) {
      to.add(of(os, sameArchitecture, "v" + v));
    }
  }

  private int number(int fallback) {
    String digits = variant.map(v -> v.substring(1)).orElse("");
    return digits.length() == 1 && Character.isDigit(digits.charAt(0))
        ? digits.charAt(0) - '0'
        : fallback;
  }

  /**
   * Reads the members of a platform object, or of an image config, which has the same ones. A
   * missing operating system is {@code linux} and a missing architecture the host's, as Docker
   * takes them.
   */
  public static Platform read(JsonCursor at) {
    Platform host = host();
    String os = at.field("os").stringOrEmpty();
    String architecture = at.field("architecture").stringOrEmpty();
    return new Platform(
        os.isEmpty() ? host.os : os,
        architecture.isEmpty() ? host.architecture : architecture,
        at.field("variant").optional(JsonCursor::string),
        at.field("os.version").optional(JsonCursor::string),
        at.field("os.features").list(JsonCursor::string));
  }

  /** The members of a platform object. */
  public JsonObject write() {
    return JsonObject.builder()
        .put("architecture", architecture)
        .put("os", os)
        .putIfPresent("variant", variant)
        .putIfPresent("os.version", osVersion)
        .putUnlessEmpty("os.features", JsonValue.ofStrings(osFeatures))
        .build();
  }

  /** The text form, {@code os/architecture[/variant]}. */
  @Override
  public String toString() {
    return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
  }
}
