package dev.coffer.plan.bpf;

import dev.coffer.spec.runtime.DeviceType;

/**
 * A set of accesses to a set of devices.
 *
 * @param type character or block
 * @param major major number, or {@link #ANY}
 * @param minor minor number, or {@link #ANY}
 * @param access bits of {@link #READ}, {@link #WRITE}, {@link #MAKE_NODE}
 */
public record DeviceAccess(DeviceType type, long major, long minor, int access) {
  /** Every major or minor number. */
  public static final long ANY = -1;

  /** {@code BPF_DEVCG_ACC_MKNOD}. */
  public static final int MAKE_NODE = 1;

  /** {@code BPF_DEVCG_ACC_READ}. */
  public static final int READ = 2;

  /** {@code BPF_DEVCG_ACC_WRITE}. */
  public static final int WRITE = 4;

  /** Every access. */
  public static final int ALL = MAKE_NODE | READ | WRITE;

  static int parse(String letters) {
    int access = 0;
    for (int i = 0; i < letters.length(); i++) {
      access |=
          switch (letters.charAt(i)) {
            case 'r' -> READ;
            case 'w' -> WRITE;
            case 'm' -> MAKE_NODE;
            default ->
                throw new IllegalArgumentException(
                    "access must be some of r, w and m, is \"" + letters + "\"");
          };
    }
    return access;
  }

  boolean sameDevices(DeviceAccess other) {
    return type == other.type && major == other.major && minor == other.minor;
  }

  /** Whether this speaks of other devices as well as of all of the other's. */
  boolean isWiderThan(DeviceAccess other) {
    boolean covers =
        type == other.type
            && (major == ANY || major == other.major)
            && (minor == ANY || minor == other.minor);
    return covers && !sameDevices(other);
  }

  DeviceAccess with(int bits) {
    return new DeviceAccess(type, major, minor, bits);
  }

  /** As cgroup v1's {@code devices.allow} and {@code devices.deny} take it: {@code c 1:3 rwm}. */
  public String line() {
    String letters =
        ((access & READ) != 0 ? "r" : "")
            + ((access & WRITE) != 0 ? "w" : "")
            + ((access & MAKE_NODE) != 0 ? "m" : "");
    return type.spelling() + " " + number(major) + ":" + number(minor) + " " + letters;
  }

  private static String number(long number) {
    return number == ANY ? "*" : Long.toString(number);
  }
}
