package dev.coffer.network.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that are given out and given back. */
class AddressPoolTest {

  private static AddressPool pool(String subnet, String gateway) {
    return pool(subnet, subnet, gateway);
  }

  private static AddressPool pool(String subnet, String range, String gateway) {
    return new AddressPool(Subnet.parse(subnet), Subnet.parse(range), Subnet.parseAddress(gateway));
  }

  private static List<String> all(AddressPool pool) {
    List<String> taken = new ArrayList<>();
    while (true) {
      var address = pool.take("x");
      if (address.isEmpty()) {
        return taken;
      }
      taken.add(Subnet.text(address.get()));
    }
  }

  private static InetAddress address(String text) {
    return Subnet.parseAddress(text);
  }

  @Test
  void allButTheNetworksOwnAreGivenOut() {
    assertThat(all(pool("10.1.0.0/29", "10.1.0.1")))
        .containsExactly("10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6");
    assertThat(all(pool("fd00::/126", "fd00::2"))).containsExactly("fd00::1", "fd00::3");
    assertThat(all(pool("10.1.0.0/31", "10.1.0.0"))).containsExactly("10.1.0.1");
    assertThat(all(pool("10.1.0.0/32", "10.1.0.0"))).isEmpty();
    assertThat(all(pool("10.1.0.0/16", "10.1.0.1"))).hasSize(65_533).doesNotHaveDuplicates();
  }

  @Test
  void onlyTheRangeIsGivenOutByItself() {
    AddressPool pool = pool("10.1.0.0/16", "10.1.5.0/30", "10.1.5.1");
    assertThat(all(pool)).containsExactly("10.1.5.0", "10.1.5.2", "10.1.5.3");
    assertThat(pool.take(address("10.1.0.9"), "y")).isEmpty();
    assertThat(pool.holder(address("10.1.0.9"))).contains("y");
  }

  @Test
  void whatWasGivenBackComesLast() {
    AddressPool pool = pool("10.1.0.0/29", "10.1.0.1");
    InetAddress first = pool.take("a").orElseThrow();
    pool.giveBack(first);
    assertThat(pool.holder(first)).isEmpty();
    assertThat(all(pool))
        .containsExactly("10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6", "10.1.0.2");
    pool.giveBack(address("10.1.0.4"));
    pool.giveBack(address("10.1.0.4"));
    assertThat(all(pool)).containsExactly("10.1.0.4");
  }

  @Test
  void aCertainAddressIsTakenOnce() {
    AddressPool pool = pool("10.1.0.0/29", "10.1.0.1");
    assertThat(pool.take(address("10.1.0.2"), "a")).isEmpty();
    assertThat(pool.take(address("10.1.0.2"), "b")).contains("a");
    assertThat(all(pool)).doesNotContain("10.1.0.2").hasSize(4);
    pool.pass(address("10.1.0.2"), "c");
    assertThat(pool.holder(address("10.1.0.2"))).contains("c");
    pool.pass(address("10.1.0.1"), "c");
    assertThat(pool.holder(address("10.1.0.1"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.2.0.1, not in subnet 10.1.0.0/24",
    "fd00::1, not in subnet 10.1.0.0/24",
    "10.1.0.1, it is the gateway's",
    "10.1.0.0, it is the network's own",
    "10.1.0.255, it is for all of the network"
  })
  void whatCanBeNobodysIsRefused(String address, String why) {
    AddressPool pool = pool("10.1.0.0/24", "10.1.0.1");
    assertThatThrownBy(() -> pool.take(address(address), "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid address \"" + address + "\": " + why);
    pool.giveBack(address(address));
    assertThat(all(pool)).doesNotContain(address).hasSize(253);
  }

  @Test
  void anAddressFarOutInAWideSubnetIsTaken() {
    AddressPool pool = pool("fd00::/64", "fd00::1");
    InetAddress far = address("fd00::ffff:ffff:ffff:ffff");
    assertThat(pool.take(far, "a")).isEmpty();
    assertThat(pool.take(far, "b")).contains("a");
    pool.giveBack(far);
    assertThat(pool.take(far, "b")).isEmpty();
    assertThat(pool.take("c").map(Subnet::text)).contains("fd00::2");
  }

  @Test
  void nobodyHasAnothersAddress() throws Exception {
    AddressPool pool = pool("10.1.0.0/20", "10.1.0.1");
    var held = ConcurrentHashMap.<InetAddress>newKeySet();
    List<Thread> threads = new ArrayList<>();
    var clashes = ConcurrentHashMap.<InetAddress>newKeySet();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 5000; round++) {
                      InetAddress mine = pool.take("x").orElseThrow();
                      if (!held.add(mine)) {
                        clashes.add(mine);
                      }
                      held.remove(mine);
                      pool.giveBack(mine);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(clashes).isEmpty();
    assertThat(all(pool)).hasSize(4093);
  }
}
