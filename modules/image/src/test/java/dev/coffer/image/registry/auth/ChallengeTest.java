package dev.coffer.image.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChallengeTest {

  private static List<Challenge> parse(String... fields) {
    return Challenge.parse(List.of(fields));
  }

  @Test
  void readsBearer() {
    assertThat(
            parse(
                "Bearer realm=\"https://auth.example.org/token\",service=\"reg\","
                    + "scope=\"repository:a/b:pull,push\""))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example.org/token",
                    "service", "reg",
                    "scope", "repository:a/b:pull,push")));
  }

  @Test
  void readsSeveralInOneFieldAndInSeveral() {
    assertThat(parse("Basic realm=x, Bearer realm = \"y\" , error=invalid_token", "Negotiate"))
        .containsExactly(
            new Challenge("basic", Map.of("realm", "x")),
            new Challenge("bearer", Map.of("realm", "y", "error", "invalid_token")),
            new Challenge("negotiate", Map.of()));
  }

  @Test
  void readsQuotedPairs() {
    assertThat(parse("basic REALM=\"a \\\"b\\\", c\""))
        .containsExactly(new Challenge("basic", Map.of("realm", "a \"b\", c")));
  }

  @Test
  void endsWithWhateverComes() {
    assertThat(parse("", ",,,", "=", "Bearer realm=\"open", "Bearer ==", "Bearer \"x\""))
        .allSatisfy(challenge -> assertThat(challenge.scheme()).isEqualTo("bearer"));
  }

  @Test
  void scopesAreJoinedUnlessCovered() {
    assertThat(Scope.union(Set.of(Scope.push("a")), "repository:a:pull registry:catalog:* junk"))
        .map(Scope::toString)
        .containsExactly("registry:catalog:*", "repository:a:pull,push");
  }
}
