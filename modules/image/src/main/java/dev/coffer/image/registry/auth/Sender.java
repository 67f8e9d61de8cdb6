package dev.coffer.image.registry.auth;

import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Request;
import java.io.IOException;

/** Sends a request as it is, to wherever it says. */
@FunctionalInterface
public interface Sender {
  /** Sends it. */
  Answer send(Request request) throws IOException;
}
