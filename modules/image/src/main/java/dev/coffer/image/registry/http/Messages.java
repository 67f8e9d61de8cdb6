package dev.coffer.image.registry.http;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.CompletionException;

/** What went wrong on the way, in a few words for a message. */
public final class Messages {

  private Messages() {}

  /** The words for a failure. */
  public static String of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    for (Throwable at = cause; at != null; at = at.getCause()) {
      switch (at) {
        case UnresolvedAddressException _, UnknownHostException _ -> {
          return "no such host";
        }
        case HttpConnectTimeoutException _ -> {
          return "connecting took too long";
        }
        case CertificateExpiredException _ -> {
          return "its certificate has expired";
        }
        case CertificateNotYetValidException _ -> {
          return "its certificate is not valid yet";
        }
        case java.security.cert.CertPathBuilderException _ -> {
          return "its certificate is signed by an unknown authority";
        }
        default -> {}
      }
    }
    String message = cause.getMessage();
    if (cause instanceof ConnectException && message == null) {
      return "connection refused";
    }
    return message == null ? cause.getClass().getSimpleName() : line(message);
  }

  /** Whether the name has no address: asking again at once gives no other answer. */
  public static boolean isUnknownHost(Throwable failure) {
    Throwable at = failure;
    while (at != null
        && !(at instanceof UnresolvedAddressException || at instanceof UnknownHostException)) {
      at = at.getCause();
    }
    return at != null;
  }

  /** A stranger's text as a part of one line: no control characters, and not too much of it. */
  public static String line(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    return clean.length() <= 200 ? clean : clean.substring(0, 200) + "…";
  }
}
