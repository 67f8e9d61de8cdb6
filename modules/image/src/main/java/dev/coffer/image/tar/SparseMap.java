package dev.coffer.image.tar;

import static dev.coffer.image.tar.TarField.malformed;

import dev.coffer.image.ImageException;
import dev.coffer.image.tar.TarEntry.Extent;
import java.util.ArrayList;
import java.util.List;

/** Checks what a sparse file's map says. */
final class SparseMap {
  private SparseMap() {}

  static List<Extent> ofNumbers(List<Long> numbers) throws ImageException {
    if (numbers.size() % 2 != 0) {
      throw malformed("a sparse map with an offset but no length");
    }
    List<Extent> extents = new ArrayList<>(numbers.size() / 2);
    for (int i = 0; i < numbers.size(); i += 2) {
      extents.add(new Extent(numbers.get(i), numbers.get(i + 1)));
    }
    return extents;
  }

  /** Extents in order, apart, within the file, and as many bytes as are stored. */
  static List<Extent> checked(List<Extent> extents, long fileSize, long storedSize)
      throws ImageException {
    long end = 0;
    long sum = 0;
    for (Extent extent : extents) {
      if (extent.offset() < end
          || extent.length() < 0
          || extent.length() > fileSize - extent.offset()) {
        throw malformed("a sparse map that overlaps itself or leaves its file");
      }
      end = extent.offset() + extent.length();
      sum += extent.length();
    }
    if (sum != storedSize) {
      throw malformed("a sparse map of " + sum + " bytes for " + storedSize + " stored ones");
    }
    return extents.stream().filter(extent -> extent.length() > 0).toList();
  }
}
