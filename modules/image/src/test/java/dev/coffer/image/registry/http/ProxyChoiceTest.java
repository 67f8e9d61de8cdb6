package dev.coffer.image.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.image.ImageException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyChoiceTest {

  private static String to(Map<String, String> environment, String address) throws Exception {
    return ProxyChoice.of(environment)
        .to(URI.create(address))
        .map(ProxyChoice.Proxy::toString)
        .orElse("direct");
  }

  @Test
  void choosesByScheme() throws Exception {
    Map<String, String> environment =
        Map.of("HTTP_PROXY", "http://one:1", "https_proxy", "two:2", "ALL_PROXY", "three:3");
    assertThat(to(environment, "http://r.io/")).isEqualTo("one:1");
    assertThat(to(environment, "https://r.io/")).isEqualTo("two:2");
    assertThat(to(Map.of("all_proxy", "three:3"), "https://r.io/")).isEqualTo("three:3");
    assertThat(to(Map.of("http_proxy", "one"), "http://r.io/")).isEqualTo("one:80");
    assertThat(to(Map.of(), "http://r.io/")).isEqualTo("direct");
  }

  @ParameterizedTest
  @CsvSource({
    "r.io, https://r.io/, direct",
    "r.io, https://a.r.io/, direct",
    "r.io, https://ar.io/, p:1",
    ".r.io, https://r.io/, p:1",
    ".r.io, https://a.r.io/, direct",
    "*.r.io, https://a.r.io/, direct",
    "r.io:443, https://r.io/, direct",
    "r.io:5000, https://r.io/, p:1",
    "*, https://r.io/, direct",
    "10.0.0.0/8, https://10.9.9.9/, direct",
    "10.0.0.0/8, https://11.9.9.9/, p:1",
    "fd00::/8, https://[fd12::1]:5000/, direct",
    "R.IO, https://r.io/, direct",
    "x, https://localhost:5000/, direct",
    "x, https://127.0.0.1/, direct",
    "x, https://[::1]/, direct",
  })
  void excepts(String exceptions, String address, String expected) throws Exception {
    assertThat(to(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", exceptions), address))
        .isEqualTo(expected);
  }

  @Test
  void readsCredentials() throws Exception {
    assertThat(
            ProxyChoice.of(Map.of("HTTPS_PROXY", "http://me:p%40ss+word@p:1"))
                .to(URI.create("https://r.io"))
                .orElseThrow()
                .authorization())
        .contains("Basic bWU6cEBzcyt3b3Jk");
  }

  @Test
  void refusesWhatItDoesNotSpeakWithoutTellingSecrets() {
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> to(Map.of("ALL_PROXY", "socks5://me:secret@p:1"), "https://r.io"))
        .withMessageContaining("socks5 proxies are not supported")
        .withMessageNotContaining("secret");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> to(Map.of("ALL_PROXY", "http://me:sec ret@p:1"), "https://r.io"))
        .withMessageNotContaining("ret@");
  }
}
