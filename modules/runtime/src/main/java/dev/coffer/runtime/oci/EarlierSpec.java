package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Pids;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a config of an earlier version of the specification says, in the words of the present. */
final class EarlierSpec {
  private static final Pattern BEFORE_1_3 = Pattern.compile("(0\\.[0-9]+|1\\.[0-2])\\..*");

  private EarlierSpec() {}

  /**
   * The same config for who reads the present version. Until 1.3 a limit of no processes was none
   * (config-linux.md, PIDs), and engines write it in that sense; since then it is one.
   */
  static Spec inPresentWords(Spec spec) {
    Optional<Resources> resources = spec.linux().flatMap(Linux::resources);
    boolean unlimited =
        BEFORE_1_3.matcher(spec.ociVersion()).matches()
            && resources.flatMap(Resources::pids).flatMap(Pids::limit).equals(Optional.of(0L));
    return unlimited ? withoutLimit(spec, resources.orElseThrow()) : spec;
  }

  private static Spec withoutLimit(Spec spec, Resources resources) {
    Resources present = resources.toBuilder().pids(Pids.of(-1)).build();
    return spec.toBuilder()
        .linux(spec.linux().orElseThrow().toBuilder().resources(present).build())
        .build();
  }
}
