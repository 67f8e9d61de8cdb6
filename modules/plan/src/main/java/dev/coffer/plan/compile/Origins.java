package dev.coffer.plan.compile;

import java.util.Map;

/**
 * The user's words for parts of a spec.
 *
 * @param words by JSON path
 */
record Origins(Map<String, String> words) {
  /** What to say for a part of the spec: the user's words, else its path. */
  String of(String path) {
    return words.getOrDefault(path, path);
  }
}
