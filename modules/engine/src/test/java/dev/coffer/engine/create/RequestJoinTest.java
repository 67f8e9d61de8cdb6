package dev.coffer.engine.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.Configs;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.local.Requests;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.MountPoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestJoinTest {

  @Test
  void anEmptyRequestIsTheImagesChoice() {
    ContainerConfig config = Configs.config("aa", "web");
    assertThat(config.process().arguments()).containsExactly("/entry", "serve");
    assertThat(config.process().workingDirectory()).isEqualTo("/work");
    assertThat(config.process().environment()).containsExactly("PATH=/bin", "LANG=C");
    assertThat(config.stopSignal()).isEqualTo("SIGINT");
    assertThat(config.exposedPorts()).containsExactly("80/tcp");
    assertThat(config.mounts())
        .singleElement()
        .satisfies(
            mount -> {
              assertThat(mount.kind()).isEqualTo(MountPoint.Kind.VOLUME);
              assertThat(mount.target()).isEqualTo("/data");
              assertThat(mount.anonymous()).isTrue();
            });
  }

  @Test
  void argumentsReplaceTheCommandAlone() {
    assertThat(Configs.config("aa", "web", "x", "y").process().arguments())
        .containsExactly("/entry", "x", "y");
  }

  @Test
  void anotherEntrypointDropsTheImagesCommand() {
    assertThat(join(process(Optional.of(List.of("sh")), List.of())).process().arguments())
        .containsExactly("sh");
    assertThat(join(process(Optional.of(List.of()), List.of("ls"))).process().arguments())
        .containsExactly("ls");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> join(process(Optional.of(List.of()), List.of())))
        .extracting(EngineException::kind)
        .isEqualTo(Kind.INVALID);
  }

  @Test
  void aMountTakesThePlaceOfTheImagesVolume() {
    ContainerRequest request =
        Requests.of(ContainerRequests.of("busybox", List.of("true")))
            .mounts(List.of(new MountRequest.Tmpfs("/data/", false, "")))
            .build();
    assertThat(Configs.config("aa", "web", request).mounts())
        .extracting(MountPoint::kind)
        .containsExactly(MountPoint.Kind.TMPFS);
  }

  @Test
  void contradictionsAreRefusedWithTheWayOut() {
    refused(request().network(publishing("none", "80:80")), Kind.INVALID);
    refused(request().network(publishing("bridge", "80:x")), Kind.INVALID);
    refused(request().restart("sometimes", 0), Kind.INVALID);
    refused(request().restart("always", 3), Kind.INVALID);
    refused(request().name("-x"), Kind.INVALID);
    refused(
        request()
            .mounts(
                List.of(
                    new MountRequest.Tmpfs("/a", false, ""),
                    new MountRequest.Tmpfs("/a/", false, ""))),
        Kind.INVALID);
  }

  private static NetworkRequest publishing(String mode, String port) {
    return new NetworkRequest(
        mode,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(port),
        List.of(),
        false);
  }

  private static Requests request() {
    return Requests.of(ContainerRequests.of("busybox", List.of("true")));
  }

  private static void refused(Requests request, Kind kind) {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> RequestCheck.check(request.build(), 2))
        .withMessageStartingWith("cannot create container: ")
        .extracting(EngineException::kind)
        .isEqualTo(kind);
  }

  private static ContainerConfig join(ProcessRequest process) {
    return Configs.config("aa", "web", request().process(process).build());
  }

  private static ProcessRequest process(Optional<List<String>> entrypoint, List<String> command) {
    return new ProcessRequest(
        entrypoint,
        command,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        false,
        true,
        true,
        0,
        0,
        false,
        Optional.empty());
  }
}
