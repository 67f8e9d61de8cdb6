package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.io.IOException;
import java.util.List;

/** Challenges without an end or a meaning, and servers of tokens. */
final class LoginMisbehaviours {
  private LoginMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        login("never believes a password", r -> challenges(r, "Basic realm=\"x\""), "login"),
        login(
            "wants to know who asks, but not how",
            r -> r.home().when("/v2/", exchange -> answered(exchange, 401)),
            "login"),
        login("wants a scheme that nobody has", r -> challenges(r, "Negotiate"), "login"),
        login("has a challenge that is none", r -> challenges(r, "=,,\"Bearer realm"), "login"),
        login(
            "has a challenge of a megabyte",
            r -> challenges(r, "Basic realm=\"" + "x".repeat(200_000) + "\""),
            "login"),
        login(
            "never believes a token",
            r -> tokens(r, exchange -> token(exchange, "{\"token\":\"t\"}")),
            "login"),
        login(
            "never believes a new token",
            r ->
                tokens(
                    r, exchange -> token(exchange, "{\"token\":\"t" + System.nanoTime() + "\"}")),
            "login"),
        login("gives no token", r -> tokens(r, exchange -> answered(exchange, 403)), "{elsewhere}"),
        token(
            "has no token server",
            "MALFORMED",
            r -> tokens(r, exchange -> answered(exchange, 404)),
            "{elsewhere}"),
        token(
            "has a token server that fails",
            "UNAVAILABLE",
            r -> tokens(r, exchange -> answered(exchange, 500)),
            "{elsewhere}"),
        token(
            "has a token server that stalls",
            "UNAVAILABLE",
            r -> tokens(r, exchange -> r.stall()),
            "{elsewhere}"),
        token(
            "has a token server that breaks off",
            "UNAVAILABLE",
            r ->
                tokens(
                    r,
                    exchange -> {
                      exchange.breakOff();
                      return true;
                    }),
            "{elsewhere}"),
        token(
            "has a token without an end",
            "MALFORMED|LIMIT_EXCEEDED",
            r ->
                tokens(
                    r, exchange -> HostileRegistry.flood(exchange.begin(200, 0), "{\"token\":\"")),
            "{elsewhere}"),
        token(
            "has a token that is no JSON",
            "MALFORMED",
            r -> tokens(r, exchange -> token(exchange, "<html>")),
            "{elsewhere}"),
        token(
            "has a token answer without a token",
            "MALFORMED",
            r -> tokens(r, exchange -> token(exchange, "{}")),
            "{elsewhere}"),
        token(
            "has a token with a line's end",
            "MALFORMED",
            r -> tokens(r, exchange -> token(exchange, "{\"token\":\"a\\r\\nX: y\"}")),
            "{elsewhere}"),
        token(
            "has a token that is a number",
            "MALFORMED",
            r -> tokens(r, exchange -> token(exchange, "{\"token\":7}")),
            "{elsewhere}"),
        token(
            "has its tokens in a file of this host",
            "MALFORMED",
            r -> challenges(r, "Bearer realm=\"file:///etc/passwd\"")),
        token("has its tokens nowhere", "MALFORMED", r -> challenges(r, "Bearer service=\"x\"")),
        token(
            "has its tokens at an address with a password",
            "MALFORMED",
            r -> challenges(r, "Bearer realm=\"http://a:b@127.0.0.1/\"")),
        succeeds(Action.PULL, "has tokens that live for no time", r -> lives(r, "-1")),
        succeeds(Action.PULL, "has tokens that live for ever", r -> lives(r, "1e300")));
  }

  private static Misbehaviour login(String title, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.PULL, title, "UNAUTHORIZED", deed, parts);
  }

  private static Misbehaviour token(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.PULL, title, kind, deed, parts);
  }

  private static boolean answered(Exchange exchange, int status) throws IOException {
    exchange.answer(status);
    return true;
  }

  private static boolean token(Exchange exchange, String text) throws IOException {
    exchange.answer(200, text);
    return true;
  }

  private static void challenges(HostileRegistry registry, String challenge) {
    registry
        .home()
        .when("/v2/", exchange -> answered(exchange.set("WWW-Authenticate", challenge), 401));
  }

  /** Wants tokens, which are to be had elsewhere for the password, and believes none. */
  private static void tokens(HostileRegistry registry, FakeRegistry.Handler handler) {
    registry.secretsMayGoElsewhere();
    registry.elsewhere().when("/token", handler);
    challenges(
        registry,
        "Bearer realm=\"http://%s/token\",service=\"s\"".formatted(registry.elsewhere().domain()));
  }

  private static void lives(HostileRegistry registry, String seconds) {
    tokens(
        registry,
        exchange -> token(exchange, "{\"token\":\"good\",\"expires_in\":" + seconds + "}"));
    registry
        .home()
        .when(
            "/v2/",
            exchange -> {
              if (exchange.header("Authorization").filter("Bearer good"::equals).isEmpty()) {
                return false;
              }
              registry.home().serve(exchange);
              return true;
            });
  }
}
