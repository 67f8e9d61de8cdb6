package dev.coffer.network.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.address.Subnet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's tables of sockets, as little-endian machines have them. */
class PortHoldersTest {
  private static final String TCP =
      """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1
         1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1
         2: 0100007F:1F92 0100007F:9C40 06 00000000:00000000 03:00000000 00000000     0        0 0 3
      """;
  private static final String TCP6 =
      """
        sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 201 1
         1: B80D0120000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 202 1
      """;

  private static Set<String> find(String table, String address, int port) {
    return PortHolders.sockets(table, true, Subnet.parseAddress(address), port);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 8080, 101",
    "192.0.2.1, 8080, 101",
    "127.0.0.1, 8081, 102",
    "0.0.0.0, 8081, 102"
  })
  void whoListensIsFound(String address, int port, String inode) {
    assertThat(find(TCP, address, port)).containsExactly("socket:[" + inode + "]");
  }

  @ParameterizedTest
  @CsvSource({"::, 8080, 201", "0.0.0.0, 8080, 201", "2001:db8::1, 8081, 202", "::, 8081, 202"})
  void whoListensByIpv6IsFound(String address, int port, String inode) {
    assertThat(find(TCP6, address, port)).containsExactly("socket:[" + inode + "]");
  }

  @Test
  void othersAreNot() {
    assertThat(find(TCP, "0.0.0.0", 8082)).isEmpty();
    assertThat(find(TCP, "192.0.2.1", 8081)).isEmpty();
    assertThat(find(TCP6, "2001:db8::2", 8081)).isEmpty();
    assertThat(find("", "0.0.0.0", 1)).isEmpty();
  }
}
