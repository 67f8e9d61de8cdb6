package dev.coffer.runtime.criu;

/** A release of criu. */
public record CriuVersion(int major, int minor) implements Comparable<CriuVersion> {
  @Override
  public int compareTo(CriuVersion other) {
    return major == other.major
        ? Integer.compare(minor, other.minor)
        : Integer.compare(major, other.major);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
