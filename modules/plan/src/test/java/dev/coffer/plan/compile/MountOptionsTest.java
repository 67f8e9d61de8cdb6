package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.wire.Kernel;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountOptionsTest {
  private static MountOptions parse(String... options) {
    return MountOptions.parse(List.of(options));
  }

  @Test
  void theLaterOfTwoOppositesWins() {
    MountOptions options = parse("ro", "rw", "suid", "nosuid");
    assertThat(options.set()).isEqualTo(Kernel.MOUNT_ATTR_NOSUID);
    assertThat(options.clear()).isEqualTo(Kernel.MOUNT_ATTR_RDONLY);
  }

  @Test
  void accessTimeIsOneField() {
    MountOptions options = parse("noatime", "strictatime");
    assertThat(options.set()).isEqualTo(Kernel.MOUNT_ATTR_STRICTATIME);
    assertThat(options.clear()).isEqualTo(Kernel.MOUNT_ATTR_ATIME);
  }

  @Test
  void recursiveAttributesAreApart() {
    MountOptions options = parse("rbind", "ro", "rro", "rnoexec");
    assertThat(options.recursiveBind()).isTrue();
    assertThat(options.set()).isEqualTo(Kernel.MOUNT_ATTR_RDONLY);
    assertThat(options.recursiveSet())
        .isEqualTo(Kernel.MOUNT_ATTR_RDONLY | Kernel.MOUNT_ATTR_NOEXEC);
  }

  @Test
  void propagationKnowsBothReaches() {
    assertThat(parse("rslave").propagation()).isEqualTo(Kernel.MS_SLAVE);
    assertThat(parse("rslave").recursivePropagation()).isTrue();
    assertThat(parse("shared").recursivePropagation()).isFalse();
  }

  @Test
  void whatIsLeftIsForTheFileSystem() {
    assertThat(parse("nosuid", "size=64k", "newinstance").data())
        .containsExactly("size=64k", "newinstance");
  }

  @Test
  void anEmptyOptionIsNone() {
    assertThat(parse("", "size=64k", "").data()).containsExactly("size=64k");
  }

  @Test
  void whatIsForTheFileSystemIsOneTextForTheKernel() {
    assertThat(MountOptions.split(List.of("size=64k,mode=700", "uid=5", ",")))
        .containsExactly("size=64k", "mode=700", "uid=5");
    assertThat(MountOptions.split(List.of("context=\"u:r:t:s0:c1,c2\",nr_inodes=9", "a=b\\,c")))
        .containsExactly("context=\"u:r:t:s0:c1,c2\"", "nr_inodes=9", "a=b\\,c");
  }

  @Test
  void anIdMapMayBringItsRanges() {
    MountOptions options = parse("bind", "ridmap=uids=0-1-2;gids=0-3-4");
    assertThat(options.recursiveIdMap()).isTrue();
    assertThat(options.maps()).contains("uids=0-1-2;gids=0-3-4");
    assertThat(options.data()).isEmpty();
    assertThat(parse("idmap=").idMapped()).isTrue();
    assertThat(parse("idmap=").maps()).isEmpty();
  }
}
