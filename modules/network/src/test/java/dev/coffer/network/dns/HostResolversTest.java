package dev.coffer.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.address.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's resolv.conf. */
class HostResolversTest {
  @TempDir private Path directory;
  private Path file;
  private HostResolvers resolvers;

  @BeforeEach
  void hasFiles() throws IOException {
    file = directory.resolve("resolv.conf");
    Path stub = directory.resolve("stub.conf");
    Files.writeString(stub, "nameserver 127.0.0.1\nnameserver 192.0.2.9\n");
    resolvers = new HostResolvers(file, stub);
  }

  private static List<InetAddress> addresses(String... texts) {
    return List.of(texts).stream().map(Subnet::parseAddress).toList();
  }

  @Test
  void isReadAsTheCLibraryReadsIt() {
    ResolvConf read =
        ResolvConf.parse(
            """
            # nameserver 192.0.2.1
            ; nameserver 192.0.2.2
            nameserver 192.0.2.3 # the office
              nameserver\t2001:db8::1
            nameserver fe80::1%no-such-device
            nameserver example.org
            nameserver
            search old.example
            search a.example  b.example
            options ndots:2 timeout:x
            options edns0 ndots:3
            sortlist 10.0.0.0
            """);
    assertThat(read.servers()).isEqualTo(addresses("192.0.2.3", "2001:db8::1"));
    assertThat(read.search()).containsExactly("a.example", "b.example");
    assertThat(read.options()).containsExactly("ndots:2", "timeout:x", "edns0", "ndots:3");
    assertThat(read.ndots()).isEqualTo(3);
    assertThat(read.option("timeout", 5)).isEqualTo(5);
    assertThat(read.option("attempts", 2)).isEqualTo(2);
  }

  @Test
  void isReadAgainWhenItHasChanged() throws IOException {
    assertThat(resolvers.servers()).isEqualTo(servers("127.0.0.1"));
    Files.writeString(file, "nameserver 192.0.2.1\n");
    assertThat(resolvers.servers()).isEqualTo(servers("192.0.2.1"));
    Path other = directory.resolve("new");
    Files.writeString(other, "nameserver 192.0.2.2\n");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(resolvers.servers()).isEqualTo(servers("192.0.2.2"));
    assertThat(resolvers.settings()).isSameAs(resolvers.settings());
    Files.delete(file);
    assertThat(resolvers.servers()).isEqualTo(servers("127.0.0.1"));
  }

  private static List<InetSocketAddress> servers(String address) {
    return List.of(new InetSocketAddress(Subnet.parseAddress(address), 53));
  }

  @Test
  void otherNetworksDoNotSeeLoopbackServers() throws IOException {
    Files.writeString(file, "nameserver 127.0.0.53\nsearch a.example\noptions ndots:2\n");
    assertThat(resolvers.servers()).isEqualTo(servers("127.0.0.53"));
    ResolvConf elsewhere = resolvers.fromOtherNetworks();
    assertThat(elsewhere.servers()).isEqualTo(addresses("192.0.2.9"));
    assertThat(elsewhere.search()).containsExactly("a.example");
    assertThat(elsewhere.ndots()).isEqualTo(2);
    Files.writeString(file, "nameserver ::1\nnameserver 192.0.2.1\n");
    assertThat(resolvers.fromOtherNetworks().servers()).isEqualTo(addresses("192.0.2.1"));
  }

  @Test
  void hugeFilesAreCutOff() throws IOException {
    Files.writeString(file, "nameserver 192.0.2.1\n".repeat(100_000));
    assertThat(resolvers.servers()).hasSizeLessThan(100);
  }
}
