package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Saving and restoring where criu works, and what is said where it does not: whether it does is
 * asked of criu itself. conformance/vm has a host on which it works.
 */
class CheckpointIT extends OciSuite {

  private static boolean criuWorks() {
    try {
      Process check =
          new ProcessBuilder("criu", "check")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return check.waitFor(20, TimeUnit.SECONDS) && check.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @TestFactory
  Stream<DynamicNode> checkpoint() {
    Path images = workspace().directory().resolve("images");
    String path = images.toString();
    return Stream.of(
        group(
            "a container that runs",
            () -> started(b -> {}),
            container ->
                criuWorks()
                    ? Stream.of(
                        check(
                            "is saved",
                            () -> container.verb("checkpoint", "--image-path", path).ok()),
                        check("and gone", () -> container.verb("state").fails("exist")),
                        check(
                            "is restored",
                            () ->
                                container
                                    .born("restore", "--detach", "--image-path", path)
                                    .finish()
                                    .ok()),
                        check("it runs", () -> assertThat(container.status()).isEqualTo("running")))
                    : Stream.of(
                        check(
                            "cannot be saved, which is criu's fault",
                            () -> container.verb("checkpoint", "--image-path", path).fails("criu")),
                        check(
                            "it runs on",
                            () -> assertThat(container.status()).isEqualTo("running")),
                        check(
                            "the same with --leave-running",
                            () ->
                                container
                                    .verb("checkpoint", "--leave-running", "--image-path", path)
                                    .fails("criu")),
                        check("exec works", () -> container.exec("true").ok()))),
        group(
            "a container that is only created",
            () -> {
              Container container = container(Bundle::stays);
              container.create().ok();
              return container;
            },
            container ->
                Stream.of(
                    check(
                        "is not saved",
                        () ->
                            container.verb("checkpoint", "--image-path", path).fails("created")))),
        check(
            "what does not exist",
            () -> runtime().run("checkpoint", "--image-path", path, "none").fails("not exist")));
  }

  @TestFactory
  Stream<DynamicNode> restore() {
    Path nowhere = workspace().directory().resolve("nowhere");
    return Stream.of(
        group(
            "an image that is not there",
            () -> {
              Container container = container(Bundle::stays);
              Result result =
                  container
                      .born("restore", "--detach", "--image-path", nowhere.toString())
                      .finish();
              return Stream.of(
                  check("is an error", () -> result.fails()),
                  check("there is no container", () -> container.verb("state").fails("exist")),
                  check("nothing is left", () -> container.leftovers().assertNone()));
            }),
        group(
            "an id that is taken",
            () -> started(b -> {}),
            container ->
                Stream.of(
                    check(
                        "is refused",
                        () ->
                            container
                                .born("restore", "--detach", "--image-path", nowhere.toString())
                                .finish()
                                .fails("exist")),
                    check(
                        "it runs on", () -> assertThat(container.status()).isEqualTo("running")))));
  }
}
