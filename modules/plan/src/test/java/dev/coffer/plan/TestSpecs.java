package dev.coffer.plan;

import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Specs to compile. */
public final class TestSpecs {
  private TestSpecs() {}

  /** What {@code coffer run busybox echo hello} asks for. */
  public static Spec standard() {
    return read("standard.json");
  }

  /** A spec of this package's resources. */
  public static Spec read(String name) {
    try (InputStream in = TestSpecs.class.getResourceAsStream(name)) {
      return Spec.parse(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
