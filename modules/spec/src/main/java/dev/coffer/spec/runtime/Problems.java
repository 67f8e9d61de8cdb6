package dev.coffer.spec.runtime;

import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Collects problems at a path. Those of all paths below one root are collected together. */
final class Problems {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_$-]+");
  private static final Pattern NUMBER_LIST = Pattern.compile("\\d{1,9}(-\\d{1,9})?");
  private static final long IDS = 1L << 32;

  /** {@code PATH_MAX} of {@code linux/limits.h}, without the byte that ends a path. */
  private static final int LONGEST_PATH = 4095;

  private final String path;
  private final List<SpecProblem> found;

  Problems() {
    this("", new ArrayList<>());
  }

  private Problems(String path, List<SpecProblem> found) {
    this.path = path;
    this.found = found;
  }

  Problems at(String name) {
    boolean plain = PLAIN_NAME.matcher(name).matches();
    String step = plain ? name : "[" + Json.write(JsonValue.of(name)) + "]";
    return new Problems(path.isEmpty() || !plain ? path + step : path + "." + step, found);
  }

  Problems at(int index) {
    return new Problems(path + "[" + index + "]", found);
  }

  void add(String problem) {
    found.add(new SpecProblem(path, problem));
  }

  List<SpecProblem> all() {
    return List.copyOf(found);
  }

  /** Text goes to the kernel, which ends it at the first NUL. */
  boolean text(String text) {
    boolean bad = text.indexOf('\0') >= 0;
    if (bad) {
      add("must not contain a NUL character");
    }
    return !bad;
  }

  void texts(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      at(i).text(texts.get(i));
    }
  }

  void path(String value) {
    if (value.isEmpty()) {
      add("must not be empty");
    } else {
      boundedText(value);
    }
  }

  private boolean boundedText(String path) {
    boolean bad = path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH;
    if (bad) {
      add("must not be longer than " + LONGEST_PATH + " bytes");
    }
    return !bad && text(path);
  }

  void absolute(String value) {
    if (boundedText(value) && !value.startsWith("/")) {
      add("must be an absolute path, is \"" + value + "\"");
    }
  }

  void absolute(List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      at(i).absolute(values.get(i));
    }
  }

  void environment(List<String> variables) {
    for (int i = 0; i < variables.size(); i++) {
      String variable = variables.get(i);
      if (at(i).text(variable) && variable.indexOf('=') <= 0) {
        at(i).add("must be NAME=value, is \"" + variable + "\"");
      }
    }
  }

  void range(long value, long min, long max) {
    if (value < min || value > max) {
      add("must be from " + min + " to " + max + ", is " + value);
    }
  }

  /** A list of CPUs or memory nodes, such as {@code 0-3,7}. */
  void numberList(String list) {
    for (String part : list.split(",", -1)) {
      String[] ends = part.split("-", 2);
      boolean valid =
          NUMBER_LIST.matcher(part).matches()
              && (ends.length == 1 || Integer.parseInt(ends[0]) <= Integer.parseInt(ends[1]));
      if (!valid) {
        add("must be a list such as 0-3,7, is \"" + list + "\"");
        return;
      }
    }
  }

  void mappings(List<IdMapping> mappings) {
    for (int i = 0; i < mappings.size(); i++) {
      IdMapping mapping = mappings.get(i);
      if (mapping.size() == 0) {
        at(i).at("size").add("must be more than 0");
      } else if (Math.max(mapping.containerId(), mapping.hostId()) + mapping.size() > IDS) {
        at(i).at("size").add("must not lead beyond id 4294967295");
      }
    }
  }
}
