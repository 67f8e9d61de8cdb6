package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Ports of the loopback device. */
class InternetSocketTest {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void aPortIsHeld() throws Exception {
    for (int protocol : new int[] {TCP, UDP}) {
      try (Fd socket = InternetSocket.open(false, protocol);
          Fd other = InternetSocket.open(false, protocol)) {
        assertThat(InternetSocket.port(socket)).isZero();
        InternetSocket.bind(socket, LOOPBACK, 0);
        int port = InternetSocket.port(socket);
        assertThat(port).isPositive();
        assertThatThrownBy(() -> InternetSocket.bind(other, LOOPBACK, port))
            .isInstanceOfSatisfying(
                KernelException.class, e -> assertThat(e.is(Errno.EADDRINUSE)).isTrue())
            .hasMessageContaining("\"127.0.0.1\", " + port);
      }
    }
  }

  @Test
  void aPortOfIpv6IsNotThatOfIpv4() throws Exception {
    try (Fd four = InternetSocket.open(false, TCP);
        Fd six = InternetSocket.open(true, TCP)) {
      InternetSocket.bind(four, InetAddress.ofLiteral("0.0.0.0"), 0);
      int port = InternetSocket.port(four);
      InternetSocket.bind(six, InetAddress.ofLiteral("::"), port);
      assertThat(InternetSocket.port(six)).isEqualTo(port);
    }
  }
}
