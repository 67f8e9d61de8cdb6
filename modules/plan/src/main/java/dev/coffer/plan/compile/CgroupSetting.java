package dev.coffer.plan.compile;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * One value of a cgroup.
 *
 * @param controller whose hierarchy it is in
 * @param contents what is written, by the name of the file; of several files the first that exists
 *     is the one
 * @param field the spec's field, below {@code linux.resources}
 */
public record CgroupSetting(
    String controller, SequencedMap<String, String> contents, String field) {
  static CgroupSetting of(String controller, String file, Object content, String field) {
    SequencedMap<String, String> contents = new LinkedHashMap<>();
    contents.put(file, String.valueOf(content));
    return new CgroupSetting(controller, contents, field);
  }

  /** The same value as another kernel has it, for hosts without the files before. */
  CgroupSetting or(String file, Object content) {
    SequencedMap<String, String> more = new LinkedHashMap<>(contents);
    more.put(file, String.valueOf(content));
    return new CgroupSetting(controller, more, field);
  }
}
