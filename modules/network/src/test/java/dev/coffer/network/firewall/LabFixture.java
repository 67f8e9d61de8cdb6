package dev.coffer.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** One lab for all tests of a class, a packet filter for each, and nothing left of that. */
abstract class LabFixture {
  static Lab lab;

  /** Opened by each test as it needs it. */
  NftFirewall firewall;

  @BeforeAll
  static void build() throws Exception {
    lab = new Lab();
  }

  @AfterAll
  static void demolish() {
    lab.close();
  }

  @AfterEach
  void close() throws Exception {
    firewall.clear();
    firewall.close();
    assertThat(lab.host.shell("nft list ruleset")).isEmpty();
  }
}
