package dev.coffer.spec.image;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The normalised name of an image: registry, repository, and a tag, a digest, or both.
 *
 * <p>The grammar and the normalisation are Docker's: {@code busybox} means {@code
 * docker.io/library/busybox}, and a first component is a registry only if it has a dot, a colon or
 * an upper-case letter, or is {@code localhost}. Source: distribution/reference, grammar in
 * reference.go and normalize.go.
 *
 * @param domain the registry's host and optional port, such as {@code docker.io}
 * @param path the repository in it, such as {@code library/busybox}; at most 255 characters
 * @param tag the tag, if one was given
 * @param digest the digest, if one was given
 */
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest) {
  private static final String DEFAULT_DOMAIN = "docker.io";
  private static final String LEGACY_DEFAULT_DOMAIN = "index.docker.io";
  private static final String OFFICIAL_PREFIX = "library/";
  private static final String DEFAULT_TAG = "latest";
  private static final int MAX_PATH = 255;

  /** Longer than any valid name, tag and digest together; keeps the patterns off megabytes. */
  private static final int MAX_LENGTH = 1024;

  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
              + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
              + "|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  public Reference {
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException("invalid registry name \"" + domain + "\"");
    }
    if (path.length() > MAX_PATH) {
      throw new IllegalArgumentException(
          "invalid repository name: longer than " + MAX_PATH + " characters");
    }
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("invalid repository name \"" + path + "\"");
    }
    if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
      throw new IllegalArgumentException("invalid tag \"" + tag.get() + "\"");
    }
  }

  /**
   * Reads a name as a user types it and normalises it; no tag is added.
   *
   * @throws IllegalArgumentException when it is not a valid reference
   */
  public static Reference parse(String text) {
    try {
      return parseNormalized(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "invalid reference \"%s\": %s".formatted(abbreviate(text), e.getMessage()), e);
    }
  }

  private static Reference parseNormalized(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(text.isEmpty() ? "it is empty" : "it is too long");
    }
    if (IDENTIFIER.matcher(text).matches()) {
      throw new IllegalArgumentException("64 hexadecimal digits are an id, not a name");
    }
    int slash = text.indexOf('/');
    boolean named = slash >= 0 && namesDomain(text.substring(0, slash));
    String domain = named ? text.substring(0, slash) : DEFAULT_DOMAIN;
    String rest = named ? text.substring(slash + 1) : text;

    int at = rest.indexOf('@');
    Optional<Digest> digest =
        at < 0 ? Optional.empty() : Optional.of(Digest.parse(rest.substring(at + 1)));
    rest = at < 0 ? rest : rest.substring(0, at);
    int colon = rest.indexOf(':');
    Optional<String> tag = colon < 0 ? Optional.empty() : Optional.of(rest.substring(colon + 1));
    String path = colon < 0 ? rest : rest.substring(0, colon);
    if (!path.equals(path.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the repository name must be lower case");
    }
    if (domain.equals(LEGACY_DEFAULT_DOMAIN)) {
      domain = DEFAULT_DOMAIN;
    }
    if (domain.equals(DEFAULT_DOMAIN) && path.indexOf('/') < 0) {
      path = OFFICIAL_PREFIX + path;
    }
    return new Reference(domain, path, tag, digest);
  }

  private static boolean namesDomain(String first) {
    return first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost")
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  /** This reference, with the tag {@code latest} when it has neither a tag nor a digest. */
  public Reference orLatest() {
    return tag.isPresent() || digest.isPresent() ? this : withTag(DEFAULT_TAG);
  }

  /** The same repository with another tag and no digest. */
  public Reference withTag(String newTag) {
    return new Reference(domain, path, Optional.of(newTag), Optional.empty());
  }

  /** The same repository with a digest and no tag. */
  public Reference withDigest(Digest newDigest) {
    return new Reference(domain, path, Optional.empty(), Optional.of(newDigest));
  }

  /** Registry and repository, such as {@code docker.io/library/busybox}. */
  public String name() {
    return domain + "/" + path;
  }

  /** Registry and repository in the short form that users see, such as {@code busybox}. */
  public String familiarName() {
    if (!domain.equals(DEFAULT_DOMAIN)) {
      return name();
    }
    boolean official =
        path.startsWith(OFFICIAL_PREFIX) && path.indexOf('/', OFFICIAL_PREFIX.length()) < 0;
    return official ? path.substring(OFFICIAL_PREFIX.length()) : path;
  }

  /** The whole reference in the short form that users see, such as {@code busybox:latest}. */
  public String familiar() {
    return familiarName() + suffix();
  }

  /** The whole normalised reference, such as {@code docker.io/library/busybox:latest}. */
  @Override
  public String toString() {
    return name() + suffix();
  }

  private String suffix() {
    return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }

  private static String abbreviate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
