package dev.coffer.network.dns;

import dev.coffer.network.address.Subnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code resolv.conf} says. Source: resolv.conf(5). What it does not know is passed over, as
 * the C library does.
 *
 * @param servers whom to ask, in order; the file's own, and so perhaps none
 * @param search domains that are tried after a name, in order
 * @param options the options as they are written, such as {@code ndots:2}
 */
public record ResolvConf(List<InetAddress> servers, List<String> search, List<String> options) {
  /** The port of name servers. */
  public static final int PORT = 53;

  private static final int MOST_WORDS = 32;

  public ResolvConf {
    servers = List.copyOf(servers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }

  /** Reads the text of a file. */
  public static ResolvConf parse(String text) {
    List<InetAddress> servers = new ArrayList<>();
    List<String> search = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String line : text.lines().toList()) {
      // Comments begin in the first column only.
      List<String> words = List.of(line.strip().split("\\s+"));
      List<String> values = words.subList(1, Math.min(words.size(), MOST_WORDS + 1));
      switch (words.getFirst()) {
        case "nameserver" -> addServers(values, servers);
        case "search", "domain" -> {
          // The last of them counts.
          search.clear();
          search.addAll(values);
        }
        case "options" -> options.addAll(values);
        default -> {}
      }
    }
    return new ResolvConf(limited(servers), search, limited(options));
  }

  private static void addServers(List<String> values, List<InetAddress> servers) {
    try {
      values.stream().limit(1).map(Subnet::parseAddress).forEach(servers::add);
    } catch (IllegalArgumentException noAddress) {
      // Such as a link-local one of a device that is not there.
    }
  }

  private static <T> List<T> limited(List<T> values) {
    return values.subList(0, Math.min(values.size(), MOST_WORDS));
  }

  /**
   * The value of an option that has a number, such as {@code timeout}.
   *
   * @param usual its value when it is absent or malformed
   */
  public int option(String name, int usual) {
    int value = usual;
    for (String option : options) {
      if (option.startsWith(name + ":")) {
        value = number(option.substring(name.length() + 1), value);
      }
    }
    return value;
  }

  private static int number(String text, int usual) {
    try {
      return Math.max(0, Integer.parseInt(text));
    } catch (NumberFormatException malformed) {
      return usual;
    }
  }

  /** How many dots a name has that is asked for as it is before the search domains: 1 usually. */
  public int ndots() {
    return option("ndots", 1);
  }

  /** The same with other servers. */
  public ResolvConf withServers(List<InetAddress> others) {
    return new ResolvConf(others, search, options);
  }
}
