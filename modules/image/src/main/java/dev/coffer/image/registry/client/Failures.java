package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Messages;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns what a registry refuses into one line.
 *
 * <p>Source: OCI distribution-spec 1.1, "Error Codes".
 */
final class Failures {
  private static final int MAX_BODY = 64 << 10;

  private record Problem(String code, String message) {}

  private Failures() {}

  /**
   * The error that an answer means; closes the answer.
   *
   * @param object what was asked for, such as {@code tag "2" of "app"}
   */
  static ImageException of(Endpoint endpoint, String object, Answer answer) {
    try (answer) {
      Optional<Problem> problem = problem(answer);
      String host = endpoint.host();
      return switch (answer.status()) {
        case 404 -> notFound(host, object, problem);
        case 401 -> unauthorized(endpoint, object, problem);
        case 403 ->
            new ImageException(
                Kind.UNAUTHORIZED,
                "registry %s denies access to %s%s".formatted(host, object, said(problem)));
        case 405, 501 ->
            new ImageException(
                Kind.NOT_SUPPORTED,
                "registry %s does not support this for %s%s"
                    .formatted(host, object, said(problem)));
        case 429 -> tooMany(host, object, answer);
        default -> other(host, object, answer, problem);
      };
    }
  }

  private static ImageException notFound(String host, String object, Optional<Problem> problem) {
    String words =
        problem
            .map(Problem::code)
            .filter(code -> !code.isEmpty())
            .map(code -> code.toLowerCase(Locale.ROOT).replace('_', ' '))
            .orElse("not found");
    return new ImageException(
        Kind.NOT_FOUND, "%s: registry %s has no %s".formatted(words, host, object));
  }

  private static ImageException unauthorized(
      Endpoint endpoint, String object, Optional<Problem> problem) {
    String name = endpoint.credentialName();
    int slash = name.indexOf('/');
    return new ImageException(
        Kind.UNAUTHORIZED,
        "registry %s wants other credentials for %s%s (see coffer login %s)"
            .formatted(
                endpoint.host(),
                object,
                said(problem),
                slash < 0 ? name : name.substring(0, slash)));
  }

  private static ImageException tooMany(String host, String object, Answer answer) {
    String when =
        Retries.retryAfter(answer)
            .map(wait -> " (it asks to come back in %d s)".formatted(wait.toSeconds()))
            .orElse("");
    return new ImageException(
        Kind.UNAVAILABLE,
        "registry %s got too many requests to give %s%s".formatted(host, object, when));
  }

  private static ImageException other(
      String host, String object, Answer answer, Optional<Problem> problem) {
    boolean unsupported = problem.filter(it -> it.code().equals("UNSUPPORTED")).isPresent();
    boolean itsOwn = answer.status() >= 500;
    return new ImageException(
        unsupported ? Kind.NOT_SUPPORTED : itsOwn ? Kind.UNAVAILABLE : Kind.MALFORMED,
        "registry %s answers with status %d to what was asked of %s%s"
            .formatted(host, answer.status(), object, said(problem)));
  }

  /** The error that a request without an answer means. */
  static IOException of(Endpoint endpoint, String object, IOException failure) {
    return failure instanceof ImageException || failure instanceof InterruptedIOException
        ? failure
        : new ImageException(
            Kind.UNAVAILABLE,
            "cannot get an answer from registry %s about %s: %s"
                .formatted(endpoint.host(), object, Messages.of(failure)),
            failure);
  }

  private static String said(Optional<Problem> problem) {
    return problem
        .map(it -> it.message().isEmpty() ? it.code().toLowerCase(Locale.ROOT) : it.message())
        .filter(text -> !text.isEmpty())
        .map(text -> ": " + text)
        .orElse("");
  }

  private static Optional<Problem> problem(Answer answer) {
    try {
      byte[] body = answer.bytes(MAX_BODY);
      if (body.length == 0 || body.length > MAX_BODY) {
        return Optional.empty();
      }
      List<Problem> problems =
          JsonCursor.read("", body, Limits.CONFIG)
              .field("errors")
              .list(
                  at ->
                      new Problem(
                          Messages.line(at.field("code").stringOrEmpty()),
                          Messages.line(at.field("message").stringOrEmpty())));
      return problems.stream().findFirst();
    } catch (IOException | SpecException e) {
      return Optional.empty();
    }
  }
}
