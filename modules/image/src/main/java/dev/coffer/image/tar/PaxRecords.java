package dev.coffer.image.tar;

import static dev.coffer.image.tar.TarField.malformed;

import dev.coffer.image.ImageException;
import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.kernel.NativeText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records of a PAX extended header, each {@code <length> <key>=<value>\n}. Values are bytes: an
 * extended attribute's is not text.
 *
 * <p>Source: pax(1), "pax Extended Header"; GNU tar manual, "Storing Sparse Files"; star's {@code
 * SCHILY.xattr}.
 */
final class PaxRecords {
  private static final String ATTRIBUTE = "SCHILY.xattr.";
  private static final int MAX_LENGTH_DIGITS = 9;

  private final Map<String, byte[]> values = new LinkedHashMap<>();

  /** GNU's format 0.0 repeats keys, so order and number count. */
  private final List<Long> sparse00 = new ArrayList<>();

  void parse(byte[] header) throws ImageException {
    for (int at = 0; at < header.length; ) {
      int space = indexOf(header, (byte) ' ', at, Math.min(header.length, at + MAX_LENGTH_DIGITS));
      if (space < 0) {
        throw malformed("an extended header's record has no length");
      }
      long length = decimal(Arrays.copyOfRange(header, at, space));
      long end = at + length;
      int equals = end <= header.length ? indexOf(header, (byte) '=', space + 1, (int) end) : -1;
      if (equals < 0 || header[(int) end - 1] != '\n') {
        throw malformed("an extended header's record has a wrong length");
      }
      String key = new String(header, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      put(key, Arrays.copyOfRange(header, equals + 1, (int) end - 1));
      at = (int) end;
    }
  }

  private void put(String key, byte[] value) throws ImageException {
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      boolean offset = key.endsWith("offset");
      if (offset != (sparse00.size() % 2 == 0)) {
        throw malformed("a sparse map's offsets and lengths do not alternate");
      }
      sparse00.add(decimal(value));
    } else {
      values.put(key, value);
    }
  }

  /** A text, unless missing or empty (which takes an earlier value back). */
  Optional<String> text(String key) throws ImageException {
    byte[] value = values.get(key);
    if (value == null || value.length == 0) {
      return Optional.empty();
    }
    if (indexOf(value, (byte) 0, 0, value.length) >= 0) {
      throw malformed("a NUL in the extended header's " + key);
    }
    return Optional.of(NativeText.decode(value));
  }

  long number(String key, long otherwise) throws ImageException {
    byte[] value = values.get(key);
    return value == null || value.length == 0 ? otherwise : decimal(value);
  }

  /** Seconds since 1970, with a fraction. */
  Instant time(String key, Instant otherwise) throws ImageException {
    byte[] value = values.get(key);
    if (value == null || value.length == 0) {
      return otherwise;
    }
    String text = new String(value, StandardCharsets.US_ASCII);
    if (!text.matches("-?[0-9]{1,18}(\\.[0-9]{0,30})?")) {
      throw malformed("a time that is no number");
    }
    BigDecimal seconds = new BigDecimal(text);
    long whole = seconds.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
    int nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).intValue();
    return Times.clamp(whole, nanos);
  }

  /** Extended attributes by their names. */
  Map<String, byte[]> attributes() {
    Map<String, byte[]> attributes = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(ATTRIBUTE)) {
            attributes.put(key.substring(ATTRIBUTE.length()), value);
          }
        });
    return attributes;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The sparse map of formats 0.0 and 0.1; that of 1.0 stands before the data. */
  Optional<List<Extent>> sparseMap() throws ImageException {
    List<Long> numbers = new ArrayList<>(sparse00);
    if (has("GNU.sparse.map")) {
      String map = text("GNU.sparse.map").orElse("");
      for (String number : map.isEmpty() ? new String[0] : map.split(",", -1)) {
        numbers.add(decimal(number.getBytes(StandardCharsets.US_ASCII)));
      }
    } else if (!has("GNU.sparse.numblocks") && numbers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(SparseMap.ofNumbers(numbers));
  }

  static long decimal(byte[] digits) throws ImageException {
    long value = 0;
    if (digits.length == 0 || digits.length > 18) {
      throw malformed("a decimal number of " + digits.length + " digits");
    }
    for (byte digit : digits) {
      if (digit < '0' || digit > '9') {
        throw malformed("a decimal number with other characters");
      }
      value = value * 10 + (digit - '0');
    }
    return value;
  }

  private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
