package dev.coffer.plan.bpf;

import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.DeviceType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a list of device rules comes to, applied in order as the device cgroup of v1 does: a default
 * and the exceptions from it. It starts with everything denied; a rule for all devices, of those
 * that {@link DeviceRule#ofOneType} leaves, sets the default and drops the exceptions.
 *
 * @param allowByDefault what happens to devices that no exception speaks of
 * @param exceptions what is denied when the default allows, else what is allowed; at most one entry
 *     for the same devices
 */
public record DeviceList(boolean allowByDefault, List<DeviceAccess> exceptions) {
  private static final long MAX_NUMBER = 0xffff_ffffL;

  public DeviceList {
    exceptions = List.copyOf(exceptions);
  }

  /**
   * Applies rules in order.
   *
   * @throws IllegalArgumentException if a rule cannot be a rule, or would take devices back out of
   *     a wider exception: the kernel of cgroup v1 silently ignores that
   */
  public static DeviceList of(List<DeviceRule> rules) {
    boolean allowByDefault = false;
    List<DeviceAccess> exceptions = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      for (DeviceRule rule : rules.get(i).ofOneType()) {
        DeviceType type = rule.type().orElse(DeviceType.ALL);
        if (type == DeviceType.ALL) {
          allowByDefault = rule.allow();
          exceptions.clear();
          continue;
        }
        try {
          DeviceAccess access = access(type, rule);
          if (rule.allow() == allowByDefault) {
            remove(exceptions, access);
          } else {
            add(exceptions, access);
          }
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("device rule " + i + ": " + e.getMessage(), e);
        }
      }
    }
    return new DeviceList(allowByDefault, exceptions);
  }

  /** Whether an access is allowed: what the kernel asks of the filter. */
  public boolean allows(DeviceType type, long major, long minor, int access) {
    for (DeviceAccess exception : exceptions) {
      boolean same =
          exception.type() == type
              && (exception.major() == DeviceAccess.ANY || exception.major() == major)
              && (exception.minor() == DeviceAccess.ANY || exception.minor() == minor);
      // Each part of an access must be allowed, and none of them denied.
      boolean applies =
          allowByDefault ? (access & exception.access()) != 0 : (access & ~exception.access()) == 0;
      if (same && applies) {
        return !allowByDefault;
      }
    }
    return allowByDefault;
  }

  private static DeviceAccess access(DeviceType type, DeviceRule rule) {
    DeviceType kind =
        switch (type) {
          case CHARACTER, UNBUFFERED -> DeviceType.CHARACTER;
          case BLOCK -> DeviceType.BLOCK;
          case FIFO, ALL ->
              throw new IllegalArgumentException(
                  "type must be a, b or c, is \"" + type.spelling() + "\"");
        };
    return new DeviceAccess(
        kind,
        number("major", rule.major().orElse(DeviceAccess.ANY)),
        number("minor", rule.minor().orElse(DeviceAccess.ANY)),
        DeviceAccess.parse(rule.access().orElse("rwm")));
  }

  private static long number(String name, long number) {
    if (number < DeviceAccess.ANY || number > MAX_NUMBER) {
      throw new IllegalArgumentException(
          name + " must be from 0 to " + MAX_NUMBER + ", or -1 for any, is " + number);
    }
    return number;
  }

  private static void add(List<DeviceAccess> exceptions, DeviceAccess added) {
    int i = indexOf(exceptions, added);
    if (i >= 0) {
      exceptions.set(i, added.with(exceptions.get(i).access() | added.access()));
    } else if (added.access() != 0) {
      exceptions.add(added);
    }
  }

  private static void remove(List<DeviceAccess> exceptions, DeviceAccess removed) {
    for (DeviceAccess exception : exceptions) {
      if (exception.isWiderThan(removed) && (exception.access() & removed.access()) != 0) {
        throw new IllegalArgumentException(
            "cannot take \""
                + removed.line()
                + "\" out of \""
                + exception.line()
                + "\" (give the wider rule for fewer devices)");
      }
    }
    int i = indexOf(exceptions, removed);
    if (i >= 0) {
      int left = exceptions.get(i).access() & ~removed.access();
      if (left == 0) {
        exceptions.remove(i);
      } else {
        exceptions.set(i, removed.with(left));
      }
    }
  }

  private static int indexOf(List<DeviceAccess> exceptions, DeviceAccess access) {
    for (int i = 0; i < exceptions.size(); i++) {
      if (exceptions.get(i).sameDevices(access)) {
        return i;
      }
    }
    return -1;
  }
}
