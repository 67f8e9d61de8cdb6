package dev.coffer.runtime.cgroup;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** What a cgroup has read and written, in the form of {@link UsageReport}. */
final class BlockIoReport {
  private static final String BYTES = "ioServiceBytesRecursive";
  private static final String OPERATIONS = "ioServicedRecursive";

  /** Of version 2: the list and the name there of what {@code io.stat} has under a key. */
  private static final Map<String, Map.Entry<String, String>> KEYS =
      Map.of(
          "rbytes", Map.entry(BYTES, "Read"),
          "wbytes", Map.entry(BYTES, "Write"),
          "dbytes", Map.entry(BYTES, "Discard"),
          "rios", Map.entry(OPERATIONS, "Read"),
          "wios", Map.entry(OPERATIONS, "Write"),
          "dios", Map.entry(OPERATIONS, "Discard"));

  private BlockIoReport() {}

  static JsonObject of(BiFunction<String, String, Optional<String>> file, CgroupLayout layout) {
    if (layout.of("io").isPresent()) {
      return version2(file.apply("io", "io.stat").orElse(""));
    }
    return JsonObject.builder()
        .putUnlessEmpty(BYTES, version1(file, "io_service_bytes_recursive"))
        .putUnlessEmpty(OPERATIONS, version1(file, "io_serviced_recursive"))
        .build();
  }

  /** The scheduler's own counts where it has any; what is throttled is counted for all. */
  private static JsonArray version1(
      BiFunction<String, String, Optional<String>> file, String name) {
    for (String kind : List.of("bfq", "throttle")) {
      JsonArray entries = entries(file.apply("blkio", "blkio." + kind + "." + name).orElse(""));
      if (!entries.isEmpty()) {
        return entries;
      }
    }
    return JsonArray.EMPTY;
  }

  /** {@code 8:0 Read 4096}; the line with the total has two words. */
  private static JsonArray entries(String text) {
    List<JsonObject> entries = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      Optional<Long> value = KeyedFile.number(words[words.length - 1]);
      if (words.length == 3 && value.isPresent()) {
        entries.add(entry(words[0], words[1], value.get()));
      }
    }
    return JsonArray.of(entries, entry -> entry);
  }

  /** {@code 8:0 rbytes=4096 wbytes=0 rios=1 …}. */
  private static JsonObject version2(String text) {
    List<JsonObject> bytes = new ArrayList<>();
    List<JsonObject> operations = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      for (String word : words) {
        int equals = word.indexOf('=');
        Map.Entry<String, String> known = equals < 0 ? null : KEYS.get(word.substring(0, equals));
        Optional<Long> value = KeyedFile.number(word.substring(equals + 1));
        if (known != null && value.isPresent()) {
          List<JsonObject> list = known.getKey().equals(BYTES) ? bytes : operations;
          list.add(entry(words[0], known.getValue(), value.get()));
        }
      }
    }
    return JsonObject.builder()
        .putUnlessEmpty(BYTES, JsonArray.of(bytes, entry -> entry))
        .putUnlessEmpty(OPERATIONS, JsonArray.of(operations, entry -> entry))
        .build();
  }

  private static JsonObject entry(String device, String operation, long value) {
    String[] numbers = device.split(":", 2);
    return JsonObject.builder()
        .putUnlessEmpty("major", JsonNumber.of(Long.parseLong(numbers[0])))
        .putUnlessEmpty("minor", JsonNumber.of(Long.parseLong(numbers[numbers.length - 1])))
        .put("op", operation)
        .putUnlessEmpty("value", JsonNumber.of(value))
        .build();
  }
}
