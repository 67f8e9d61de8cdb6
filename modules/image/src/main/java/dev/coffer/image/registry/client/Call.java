package dev.coffer.image.registry.client;

import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.http.Request.Content;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something to ask of a registry.
 *
 * @param method such as GET
 * @param target a path below the API's root, or an absolute address that the registry gave
 * @param headers header fields
 * @param content what is sent along
 * @param scopes what a token must allow
 */
record Call(
    String method,
    String target,
    Map<String, String> headers,
    Optional<Content> content,
    Set<Scope> scopes) {

  Call {
    headers = Map.copyOf(headers);
    scopes = Set.copyOf(scopes);
  }

  static Call of(String method, String target, Scope... scopes) {
    return new Call(method, target, Map.of(), Optional.empty(), Set.of(scopes));
  }

  Call with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Call(method, target, more, content, scopes);
  }

  Call sending(String mediaType, Content bytes) {
    return new Call(
        method, target, with("Content-Type", mediaType).headers, Optional.of(bytes), scopes);
  }

  boolean reads() {
    return method.equals("GET") || method.equals("HEAD");
  }
}
