package dev.coffer.image.registry.auth;

import java.util.ArrayList;
import java.util.List;

/** By which names credentials are kept. */
public final class ServerName {
  private static final String HUB = "docker.io";

  /** Docker keeps the credentials of Docker Hub under the address of an API that is long gone. */
  private static final String HUB_KEY = "https://index.docker.io/v1/";

  private ServerName() {}

  /** How Docker names a registry in its files and to its helpers. */
  static String key(String domain) {
    return domain.equals(HUB) ? HUB_KEY : domain;
  }

  /**
   * What a key in a file stands for: a registry, or a part of one. Docker's old keys are addresses
   * of which only the host counts.
   */
  public static String normal(String key) {
    int scheme = key.indexOf("://");
    String name = (scheme < 0 ? key : key.substring(scheme + 3)).replaceFirst("/+$", "");
    int slash = name.indexOf('/');
    String domain = slash < 0 ? name : name.substring(0, slash);
    boolean whole = scheme >= 0 || slash < 0 || name.substring(slash).matches("/(v[12]/?)?");
    String known =
        domain.equals("index.docker.io") || domain.equals("registry-1.docker.io") ? HUB : domain;
    return whole ? known : known + name.substring(slash);
  }

  /** A repository's name, and what it is a part of, up to the registry. */
  static List<String> enclosing(String name) {
    List<String> names = new ArrayList<>();
    for (String at = name; ; at = at.substring(0, at.lastIndexOf('/'))) {
      names.add(at);
      if (at.indexOf('/') < 0) {
        return names;
      }
    }
  }

  /** The registry of a repository's name. */
  public static String domain(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }
}
