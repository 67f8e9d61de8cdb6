package dev.coffer.plan.compile;

import java.util.List;

/**
 * One value of a cgroup.
 *
 * @param controller whose hierarchy it is in
 * @param files names of the file, the usual one first
 * @param content what is written
 * @param field the spec's field, below {@code linux.resources}
 */
public record CgroupSetting(String controller, List<String> files, String content, String field) {
  static CgroupSetting of(String controller, String file, Object content, String field) {
    return new CgroupSetting(controller, List.of(file), String.valueOf(content), field);
  }
}
