package dev.coffer.plan.compile;

import dev.coffer.plan.compile.MountOptionTable.Attributes;
import dev.coffer.plan.compile.MountOptionTable.Meaning;
import dev.coffer.plan.compile.MountOptionTable.Other;
import dev.coffer.plan.compile.MountOptionTable.Propagation;
import dev.coffer.plan.wire.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of a mount, sorted by who understands them (runtime-spec, config.md, Mounts, Linux
 * mount options).
 *
 * @param bind whether it is a bind mount
 * @param recursiveBind whether mounts below the source come along
 * @param set attributes to set on the mount itself
 * @param clear attributes to clear on it
 * @param recursiveSet attributes to set on it and on all below
 * @param recursiveClear attributes to clear on it and on all below
 * @param propagation {@code MS_*} flag, or 0
 * @param recursivePropagation whether it covers mounts below
 * @param copyUp {@code tmpcopyup}
 * @param idMapped {@code idmap} or {@code ridmap}
 * @param recursiveIdMap {@code ridmap}: mounts below it, too
 * @param maps what stands behind {@code idmap=} or {@code ridmap=}, see {@link IdMapOption}
 * @param remount {@code remount}: what is mounted there already is changed
 * @param data what is left: for the file system
 */
record MountOptions(
    boolean bind,
    boolean recursiveBind,
    long set,
    long clear,
    long recursiveSet,
    long recursiveClear,
    long propagation,
    boolean recursivePropagation,
    boolean copyUp,
    boolean idMapped,
    boolean recursiveIdMap,
    Optional<String> maps,
    boolean remount,
    List<String> data) {

  static MountOptions parse(List<String> options) {
    Parser parser = new Parser();
    options.forEach(parser::accept);
    return parser.result();
  }

  /**
   * What mount(2) makes of options for a file system, which it gets in one text: a comma ends one
   * of them, unless it is quoted, as in SELinux's contexts, or follows a backslash.
   */
  static List<String> split(List<String> data) {
    List<String> single = new ArrayList<>();
    data.forEach(text -> split(text, single));
    single.removeIf(String::isEmpty);
    return single;
  }

  private static void split(String text, List<String> into) {
    boolean quoted = false;
    int start = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      quoted ^= c == '"';
      boolean escaped = at > 0 && text.charAt(at - 1) == '\\';
      if (c == ',' && !quoted && !escaped) {
        into.add(text.substring(start, at));
        start = at + 1;
      }
    }
    into.add(text.substring(start));
  }

  boolean shared() {
    return propagation == Kernel.MS_SHARED;
  }

  private static final class Parser {
    private boolean bind;
    private boolean recursiveBind;
    private long set;
    private long clear;
    private long recursiveSet;
    private long recursiveClear;
    private long propagation;
    private boolean recursivePropagation;
    private boolean copyUp;
    private boolean idMapped;
    private boolean recursiveIdMap;
    private Optional<String> maps = Optional.empty();
    private boolean remount;
    private final List<String> data = new ArrayList<>();

    MountOptions result() {
      return new MountOptions(
          bind,
          recursiveBind,
          set,
          clear,
          recursiveSet,
          recursiveClear,
          propagation,
          recursivePropagation,
          copyUp,
          idMapped,
          recursiveIdMap,
          maps,
          remount,
          List.copyOf(data));
    }

    void accept(String option) {
      if (option.isEmpty()) {
        return;
      }
      if (option.startsWith("idmap=") || option.startsWith("ridmap=")) {
        int equals = option.indexOf('=');
        maps = Optional.of(option.substring(equals + 1)).filter(text -> !text.isEmpty());
        accept(option.substring(0, equals));
        return;
      }
      Optional<Meaning> meaning = MountOptionTable.meaning(option);
      if (meaning.isEmpty()) {
        data.add(option);
        return;
      }
      switch (meaning.get()) {
        case Attributes attributes -> accept(attributes);
        case Propagation(long flag, boolean below) -> {
          propagation = flag;
          recursivePropagation = below;
        }
        case Other other -> accept(other, option);
      }
    }

    private void accept(Attributes attributes) {
      if (attributes.below()) {
        recursiveSet = (recursiveSet & ~attributes.clear()) | attributes.set();
        recursiveClear = (recursiveClear & ~attributes.set()) | attributes.clear();
      } else {
        set = (set & ~attributes.clear()) | attributes.set();
        clear = (clear & ~attributes.set()) | attributes.clear();
      }
    }

    private void accept(Other other, String option) {
      switch (other) {
        case BIND -> bind = true;
        case BIND_BELOW -> {
          bind = true;
          recursiveBind = true;
        }
        case COPY_UP -> copyUp = true;
        case ID_MAP -> idMapped = true;
        case ID_MAP_BELOW -> {
          idMapped = true;
          recursiveIdMap = true;
        }
        case REMOUNT -> remount = true;
        case FILE_SYSTEM -> data.add(option);
        case NOTHING -> {}
      }
    }
  }
}
