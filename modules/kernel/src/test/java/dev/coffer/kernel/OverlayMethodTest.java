package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OverlayMethodTest {
  private static final OverlayMethod.Attempt TAKEN = () -> "taken";

  private static OverlayMethod.Attempt refused(Errno error) {
    return () -> {
      throw new KernelException("fsconfig", error.number(), "overlay", "lowerdir+");
    };
  }

  @Test
  void descriptorsAreBest() throws KernelException {
    assertThat(OverlayMethod.of(TAKEN, refused(Errno.EINVAL))).isEqualTo(OverlayMethod.DESCRIPTORS);
  }

  @Test
  void namesAreNext() throws KernelException {
    assertThat(OverlayMethod.of(refused(Errno.EINVAL), TAKEN)).isEqualTo(OverlayMethod.NAMES);
    assertThat(OverlayMethod.of(refused(Errno.EINVAL), refused(Errno.EINVAL)))
        .isEqualTo(OverlayMethod.ONE_OPTION);
  }

  @Test
  void aKernelThatTakesEveryNameHasOneOption() throws KernelException {
    assertThat(OverlayMethod.of(refused(Errno.EOPNOTSUPP), TAKEN))
        .isEqualTo(OverlayMethod.ONE_OPTION);
  }

  @Test
  void anyOtherRefusalIsAFailure() {
    assertThatThrownBy(() -> OverlayMethod.of(refused(Errno.EPERM), TAKEN))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("EPERM");
  }
}
