package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.request.CallerFiles;
import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeConsole;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequest.PullPolicy;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.ResourceRequest.Ulimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each option of run and create asks the engine for. */
class ContainerRequestsTest {

  private final FakeEngine engine =
      new FakeEngine()
          .on(NameInStore.class, NameInStore::name)
          .on(Create.class, create -> new Created("id", "name", List.of()));
  private final Cli cli = new Cli(engine);

  private ContainerRequest create(String... options) {
    List<String> words = new ArrayList<>(List.of("create"));
    words.addAll(List.of(options));
    words.addAll(List.of("image", "command", "-x"));
    Cli.Result result = cli.run(words.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return engine.only(Create.class).request();
  }

  private static Arguments row(String options, Function<ContainerRequest, ?> field, Object value) {
    return Arguments.of(options, field, value);
  }

  static Stream<Arguments> options() {
    return Stream.of(
        row("", ContainerRequest::image, "image"),
        row("", r -> r.process().command(), List.of("command", "-x")),
        row("", r -> r.network().mode(), "default"),
        row("", r -> r.logging().driver(), "json-file"),
        row("", r -> r.lifecycle().restartPolicy(), "no"),
        row("", r -> r.process().attachStdout(), true),
        row("", r -> r.process().attachStdin(), false),
        row("--name web", ContainerRequest::name, Optional.of("web")),
        row("--platform linux/arm64", ContainerRequest::platform, Optional.of("linux/arm64")),
        row("--pull always -q", ContainerRequest::pull, PullPolicy.ALWAYS),
        row("--pull=never", ContainerRequest::pull, PullPolicy.NEVER),
        row("--runtime x", ContainerRequest::runtime, Optional.of("x")),
        row("-l a=1 --label b", ContainerRequest::labels, Map.of("a", "1", "b", "")),
        row("--annotation a=1", ContainerRequest::annotations, Map.of("a", "1")),
        row("--entrypoint /x", r -> r.process().entrypoint(), Optional.of(List.of("/x"))),
        row("--entrypoint=", r -> r.process().entrypoint(), Optional.of(List.of())),
        row(
            "-eA=1 -e B= --env C=x=y",
            r -> r.process().environment(),
            List.of("A=1", "B=", "C=x=y")),
        row("-u 1:2", r -> r.process().user(), Optional.of("1:2")),
        row("-w /w", r -> r.process().workingDirectory(), Optional.of("/w")),
        row("-i", r -> r.process().openStdin(), true),
        row("-i", r -> r.process().stdinOnce(), true),
        row("-i", r -> r.process().attachStdin(), true),
        row("-a stdout", r -> r.process().attachStderr(), false),
        row("-i -a stdout", r -> r.process().stdinOnce(), false),
        row("-a STDERR -a stdin", r -> r.process().attachStdin(), true),
        row("-t", r -> r.process().terminal(), true),
        row("--init", r -> r.process().init(), true),
        row("--memory 64m", r -> r.resources().memoryBytes(), Optional.of(64L << 20)),
        row("-m64m", r -> r.resources().memoryBytes(), Optional.of(64L << 20)),
        row("--memory-swap -1", r -> r.resources().memorySwapBytes(), Optional.of(-1L)),
        row(
            "--memory-reservation 1g",
            r -> r.resources().memoryReservationBytes(),
            Optional.of(1L << 30)),
        row("--memory-swappiness 60", r -> r.resources().memorySwappiness(), Optional.of(60)),
        row("--memory-swappiness -1", r -> r.resources().memorySwappiness(), Optional.empty()),
        row("--oom-kill-disable", r -> r.resources().oomKillDisable(), true),
        row("--cpus 1.5", r -> r.resources().nanoCpus(), Optional.of(1_500_000_000L)),
        row("-c 512", r -> r.resources().cpuShares(), Optional.of(512L)),
        row("--cpu-period 1000", r -> r.resources().cpuPeriodMicros(), Optional.of(1000L)),
        row("--cpu-quota 500", r -> r.resources().cpuQuotaMicros(), Optional.of(500L)),
        row("--cpu-rt-period 9", r -> r.resources().cpuRealtimePeriodMicros(), Optional.of(9L)),
        row("--cpu-rt-runtime 8", r -> r.resources().cpuRealtimeRuntimeMicros(), Optional.of(8L)),
        row("--cpuset-cpus 0-2", r -> r.resources().cpusetCpus(), Optional.of("0-2")),
        row("--cpuset-mems 0", r -> r.resources().cpusetMems(), Optional.of("0")),
        row("--pids-limit 20", r -> r.resources().pidsLimit(), Optional.of(20L)),
        row("--blkio-weight 300", r -> r.resources().blkioWeight(), Optional.of(300)),
        row("--blkio-weight 0", r -> r.resources().blkioWeight(), Optional.empty()),
        row(
            "--blkio-weight-device /dev/a:1",
            r -> r.resources().blkioWeightDevices(),
            List.of("/dev/a:1")),
        row(
            "--device-read-bps /dev/a:1m",
            r -> r.resources().deviceReadBps(),
            List.of("/dev/a:1048576")),
        row(
            "--device-write-bps /dev/a:1mb",
            r -> r.resources().deviceWriteBps(),
            List.of("/dev/a:1048576")),
        row(
            "--device-read-iops /dev/a:9",
            r -> r.resources().deviceReadIops(),
            List.of("/dev/a:9")),
        row(
            "--device-write-iops /dev/a:9",
            r -> r.resources().deviceWriteIops(),
            List.of("/dev/a:9")),
        row("--device /dev/fuse", r -> r.resources().devices(), List.of("/dev/fuse")),
        row(
            "--ulimit nofile=1:2 --ulimit core=0",
            r -> r.resources().ulimits(),
            Map.of("nofile", new Ulimit(1, 2), "core", new Ulimit(0, 0))),
        row("--shm-size 2m", r -> r.resources().shmSizeBytes(), Optional.of(2L << 20)),
        row("--oom-score-adj -500", r -> r.resources().oomScoreAdj(), Optional.of(-500)),
        row("--cgroup-parent /x", r -> r.resources().cgroupParent(), Optional.of("/x")),
        row("--privileged", r -> r.security().privileged(), true),
        row("--cap-add A --cap-add=B", r -> r.security().capAdd(), List.of("A", "B")),
        row("--cap-drop ALL", r -> r.security().capDrop(), List.of("ALL")),
        row("--group-add 7 --group-add x", r -> r.security().groupAdd(), List.of("7", "x")),
        row("--sysctl a.b=1", r -> r.security().sysctls(), Map.of("a.b", "1")),
        row("--read-only", r -> r.security().readOnlyRootfs(), true),
        row(
            "--security-opt no-new-privileges --security-opt seccomp=unconfined --security-opt label:disable",
            r -> r.security().securityOptions(),
            List.of("no-new-privileges", "seccomp=unconfined", "label=disable")),
        row("--pid host", r -> r.namespaces().pid(), "host"),
        row("--ipc container:x", r -> r.namespaces().ipc(), "container:x"),
        row("--uts host", r -> r.namespaces().uts(), "host"),
        row("--userns host", r -> r.namespaces().user(), "host"),
        row("--cgroupns private", r -> r.namespaces().cgroup(), "private"),
        row("--network none", r -> r.network().mode(), "none"),
        row("--network name=host", r -> r.network().mode(), "host"),
        row("--network web", r -> r.network().endpoints(), List.of()),
        row(
            "--network web --network name=db,alias=a,ip=10.0.0.2,gw-priority=3 --network-alias b",
            r -> r.network().endpoints(),
            List.of(
                new EndpointRequest(
                    "web",
                    List.of("b"),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0),
                new EndpointRequest(
                    "db",
                    List.of("a"),
                    List.of(),
                    Optional.of("10.0.0.2"),
                    Optional.empty(),
                    Optional.empty(),
                    3))),
        row(
            "--net web --ip 10.0.0.2 --ip6 fd00::2 --link a:b",
            r -> r.network().endpoints(),
            List.of(
                new EndpointRequest(
                    "web",
                    List.of(),
                    List.of("a:b"),
                    Optional.of("10.0.0.2"),
                    Optional.of("fd00::2"),
                    Optional.empty(),
                    0))),
        row("--net container:x", r -> r.network().mode(), "container:x"),
        row("-h box", r -> r.network().hostname(), Optional.of("box")),
        row("--domainname d", r -> r.network().domainname(), Optional.of("d")),
        row("--add-host a:1.2.3.4", r -> r.network().extraHosts(), List.of("a:1.2.3.4")),
        row("--add-host a=[::1]", r -> r.network().extraHosts(), List.of("a:::1")),
        row("--dns 1.1.1.1", r -> r.network().dns(), List.of("1.1.1.1")),
        row("--dns-search x", r -> r.network().dnsSearch(), List.of("x")),
        row("--dns-option ndots:1", r -> r.network().dnsOptions(), List.of("ndots:1")),
        row("-p 80:80 -p81:81", r -> r.network().publish(), List.of("80:80", "81:81")),
        row("-P", r -> r.network().publishAll(), true),
        row("--expose 80", r -> r.network().expose(), List.of("80")),
        row(
            "--mac-address 02:00:00:00:00:01",
            r -> r.network().endpoints().getFirst().macAddress(),
            Optional.of("02:00:00:00:00:01")),
        row("--log-driver none", r -> r.logging().driver(), "none"),
        row(
            "--log-opt max-size=1m --log-opt max-file=3",
            r -> r.logging().options(),
            Map.of("max-size", "1m", "max-file", "3")),
        row("--rm", r -> r.lifecycle().autoRemove(), true),
        row("--restart on-failure:5", r -> r.lifecycle().restartMaximum(), 5),
        row("--stop-signal INT", r -> r.lifecycle().stopSignal(), Optional.of("INT")),
        row("--stop-timeout 3", r -> r.lifecycle().stopTimeoutSeconds(), Optional.of(3)),
        row("--pidfile p", r -> r.lifecycle().pidFile(), Optional.of("/work/dir/p")),
        row(
            "-v a:/b --mount type=tmpfs,target=/c --tmpfs /d:size=1m --tmpfs /e",
            ContainerRequest::mounts,
            List.of(
                new MountRequest.Volume(
                    Optional.of("a"),
                    "/b",
                    false,
                    true,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Map.of()),
                new MountRequest.Tmpfs("/c", false, ""),
                new MountRequest.Tmpfs("/d", false, "size=1m"),
                new MountRequest.Tmpfs("/e", false, ""))),
        row(
            "-v ./x:/y",
            ContainerRequest::mounts,
            List.of(
                new MountRequest.Bind("/work/dir/x", "/y", false, "rprivate", true, true, false))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void eachOptionIsUnderstood(String options, Function<ContainerRequest, ?> field, Object value) {
    String[] words = options.isEmpty() ? new String[0] : options.split(" ");
    assertThat((Object) field.apply(create(words))).isEqualTo(value);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            "--memory x", "invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'"),
        Arguments.of("--blkio-weight 5", "range is 10 to 1000"),
        Arguments.of("--oom-score-adj 1001", "range is -1000 to 1000"),
        Arguments.of("--memory-swappiness 101", "range is 0 to 100"),
        Arguments.of("--pull sometimes", "invalid pull option: 'sometimes'"),
        Arguments.of("--restart x", "invalid restart policy"),
        Arguments.of("-a stdnull", "valid streams are STDIN, STDOUT and STDERR"),
        Arguments.of("--cgroupns x", "use one of host, private"),
        Arguments.of("-e =x", "invalid environment variable"),
        Arguments.of("--gpus all", "not supported: --gpus"),
        Arguments.of("--health-cmd x", "not supported: --health-cmd"),
        Arguments.of("--link-local-ip fe80::2", "not supported: --link-local-ip"),
        Arguments.of("--isolation x", "not supported: --isolation"),
        Arguments.of("--storage-opt size=1g", "not supported: --storage-opt"),
        Arguments.of("--rm --restart always", "cannot specify both --restart and --rm"),
        Arguments.of("-d -a stdout", "cannot specify both --attach and --detach"),
        Arguments.of("--add-host nonsense", "invalid host \"nonsense\""),
        Arguments.of("--security-opt nonsense", "invalid --security-opt"),
        Arguments.of("--security-opt seccomp=/no/such", "cannot open \"/no/such\""),
        Arguments.of("--env-file /no/such", "cannot open \"/no/such\": no such file"),
        Arguments.of("--network name=x,alias=y,z=1", "unknown field \"z=1\""),
        Arguments.of("--network alias=y", "no name="),
        Arguments.of("--network name=x,ip=10.0.0.2 --ip 10.0.0.3", "conflicting options: --ip"),
        Arguments.of("-p 80:70000", "invalid container port \"70000\""),
        Arguments.of("-p 80-82:80-81", "2 ports of the container and 3 of the host"),
        Arguments.of("-p 80/icmp", "invalid protocol \"icmp\""),
        Arguments.of("--tmpfs x", "must be absolute"),
        Arguments.of("--device-read-bps /dev/a:fast", "bad format: /dev/a:fast (PATH:NUMBER)"),
        Arguments.of("--device-write-iops /dev/a:1m", "bad format: /dev/a:1m (PATH:NUMBER)"),
        Arguments.of("--blkio-weight-device 500", "bad format: 500 (PATH:NUMBER)"),
        Arguments.of("--detach-keys ctrl-1", "invalid detach key \"ctrl-1\""),
        Arguments.of("-v a:b:c:d", "invalid volume specification"),
        Arguments.of("--mount type=bind", "target is required"),
        Arguments.of("--label =x", "invalid label"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void whatIsWrongIsRefusedBeforeTheEngineIsAsked(String options, String reason) {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(options.split(" ")));
    words.add("image");
    Cli.Result result = cli.run(words.toArray(String[]::new));
    assertThat(result.err()).contains(reason);
    assertThat(result.code()).isEqualTo(125);
    assertThat(result.out()).isEmpty();
    assertThat(engine.executed()).isEmpty();
  }

  @Test
  void theTerminalsSizeGoesAlong() {
    cli.console(FakeConsole.terminal(30, 100));
    ContainerRequest request = create("-it");
    assertThat(request.process().rows()).isEqualTo(30);
    assertThat(request.process().columns()).isEqualTo(100);
  }

  @Test
  void variablesComeFromTheCaller() {
    cli.environment("FROM_CALLER", "value");
    assertThat(create("-e", "FROM_CALLER", "-e", "UNKNOWN").process().environment())
        .containsExactly("FROM_CALLER=value", "UNKNOWN");
  }

  @Test
  void filesAreReadWhereTheCallerStands(@TempDir Path directory) throws IOException {
    cli.in(directory).environment("B", "caller");
    Files.writeString(directory.resolve("env"), "# c\nA=1\nB\nNOWHERE\n");
    Files.writeString(directory.resolve("labels"), "x=file\ny\n");
    Files.writeString(
        directory.resolve("seccomp.json"), "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }");
    ContainerRequest request =
        create(
            "-e",
            "A=2",
            "--env-file",
            "env",
            "--label-file",
            "labels",
            "-l",
            "x=given",
            "--security-opt",
            "seccomp=seccomp.json");
    assertThat(request.process().environment()).containsExactly("A=1", "B=caller", "A=2");
    assertThat(request.labels()).isEqualTo(Map.of("x", "given", "y", ""));
    assertThat(request.security().securityOptions())
        .containsExactly("seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}");
  }

  @Test
  void theIdIsWrittenToANewFile(@TempDir Path directory) {
    cli.in(directory);
    create("--cidfile", "cid");
    assertThat(directory.resolve("cid")).hasContent("id");
    Cli.Result again = cli.run("create", "--cidfile", "cid", "image");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("container ID file found");
  }

  @Test
  void anotherViewOfTheFilesIsAClearError(@TempDir Path directory) throws IOException {
    Files.createDirectory(directory.resolve("mine"));
    Path root = Files.createDirectories(directory.resolve("root/data"));
    cli.files(new CallerFiles(Path.of("/data"), root, directory.resolve("root"), false));
    Cli.Result result = cli.run("create", "-v", "./:/x", "image");
    assertThat(result.err()).contains("the engine does not see \"/data\"");
    assertThat(result.code()).isEqualTo(1);
    assertThat(engine.executed()).isEmpty();
  }
}
