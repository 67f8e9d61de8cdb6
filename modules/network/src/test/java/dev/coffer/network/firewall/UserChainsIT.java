package dev.coffer.network.firewall;

import static dev.coffer.network.firewall.Lab.forward;
import static dev.coffer.network.lab.Host.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets on hosts whose packet filter has rules of dockerd, of ufw, or of both. */
class UserChainsIT extends LabFixture {
  private static final Duration SOON = Duration.ofSeconds(1);

  @BeforeEach
  void open() throws Exception {
    firewall = lab.firewall();
    firewall.replace(List.of(Lab.bridge(1), Lab.bridge(2)), List.of());
  }

  private void publishWeb() throws Exception {
    firewall.publish(
        List.of(
            forward(Protocol.TCP, "0.0.0.0", 8080, "172.30.1.2", 80),
            forward(Protocol.TCP, "::", 8080, "fd00:1::2", 80)));
  }

  /** The chains that dockerd makes by iptables. */
  private static void dockerBegins() throws Exception {
    for (String family : List.of("ip", "ip6")) {
      lab.host.shell(
          """
          nft -f - <<END
          table FAMILY filter {
            chain DOCKER-USER {
              counter return
            }
            chain FORWARD {
              type filter hook forward priority filter; policy drop;
              counter jump DOCKER-USER
              oifname "docker0" ct state related,established counter accept
            }
          }
          END
          """
              .replace("FAMILY", family));
    }
  }

  private static String dockerUser() throws Exception {
    return lab.host
        .shell("nft list chain ip filter DOCKER-USER | grep -E 'accept|drop|return'")
        .replaceAll("counter packets [0-9]+ bytes [0-9]+ ", "")
        .replaceAll("(?m)^\\s+", "");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dockersPolicyDoesNotConcernUs(boolean first) throws Exception {
    if (first) {
      dockerBegins();
      firewall.put(Lab.bridge(1));
    }
    publishWeb();
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.other.serveTcp(7000)) {
      if (!first) {
        dockerBegins();
      }
      WaitFor.condition("it passes", SOON, () -> dockerUser().contains("br1"));
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      // The first question for an IPv6 neighbour may come before the kernel hears it.
      WaitFor.condition(
          "IPv6 passes",
          Duration.ofSeconds(5),
          () -> lab.other.tcp("2001:db8::1", 8080).equals("2001:db8::2"));
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      assertThat(lab.other.tcp("172.30.1.2", 80)).as("what is not published").isEqualTo(SILENCE);
      assertThat(dockerUser())
          .startsWith(
              "iifname \"coffer*\" accept\noifname \"coffer*\" accept\niifname \"cf-*\" accept\n")
          .endsWith("return\n");

      lab.host.shell("nft insert rule ip filter DOCKER-USER iifname eth0 tcp dport 80 drop");
      assertThat(lab.other.tcp("192.0.2.1", 8080)).as("an administrator's word").isEqualTo(SILENCE);
      lab.host.shell(
          "nft delete rule ip filter DOCKER-USER handle $(nft -a list chain ip filter DOCKER-USER"
              + " | sed -n 's/.*dport 80 drop # handle //p')");
      lab.host.shell("nft add rule ip filter DOCKER-USER iifname eth0 tcp dport 80 drop");
      answers(SILENCE);
      lab.host.shell("nft flush chain ip filter DOCKER-USER");
      WaitFor.condition("it passes again", SOON, () -> dockerUser().contains("br1"));
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      firewall.remove("br1");
      assertThat(dockerUser()).doesNotContain("br1").contains("br2");
      firewall.clear();
      assertThat(lab.host.shell("nft list chain ip filter DOCKER-USER")).doesNotContain("accept");
    } finally {
      lab.host.shell("nft delete table ip filter; nft delete table ip6 filter");
    }
  }

  /** What ufw makes by iptables, as far as it matters here. */
  private static void ufwBegins() throws Exception {
    lab.host.shell(
        """
        nft -f - <<END
        table ip filter {
          chain ufw-user-forward {
          }
          chain ufw-user-input {
          }
          chain FORWARD {
            type filter hook forward priority filter; policy drop;
            ct state related,established counter accept
            counter jump ufw-user-forward
          }
          chain INPUT {
            type filter hook input priority filter; policy drop;
            ct state related,established counter accept
            counter jump ufw-user-input
          }
        }
        END
        """);
  }

  private static void answers(String expected) {
    WaitFor.condition(expected, SOON, () -> lab.other.tcp("192.0.2.1", 8080).equals(expected));
  }

  @Test
  void ufwSaysWhatComesInAndContainersGoOut() throws Exception {
    publishWeb();
    ufwBegins();
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.other.serveTcp(7000)) {
      WaitFor.condition(
          "containers go out",
          SOON,
          () -> lab.host.shell("nft list chain ip filter ufw-user-forward").contains("br1"));
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      answers(SILENCE);
      lab.host.shell("nft add rule ip filter ufw-user-input tcp dport 8080 accept");
      answers("192.0.2.2");
      assertThat(lab.other.tcp("172.30.1.2", 80)).as("what is not published").isEqualTo(SILENCE);
      // As "ufw route deny" adds it: behind what stands there.
      lab.host.shell("nft add rule ip filter ufw-user-forward ip daddr 172.30.1.2 drop");
      answers(SILENCE);
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
    } finally {
      lab.host.shell("nft delete table ip filter");
    }
  }

  /** As ufw's rules stand behind dockerd's where both are on a host, and as ufw goes again. */
  @Test
  void ufwKeepsItsWordBehindDockers() throws Exception {
    publishWeb();
    dockerBegins();
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.other.serveTcp(7000)) {
      WaitFor.condition("it passes", SOON, () -> dockerUser().contains("oifname \"br1\""));
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");

      ufwBegins();
      WaitFor.condition(
          "dockerd's chain lets nothing in", SOON, () -> !dockerUser().contains("oifname"));
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      answers(SILENCE);
      lab.host.shell("nft add rule ip filter ufw-user-input tcp dport 8080 accept");
      answers("192.0.2.2");
      // As "ufw route deny" adds it: behind what stands there.
      lab.host.shell("nft add rule ip filter ufw-user-forward ip daddr 172.30.1.2 drop");
      answers(SILENCE);
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");

      lab.host.shell(
          "nft flush chain ip filter FORWARD; nft add rule ip filter FORWARD jump DOCKER-USER;"
              + " nft delete chain ip filter ufw-user-forward; nft delete chain ip filter INPUT");
      WaitFor.condition("it passes again", SOON, () -> dockerUser().contains("oifname \"br1\""));
      answers("192.0.2.2");
    } finally {
      lab.host.shell("nft delete table ip filter; nft delete table ip6 filter");
    }
  }
}
