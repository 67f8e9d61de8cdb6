package dev.coffer.engine.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.Configs;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.local.Requests;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.plan.seccomp.KernelVersion;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Compares whole specs with files below src/test/resources/specs. To accept a change, run with
 * {@code COFFER_GOLDEN=write} in the environment and read the difference.
 */
class SpecBuilderTest {

  private static final Path GOLDEN = Path.of("src/test/resources/specs");

  @Test
  void theDefaultsAreDockers() throws IOException {
    golden("default", build(request().build(), false));
  }

  @Test
  void privilegedHasAllDevicesAndNothingMasked() throws IOException {
    golden(
        "privileged",
        build(
            request()
                .security(
                    new SecurityRequest(
                        true, List.of(), List.of(), List.of(), List.of(), Map.of(), false))
                .build(),
            true));
  }

  @Test
  void hostNamespacesAndMounts() throws IOException {
    golden(
        "host",
        build(
            request()
                .network(ContainerRequests.network("host"))
                .namespaces(new NamespaceRequest("host", "host", "host", "host", "host"))
                .mounts(
                    List.of(
                        new MountRequest.Bind("/src", "/srv/a", true, "rslave", false, true, true),
                        new MountRequest.Tmpfs("/tmp", false, "size=1m,exec,mode=1777")))
                .security(
                    new SecurityRequest(
                        false,
                        List.of("SYS_ADMIN"),
                        List.of("net_raw"),
                        List.of("no-new-privileges", "seccomp=unconfined"),
                        List.of(),
                        Map.of("kernel.shm_rmid_forced", "1"),
                        true))
                .build(),
            true));
  }

  @Test
  void dropAllThenAdd() {
    Spec spec =
        build(
            request()
                .security(
                    new SecurityRequest(
                        false,
                        List.of("CHOWN"),
                        List.of("ALL"),
                        List.of(),
                        List.of(),
                        Map.of(),
                        false))
                .build(),
            false);
    assertThat(spec.process().orElseThrow().capabilities().orElseThrow().bounding().bits())
        .isEqualTo(1);
  }

  @Test
  void theCgroupNamespaceFollowsTheHostsVersion() {
    assertThat(build(request().build(), true).linux().orElseThrow().namespace(NamespaceType.CGROUP))
        .isPresent();
    assertThat(
            build(request().build(), false).linux().orElseThrow().namespace(NamespaceType.CGROUP))
        .isEmpty();
  }

  @Test
  void unknownNamesAreErrors() {
    for (SecurityRequest wrong :
        List.of(
            security(List.of("FLY"), List.of()),
            security(List.of(), List.of("apparmor=docker-default")),
            security(List.of(), List.of("nonsense")))) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> build(request().security(wrong).build(), false))
          .withMessageStartingWith("cannot create container: ");
    }
  }

  private static SecurityRequest security(List<String> add, List<String> options) {
    return new SecurityRequest(false, add, List.of(), options, List.of(), Map.of(), false);
  }

  private static Requests request() {
    return Requests.of(ContainerRequests.of("busybox", List.of("true")));
  }

  private static Spec build(ContainerRequest request, boolean cgroupV2) {
    HostDevices devices =
        path -> List.of(new HostDevices.Node("/dev/fuse", false, 10, 229, 0x1b6, 0, 0));
    SpecFacts facts =
        new SpecFacts(
            "/c/rootfs",
            "/c",
            new Identity(0, 0, List.of(0L), "/root"),
            "/coffer",
            cgroupV2,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            devices,
            new SeccompProfiles(SeccompArch.X86_64, new KernelVersion(6, 18)));
    return SpecBuilder.build(Configs.config("abcdef012345", "web", request), facts);
  }

  private static void golden(String name, Spec spec) throws IOException {
    // The filter has golden tests of its own; here it only matters whether there is one.
    String text = Json.writePretty(withoutSyscalls(spec)) + "\n";
    Path file = GOLDEN.resolve(name + ".json");
    if ("write".equals(System.getenv("COFFER_GOLDEN"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
    assertThat(text).isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
  }

  private static JsonObject withoutSyscalls(Spec spec) {
    var json = spec.toJson();
    var linux = (JsonObject) json.get("linux").orElseThrow();
    var seccomp = linux.get("seccomp");
    return seccomp.isEmpty()
        ? json
        : json.with(
            "linux",
            linux.with("seccomp", ((JsonObject) seccomp.get()).without(List.of("syscalls"))));
  }
}
