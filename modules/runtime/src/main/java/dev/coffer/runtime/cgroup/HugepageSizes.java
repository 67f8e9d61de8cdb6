package dev.coffer.runtime.cgroup;

import java.io.File;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The sizes of huge pages, as the files of the controller name them: {@code 2MB}, {@code 1GB}. */
final class HugepageSizes {
  private static final String DIRECTORY = "/sys/kernel/mm/hugepages";
  private static final String PREFIX = "hugepages-";
  private static final String KIB = "kB";
  private static final List<String> UNITS = List.of("KB", "MB", "GB");
  private static final long STEP = 1024;

  private HugepageSizes() {}

  static SortedSet<String> ofHost() {
    SortedSet<String> sizes = new TreeSet<>();
    String[] names = new File(DIRECTORY).list();
    for (String name : names == null ? new String[0] : names) {
      if (name.startsWith(PREFIX) && name.endsWith(KIB)) {
        long kib = Long.parseLong(name.substring(PREFIX.length(), name.length() - KIB.length()));
        sizes.add(spelling(kib));
      }
    }
    return sizes;
  }

  static String spelling(long kib) {
    long size = kib;
    int unit = 0;
    while (size >= STEP && unit < UNITS.size() - 1) {
      size /= STEP;
      unit++;
    }
    return size + UNITS.get(unit);
  }
}
