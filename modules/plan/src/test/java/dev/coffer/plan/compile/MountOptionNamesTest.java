package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.Feature;
import dev.coffer.plan.TestHosts;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MountOptionNamesTest {
  static List<String> names() {
    return MountOptionNames.known(TestHosts.hybrid());
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachMeansSomething(String name) {
    MountOptions nothing = MountOptions.parse(List.of());
    boolean meansNothing = Set.of("defaults", "silent", "loud").contains(name);
    assertThat(MountOptions.parse(List.of(name)).equals(nothing)).isEqualTo(meansNothing);
  }

  /** The table of runtime-spec 1.3, config.md. */
  @Test
  void theyAreThoseOfTheSpecification() {
    assertThat(names())
        .contains(
            "async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime"
                .split(" "))
        .contains(
            "nodev nodiratime noexec noiversion nolazytime nomand norelatime nostrictatime nosuid"
                .split(" "))
        .contains(
            "nosymfollow private ratime rbind rdev rdiratime relatime remount rexec rnoatime rnodiratime"
                .split(" "))
        .contains(
            "rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw"
                .split(" "))
        .contains(
            "rshared rslave rstrictatime rsuid rsymfollow runbindable rw shared silent slave"
                .split(" "))
        .contains("strictatime suid symfollow sync tmpcopyup unbindable idmap ridmap".split(" "));
  }

  @Test
  void theyAreSorted() {
    assertThat(names()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whatTheKernelLacksIsNotSaid() {
    assertThat(MountOptionNames.known(TestHosts.without(Feature.IDMAP_MOUNTS)))
        .doesNotContain("idmap", "ridmap")
        .contains("rro");
  }
}
