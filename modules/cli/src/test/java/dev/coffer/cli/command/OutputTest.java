package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.command.ContainerCommand.Explain;
import dev.coffer.engine.command.ContainerCommand.ListContainers;
import dev.coffer.engine.command.ContainerCommand.Top;
import dev.coffer.engine.command.ImageCommand.History;
import dev.coffer.engine.command.ImageCommand.ListImages;
import dev.coffer.engine.command.SystemCommand.Info;
import dev.coffer.engine.command.SystemCommand.Status;
import dev.coffer.engine.command.SystemCommand.Version;
import dev.coffer.engine.model.ContainerSummary;
import dev.coffer.engine.model.EngineStatus;
import dev.coffer.engine.model.ImageHistoryEntry;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.SystemInfo;
import dev.coffer.engine.model.TopTable;
import dev.coffer.engine.model.VersionInfo;
import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.explain.PlanJson;
import dev.coffer.plan.explain.PlanText;
import dev.coffer.plan.op.Umask;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tables and templates as Docker prints them. */
class OutputTest {

  private static final ContainerSummary WEB =
      new ContainerSummary(
          "8c6734571d34b5ef37923d5f3c1d88dac8282165d7169947707c1a41858ef779",
          List.of("web"),
          "nginx:1.27",
          "sha256:aaaa",
          "nginx -g 'daemon off;' --and-more",
          Cli.NOW.minus(Duration.ofMinutes(3)),
          "running",
          "Up 3 minutes",
          List.of("80/tcp", "443/tcp"),
          Map.of("b", "2", "a", "1"),
          List.of("data", "/srv/a/very/long/path"),
          List.of("host"),
          Optional.of(1_230_000L),
          Optional.of(188_000_000L));
  private static final ContainerSummary JOB =
      new ContainerSummary(
          "e".repeat(64),
          List.of("job"),
          "sha256:0123456789abcdef",
          "sha256:0123456789abcdef",
          "true",
          Cli.NOW.minus(Duration.ofDays(15)),
          "exited",
          "Exited (0) 2 weeks ago",
          List.of(),
          Map.of(),
          List.of(),
          List.of("none"),
          Optional.empty(),
          Optional.empty());

  private final FakeEngine engine =
      new FakeEngine()
          .on(ListContainers.class, list -> List.of(WEB, JOB))
          .on(
              ListImages.class,
              list ->
                  List.of(
                      new ImageSummary(
                          "sha256:" + "81d0d6f82355".repeat(5) + "abcd",
                          List.of("docker.io/library/busybox:latest", "example.org/b/c:1"),
                          List.of("docker.io/library/busybox@sha256:" + "d".repeat(64)),
                          Cli.NOW.minus(Duration.ofDays(300)),
                          4_261_574,
                          Map.of(),
                          1),
                      new ImageSummary(
                          "sha256:" + "b".repeat(64),
                          List.of(),
                          List.of(),
                          Cli.NOW.minus(Duration.ofSeconds(5)),
                          0,
                          Map.of(),
                          0)))
          .on(
              History.class,
              history ->
                  List.of(
                      new ImageHistoryEntry(
                          "sha256:" + "c".repeat(64),
                          Cli.NOW.minus(Duration.ofHours(5)),
                          "CMD [\"sh\"] and something that is far too long for a column",
                          0,
                          "",
                          List.of()),
                      new ImageHistoryEntry(
                          "<missing>",
                          Cli.NOW.minus(Duration.ofHours(6)),
                          "ADD rootfs",
                          4_261_574,
                          "made",
                          List.of())));

  private String out(String... words) {
    Cli.Result result = new Cli(engine).run(words);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.out();
  }

  @Test
  void psIsATable() {
    assertThat(out("ps", "-a"))
        .isEqualTo(
            """
            CONTAINER ID   IMAGE          COMMAND                  CREATED         STATUS                   PORTS             NAMES
            8c6734571d34   nginx:1.27     "nginx -g 'daemon of…"   3 minutes ago   Up 3 minutes             80/tcp, 443/tcp   web
            eeeeeeeeeeee   0123456789ab   "true"                   2 weeks ago     Exited (0) 2 weeks ago                     job
            """);
  }

  @Test
  void psWithSizes() {
    assertThat(out("ps", "-s", "--format", "{{.Names}}")).isEqualTo("web\njob\n");
    assertThat(engine.only(ListContainers.class).size()).isTrue();
  }

  @Test
  void sizesAreAskedForByAFormatThatShowsThem() {
    assertThat(out("ps", "--format", "{{.Names}} {{.Size}}"))
        .isEqualTo("web 1.23MB (virtual 188MB)\njob 0B\n");
    assertThat(engine.only(ListContainers.class).size()).isTrue();
  }

  @Test
  void psWithoutCutting() {
    assertThat(
            out("ps", "--no-trunc", "--format", "{{.ID}} {{.Command}} {{.Mounts}}")
                .lines()
                .toList())
        .first()
        .isEqualTo(WEB.id() + " \"nginx -g 'daemon off;' --and-more\" data,/srv/a/very/long/path");
  }

  @Test
  void psByTemplate() {
    assertThat(out("ps", "--format", "{{.Names}}\\t{{.Status}}"))
        .isEqualTo("web\tUp 3 minutes\njob\tExited (0) 2 weeks ago\n");
    assertThat(out("ps", "--format", "table {{.Names}}\\t{{upper .State}}"))
        .isEqualTo("NAMES     STATE\nweb       RUNNING\njob       EXITED\n");
    assertThat(
            out("ps", "--format", "{{.Label \"a\"}}/{{.Labels}}/{{.Networks}}/{{.LocalVolumes}}"))
        .isEqualTo("1/a=1,b=2/host/1\n//none/0\n");
    assertThat(out("ps", "--format", "{{.Mounts}}")).startsWith("data,/srv/a/very/lo…\n");
    assertThat(out("ps", "--format", "{{.CreatedAt}}"))
        .startsWith("2026-11-20 11:57:00 +0000 UTC\n");
    assertThat(out("ps", "-q")).isEqualTo("8c6734571d34\neeeeeeeeeeee\n");
  }

  @Test
  void psAsJson() {
    assertThat(out("ps", "--format", "json").lines().findFirst().orElseThrow())
        .isEqualTo(
            "{\"Command\":\"\\\"nginx -g 'daemon of…\\\"\",\"CreatedAt\":\"2026-11-20 11:57:00 +0000 UTC\","
                + "\"ID\":\"8c6734571d34\",\"Image\":\"nginx:1.27\",\"Labels\":\"a=1,b=2\","
                + "\"LocalVolumes\":\"1\",\"Mounts\":\"data,/srv/a/very/lo…\",\"Names\":\"web\","
                + "\"Networks\":\"host\",\"Ports\":\"80/tcp, 443/tcp\",\"RunningFor\":\"3 minutes ago\","
                + "\"Size\":\"1.23MB (virtual 188MB)\",\"State\":\"running\",\"Status\":\"Up 3 minutes\"}");
  }

  @Test
  void psAsksForWhatIsWanted() {
    out("ps", "-f", "label=a=b", "-f", "name=x", "-f", "name=y", "-n", "3");
    assertThat(engine.only(ListContainers.class))
        .isEqualTo(
            new ListContainers(
                true, Map.of("label", List.of("a=b"), "name", List.of("x", "y")), 3, false));
  }

  @Test
  void psOfNothingIsItsTitles() {
    engine.on(ListContainers.class, list -> List.of());
    assertThat(out("ps"))
        .isEqualTo("CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n");
    assertThat(out("ps", "-q")).isEmpty();
  }

  @Test
  void psRefusesWhatIsNoField() {
    Cli.Result result = new Cli(engine).run("ps", "--format", "{{.Nope}}");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("can't evaluate field Nope");
    assertThat(new Cli(engine).run("ps", "--filter", "x").err())
        .contains("bad format of filter (expected name=value)");
  }

  @Test
  void imagesIsATable() {
    assertThat(out("images"))
        .isEqualTo(
            """
            REPOSITORY        TAG       IMAGE ID       CREATED         SIZE
            busybox           latest    81d0d6f82355   10 months ago   4.26MB
            example.org/b/c   1         81d0d6f82355   10 months ago   4.26MB
            <none>            <none>    bbbbbbbbbbbb   5 seconds ago   0B
            """);
    assertThat(out("images", "--format", "{{.Repository}}:{{.Tag}}"))
        .isEqualTo("busybox:latest\nexample.org/b/c:1\n<none>:<none>\n");
    assertThat(out("images", "--digests", "--format", "{{.Digest}}").lines().toList())
        .containsExactly("sha256:" + "d".repeat(64), "<none>", "<none>");
    assertThat(out("images", "-q", "--no-trunc")).contains("sha256:" + "b".repeat(64) + "\n");
  }

  @Test
  void imagesTakesAReference() {
    out("images", "busybox");
    assertThat(engine.only(ListImages.class).filters())
        .isEqualTo(Map.of("reference", List.of("busybox")));
  }

  @Test
  void historyIsATable() {
    assertThat(out("history", "busybox"))
        .isEqualTo(
            """
            IMAGE          CREATED       CREATED BY                                      SIZE      COMMENT
            cccccccccccc   5 hours ago   CMD ["sh"] and something that is far too lon…   0B       \s
            <missing>      6 hours ago   ADD rootfs                                      4.26MB    made
            """);
    assertThat(out("history", "-H=false", "--format", "{{.Size}} {{.CreatedSince}}", "x"))
        .startsWith("0 2026-11-20T07:00:00Z\n");
  }

  @Test
  void topIsATable() {
    engine.on(
        Top.class,
        top ->
            new TopTable(
                List.of("PID", "CMD"), List.of(List.of("1", "sleep " + top.psArguments()))));
    assertThat(out("top", "web", "-o", "pid"))
        .isEqualTo("PID                 CMD\n1                   sleep [-o, pid]\n");
  }

  @Test
  void versionHasDockersFields() {
    engine.on(
        Version.class,
        version -> new VersionInfo("0.1.0", 7, "25.0.1", "6.1", "linux", "amd64", "1.3.0"));
    assertThat(out("version"))
        .isEqualTo(
            """
            Coffer:
             Version:           0.1.0
             Build:             7
             Java:              25.0.1
             Kernel:            6.1
             OS/Arch:           linux/amd64
             OCI runtime spec:  1.3.0
            """);
    assertThat(out("version", "-f", "{{.Server.KernelVersion}} {{.Client.Os}}/{{.Client.Arch}}"))
        .isEqualTo("6.1 linux/amd64\n");
    assertThat(out("--version")).isEqualTo("Coffer version 0.1.0\n");
    assertThat(out("version", "--format", "json")).startsWith("{\"").endsWith("}\n");
  }

  @Test
  void infoShowsWhatTheEngineTells() {
    engine.on(
        Info.class,
        info ->
            new SystemInfo(
                (JsonObject)
                    Json.parse(
                        """
                        {"Containers": 2, "ContainersRunning": 1, "Images": 5, "Driver": "overlay2",
                         "DriverStatus": [["Backing Filesystem", "extfs"]], "MemTotal": 8346656768,
                         "SecurityOptions": ["name=seccomp,profile=builtin"], "NCPU": 2, "Name": "",
                         "Warnings": ["WARNING: no swap limit"]}
                        """,
                        Limits.CONFIG)));
    Cli.Result result = new Cli(engine).run("info");
    assertThat(result.out())
        .isEqualTo(
            """
            Server:
             Containers: 2
              Running: 1
             Images: 5
             Storage Driver: overlay2
              Backing Filesystem: extfs
             Security Options:
              seccomp
               Profile: builtin
             CPUs: 2
             Total Memory: 7.773GiB
            """);
    assertThat(result.err()).isEqualTo("WARNING: no swap limit\n");
    assertThat(out("system", "info", "-f", "{{.Driver}}")).isEqualTo("overlay2\n");
  }

  @Test
  void explainIsTextOrData() {
    Stage stage = new Stage("monitor", List.of(new Umask(022, "process.user.umask")));
    Plan plan = new Plan(Architecture.X86_64, List.of(stage), List.of(), 0);
    engine.on(Explain.class, explain -> plan);
    assertThat(out("explain", "run", "busybox")).isEqualTo(PlanText.render(plan));
    assertThat(out("explain", "run", "--json", "busybox"))
        .isEqualTo(Json.writePretty(PlanJson.render(plan)) + "\n");
  }

  @Test
  void engineStatus() {
    engine.on(
        Status.class,
        status ->
            new EngineStatus(
                7, 9, Cli.NOW.minus(Duration.ofHours(2)), "/root", "/run", "/coffer", 1, 3));
    assertThat(out("engine", "status"))
        .contains("Pid: 7\n")
        .contains("Up: 2 hours\n")
        .contains("3 (1 running)");
    assertThat(out("engine", "status", "-f", "{{.Pid}} {{.CgroupParent}}"))
        .isEqualTo("7 /coffer\n");
  }
}
