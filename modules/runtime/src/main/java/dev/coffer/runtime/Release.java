package dev.coffer.runtime;

/** Which Coffer this is. */
public final class Release {
  /** The version, by SemVer 2.0. */
  public static final String VERSION = "0.1.0";

  private Release() {}
}
