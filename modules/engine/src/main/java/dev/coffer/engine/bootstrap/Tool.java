package dev.coffer.engine.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A program that installs a distribution, and the command line by which it writes the result to
 * standard output as a tar. It says what it does on standard error.
 *
 * <p>The host's own name and name servers, which both copy, do not belong into an image.
 *
 * <p>Source: mmdebstrap(1), debootstrap(8).
 */
enum Tool {
  MMDEBSTRAP {
    @Override
    List<String> command(String program, Recipe recipe) {
      List<String> words = new ArrayList<>(List.of(program, "--format=tar"));
      words.add("--variant=" + recipe.variant());
      words.add("--architectures=" + recipe.architecture());
      words.add("--keyring=" + recipe.keyring());
      if (!recipe.include().isEmpty()) {
        words.add("--include=" + String.join(",", recipe.include()));
      }
      words.add("--customize-hook=rm -f \"$1/etc/hostname\" \"$1/etc/resolv.conf\"");
      words.add(recipe.suite());
      words.add("-");
      words.addAll(recipe.sources());
      return words;
    }
  },
  DEBOOTSTRAP {
    // Its arguments: release, mirror, the program and its options.
    private static final String SCRIPT =
        """
        set -e
        root=$TMPDIR/rootfs
        mkdir "$root"
        suite=$1 mirror=$2
        shift 2
        "$@" "$suite" "$root" "$mirror" >&2
        rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
        rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/var/log/bootstrap.log"
        if [ -n "$SOURCE_DATE_EPOCH" ]; then
          set -- "--mtime=@$SOURCE_DATE_EPOCH" --clamp-mtime
        else
          set --
        fi
        exec tar -C "$root" --one-file-system --numeric-owner --sort=name --xattrs --xattrs-include='*' "$@" -c .
        """;

    @Override
    List<String> command(String program, Recipe recipe) {
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "coffer"));
      words.addAll(List.of(recipe.suite(), recipe.mirror(), program));
      words.add("--variant=" + recipe.variant());
      words.add("--arch=" + recipe.architecture());
      words.add("--keyring=" + recipe.keyring());
      words.add("--components=" + String.join(",", recipe.components()));
      if (!recipe.include().isEmpty()) {
        words.add("--include=" + String.join(",", recipe.include()));
      }
      return words;
    }
  };

  /** The command line; it may make files in the directory that TMPDIR names. */
  abstract List<String> command(String program, Recipe recipe);

  /** The program's name. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
