package dev.coffer.plan.fuzz;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonBoolean;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/**
 * Changes documents and leaves them documents: members vanish, move and change, mostly to other
 * values of their own kind, so that much of what comes out is still a config.
 */
final class TreeMutator {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "2",
          "64",
          "1023",
          "4095",
          "65535",
          "65536",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967294",
          "4294967295",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "1e3",
          "1.5",
          "1e308",
          "1e999999999",
          "-1e-999999999",
          "123456789012345678901234567890");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "/",
          ".",
          "..",
          "//",
          "/..",
          "/../..",
          "/a/../../b",
          "a/b",
          "/proc",
          "/proc/self",
          "/proc/self/fd/3",
          "/sys",
          "/dev/null",
          "/dev/pts/0",
          "a\u0000b",
          "a\nb",
          "\u0001",
          "%s%n",
          "é",
          "\ud83d\ude00",
          "\ud800",
          "\u202e",
          "0",
          "-1",
          "0-1",
          "0-",
          "0-4294967295",
          "1,,2",
          "99999999999999999999",
          "a=b",
          "=",
          "SIGKILL",
          "CAP_SYS_ADMIN",
          "RLIMIT_CORE",
          "net.a.b",
          "net..a",
          "kernel.hostname",
          "system.slice:x:y",
          "::",
          ":",
          "bind",
          "rbind",
          "ro",
          "idmap",
          "tmpcopyup",
          "tmpfs",
          "proc",
          "overlay",
          "cgroup",
          "user",
          "pid",
          "SCMP_ACT_NOTIFY",
          "SCMP_ACT_LOG",
          "SCMP_CMP_MASKED_EQ",
          "SCMP_ARCH_S390X",
          "read",
          "clone3",
          "private");

  private static final int LONG_TEXT = 70_000;
  private static final int LONG_LIST = 3_000;
  private static final int DEPTH = 70;

  private final RandomGenerator random;
  private final List<JsonValue> pieces = new ArrayList<>();

  TreeMutator(RandomGenerator random, List<JsonValue> seeds) {
    this.random = random;
    seeds.forEach(this::collect);
  }

  private void collect(JsonValue value) {
    pieces.add(value);
    children(value).forEach(this::collect);
  }

  /** The document with some changes. */
  JsonValue mutate(JsonValue document) {
    JsonValue changed = document;
    for (int left = 1 + random.nextInt(random.nextInt(1, 9)); left > 0; left--) {
      changed = change(changed, random.nextInt(size(changed)));
    }
    return changed;
  }

  private static List<JsonValue> children(JsonValue value) {
    return switch (value) {
      case JsonObject object -> List.copyOf(object.members().values());
      case JsonArray array -> array.elements();
      case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> List.of();
    };
  }

  private static int size(JsonValue value) {
    return 1 + children(value).stream().mapToInt(TreeMutator::size).sum();
  }

  /** The tree with its node of this number, counted from the root, changed. */
  private JsonValue change(JsonValue tree, int node) {
    if (node == 0) {
      return replace(tree);
    }
    int left = node - 1;
    int index = 0;
    for (JsonValue child : children(tree)) {
      int size = size(child);
      if (left < size) {
        return withChild(tree, index, change(child, left));
      }
      left -= size;
      index++;
    }
    throw new AssertionError("no node " + node);
  }

  private static JsonValue withChild(JsonValue tree, int index, JsonValue child) {
    if (tree instanceof JsonObject object) {
      return object.with(List.copyOf(object.members().keySet()).get(index), child);
    }
    List<JsonValue> elements = new ArrayList<>(((JsonArray) tree).elements());
    elements.set(index, child);
    return new JsonArray(elements);
  }

  private JsonValue replace(JsonValue value) {
    return switch (random.nextInt(20)) {
      case 0 -> pieces.get(random.nextInt(pieces.size()));
      case 1 -> anything();
      case 2 -> JsonNull.NULL;
      default -> ofItsKind(value);
    };
  }

  private JsonValue ofItsKind(JsonValue value) {
    return switch (value) {
      case JsonObject object -> object(object);
      case JsonArray array -> array(array);
      case JsonString text -> new JsonString(text(text.value()));
      case JsonNumber _ -> number();
      case JsonBoolean bool -> JsonBoolean.of(!bool.value());
      case JsonNull _ -> anything();
    };
  }

  private JsonValue anything() {
    return switch (random.nextInt(8)) {
      case 0 -> JsonObject.EMPTY;
      case 1 -> JsonArray.EMPTY;
      case 2 -> JsonBoolean.of(random.nextBoolean());
      case 3 -> nested();
      case 4, 5 -> number();
      default -> new JsonString(pick(TEXTS));
    };
  }

  private JsonValue nested() {
    JsonValue value = JsonArray.EMPTY;
    for (int left = random.nextInt(DEPTH); left > 0; left--) {
      value = JsonArray.of(value);
    }
    return value;
  }

  private JsonValue number() {
    return random.nextInt(4) == 0
        ? JsonNumber.of(random.nextLong() >> random.nextInt(64))
        : new JsonNumber(pick(NUMBERS));
  }

  private String text(String old) {
    return switch (random.nextInt(10)) {
      case 0 -> old + pick(TEXTS);
      case 1 -> pick(TEXTS) + old;
      case 2 -> old.substring(0, random.nextInt(old.length() + 1));
      case 3 -> old + "/../" + old;
      case 4 -> random.nextInt(8) == 0 ? "x".repeat(random.nextInt(LONG_TEXT)) : old.repeat(2);
      default -> pick(TEXTS);
    };
  }

  private JsonValue object(JsonObject object) {
    SequencedMap<String, JsonValue> members = new LinkedHashMap<>(object.members());
    if (members.isEmpty() || random.nextInt(6) == 0) {
      members.put(pick(TEXTS), anything());
      return new JsonObject(members);
    }
    List<String> names = List.copyOf(members.keySet());
    String name = pick(names);
    JsonValue value = members.get(name);
    switch (random.nextInt(4)) {
      case 0, 1 -> members.remove(name);
      case 2 -> members.put(pick(names), value);
      default -> {
        members.remove(name);
        members.put(text(name), value);
      }
    }
    return new JsonObject(members);
  }

  private JsonValue array(JsonArray array) {
    List<JsonValue> elements = new ArrayList<>(array.elements());
    if (elements.isEmpty()) {
      elements.add(anything());
      return new JsonArray(elements);
    }
    JsonValue element = elements.get(random.nextInt(elements.size()));
    switch (random.nextInt(6)) {
      case 0 -> elements.remove(random.nextInt(elements.size()));
      case 1 -> elements.add(element);
      case 2 -> Collections.swap(elements, 0, random.nextInt(elements.size()));
      case 3 -> elements.add(ofItsKind(element));
      case 4 -> elements.add(random.nextInt(elements.size() + 1), anything());
      default -> {
        if (random.nextInt(10) == 0 && size(element) < 10) {
          elements.addAll(Collections.nCopies(random.nextInt(LONG_LIST), element));
        } else {
          elements.clear();
        }
      }
    }
    return new JsonArray(elements);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
