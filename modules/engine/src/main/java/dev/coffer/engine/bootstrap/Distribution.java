package dev.coffer.engine.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A distribution whose archive is known: where it is, who signs it, what its releases are called.
 *
 * @param word its name, as a user writes it
 * @param archive where the packages for amd64 and i386 are
 * @param otherArchive where those for other processors are
 * @param components the parts of the archive that its users have by default
 * @param versions the archive's names of releases that have a number
 * @param rolling releases without a separate place for fixes
 * @param fixes where the others have them
 */
record Distribution(
    String word,
    String archive,
    String otherArchive,
    List<String> components,
    Map<String, String> versions,
    Set<String> rolling,
    List<Fixes> fixes) {

  /**
   * A suite that brings a release's fixes.
   *
   * @param archive where it is; beside the release itself when empty
   * @param suffix what its name has after the release's
   */
  record Fixes(Optional<String> archive, String suffix) {
    static Fixes beside(String suffix) {
      return new Fixes(Optional.empty(), suffix);
    }
  }

  private static final Set<String> MAIN_ARCHITECTURES = Set.of("amd64", "i386");

  private static final List<Distribution> KNOWN =
      List.of(
          new Distribution(
              "debian",
              "http://deb.debian.org/debian",
              "http://deb.debian.org/debian",
              List.of("main"),
              Map.of(
                  "11",
                  "bullseye",
                  "12",
                  "bookworm",
                  "13",
                  "trixie",
                  "14",
                  "forky",
                  "latest",
                  "stable"),
              Set.of("sid", "unstable", "experimental"),
              List.of(
                  Fixes.beside("-updates"),
                  new Fixes(Optional.of("http://deb.debian.org/debian-security"), "-security"))),
          new Distribution(
              "devuan",
              "http://deb.devuan.org/merged",
              "http://deb.devuan.org/merged",
              List.of("main"),
              Map.of("4", "chimaera", "5", "daedalus", "6", "excalibur", "latest", "stable"),
              Set.of("ceres", "unstable"),
              List.of(Fixes.beside("-updates"), Fixes.beside("-security"))),
          new Distribution(
              "kali",
              "http://http.kali.org/kali",
              "http://http.kali.org/kali",
              List.of("main", "contrib", "non-free", "non-free-firmware"),
              Map.of("rolling", "kali-rolling", "latest", "kali-rolling"),
              Set.of(),
              List.of()),
          new Distribution(
              "ubuntu",
              "http://archive.ubuntu.com/ubuntu",
              "http://ports.ubuntu.com/ubuntu-ports",
              List.of("main", "universe"),
              Map.of("20.04", "focal", "22.04", "jammy", "24.04", "noble"),
              Set.of("devel"),
              List.of(Fixes.beside("-updates"), Fixes.beside("-security"))));

  Distribution {
    components = List.copyOf(components);
    versions = Map.copyOf(versions);
    rolling = Set.copyOf(rolling);
    fixes = List.copyOf(fixes);
  }

  /** The distribution of that name. */
  static Distribution named(String name) {
    return KNOWN.stream()
        .filter(each -> each.word.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown distribution \"%s\" (use one of %s; one that is built like them can be had with --mirror and --keyring)"
                        .formatted(
                            name,
                            KNOWN.stream()
                                .map(Distribution::word)
                                .collect(Collectors.joining(", ")))));
  }

  /** The archive's name of a release that is given by that name or by its number. */
  String suite(String release) {
    return versions.getOrDefault(release, release);
  }

  /** The file of the keys that sign the archive, where the distribution's own package puts it. */
  String keyring() {
    return "/usr/share/keyrings/" + word + "-archive-keyring.gpg";
  }

  /** Where the packages for a processor are. */
  String archiveFor(String architecture) {
    return MAIN_ARCHITECTURES.contains(architecture) ? archive : otherArchive;
  }

  /** The lines of a sources.list for a release and its fixes. */
  List<String> sources(String suite, String architecture, List<String> wanted) {
    String own = archiveFor(architecture);
    String parts = " " + String.join(" ", wanted);
    List<String> lines = new ArrayList<>(List.of("deb " + own + " " + suite + parts));
    if (!rolling.contains(suite)) {
      for (Fixes each : fixes) {
        lines.add("deb " + each.archive.orElse(own) + " " + suite + each.suffix + parts);
      }
    }
    return List.copyOf(lines);
  }
}
