package dev.coffer.network.host;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A host of its own for each test. */
abstract class SiteFixture {
  Site site;

  @BeforeEach
  void build() throws Exception {
    site = new Site();
  }

  @AfterEach
  void demolish() throws Exception {
    site.close();
  }
}
