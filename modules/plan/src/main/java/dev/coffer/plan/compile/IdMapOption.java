package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.IdMapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The maps that stand in a mount's option itself, as Podman passes them on: {@code
 * idmap=uids=0-100000-1000#1000-5-1;gids=@0-0-1000}. Each is the first id on disk, the first on the
 * host, and how many; with {@code @} the second is one of the container. Source: crun(1), idmap
 * mount options.
 */
final class IdMapOption {
  private static final Pattern RANGE = Pattern.compile("(@?)(\\d{1,10})-(\\d{1,10})-(\\d{1,10})");
  private static final long IDS = 0xffff_ffffL;

  private IdMapOption() {}

  /**
   * The ranges of one kind of ids.
   *
   * @param text what stands behind {@code idmap=}
   * @param kind {@code uids} or {@code gids}
   * @param container the container's ranges of that kind
   * @return none where the text does not name the kind
   * @throws PlanException where it cannot be read, or names an id that the container has not
   */
  static List<IdMapping> ranges(String text, String kind, List<IdMapping> container) {
    List<IdMapping> ranges = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      String name = part.substring(0, Math.max(equals, 0));
      if (!name.equals("uids") && !name.equals("gids")) {
        throw malformed(text);
      }
      if (name.equals(kind)) {
        for (String range : part.substring(equals + 1).split("#", -1)) {
          ranges.add(range(range, text, container));
        }
      }
    }
    return ranges;
  }

  private static IdMapping range(String range, String text, List<IdMapping> container) {
    Matcher found = RANGE.matcher(range);
    if (!found.matches()) {
      throw malformed(text);
    }
    long disk = Long.parseLong(found.group(2));
    long host = Long.parseLong(found.group(3));
    long size = Long.parseLong(found.group(4));
    if (!found.group(1).isEmpty()) {
      host = onHost(host, size, text, container);
    }
    if (size == 0 || disk + size > IDS || host + size > IDS) {
      throw malformed(text);
    }
    return IdMapping.of(disk, host, size);
  }

  private static long onHost(long id, long size, String text, List<IdMapping> container) {
    return joined(container).stream()
        .filter(each -> id >= each.containerId() && id + size <= each.containerId() + each.size())
        .findFirst()
        .map(each -> id - each.containerId() + each.hostId())
        .orElseThrow(
            () ->
                new PlanException(
                    "option \"idmap=%s\": the container has no one range with ids %d to %d"
                        .formatted(text, id, id + size - 1)));
  }

  /** The same map in as few ranges as can be. */
  private static List<IdMapping> joined(List<IdMapping> ranges) {
    List<IdMapping> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(IdMapping::containerId));
    List<IdMapping> joined = new ArrayList<>();
    for (IdMapping next : sorted) {
      if (!joined.isEmpty() && goesOn(joined.getLast(), next)) {
        IdMapping last = joined.removeLast();
        next = IdMapping.of(last.containerId(), last.hostId(), last.size() + next.size());
      }
      joined.add(next);
    }
    return joined;
  }

  private static boolean goesOn(IdMapping one, IdMapping next) {
    return next.containerId() == one.containerId() + one.size()
        && next.hostId() == one.hostId() + one.size();
  }

  private static PlanException malformed(String text) {
    return new PlanException(
        "option \"idmap=%s\": must be like uids=0-100000-1000#1000-5-1;gids=0-100000-1000"
            .formatted(text));
  }
}
