package dev.coffer.image.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expected failures, by their kind. */
final class Failing {

  private Failing() {}

  /** Calls, and gives the failure that must come of it. */
  static ImageException fails(Kind kind, ThrowingCallable call) {
    ImageException failure =
        assertThatExceptionOfType(ImageException.class).isThrownBy(call).actual();
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    return failure;
  }
}
