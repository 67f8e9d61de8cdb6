package dev.coffer.plan.seccomp;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first two numbers of a kernel's release, all that a profile can ask about.
 *
 * @param major such as 6 in {@code 6.18.3-amd64}
 * @param minor such as 18 in {@code 6.18.3-amd64}
 */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
  /**
   * Reads a release as {@code uname -r} prints it, or a version as a profile has it.
   *
   * @throws IllegalArgumentException if it does not begin with two numbers
   */
  public static KernelVersion parse(String release) {
    Matcher matcher = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?!\\d).*").matcher(release);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be a kernel version such as 4.8, is \"" + release + "\"");
    }
    return new KernelVersion(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public int compareTo(KernelVersion other) {
    return Comparator.comparingInt(KernelVersion::major)
        .thenComparingInt(KernelVersion::minor)
        .compare(this, other);
  }
}
