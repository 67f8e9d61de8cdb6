package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.FileData;
import dev.coffer.kernel.Pipe;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompFlag;
import dev.coffer.spec.runtime.SeccompSyscall;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters with an agent: it really gets the descriptor, and what it answers is what happens. */
@Timeout(60)
class SeccompNotifyIT {
  private static final String SCRIPT = "mkdir /made && test ! -e /made && echo pretended";

  @TempDir Path directory;
  private TestContainers containers;
  private SeccompAgent agent;

  @BeforeEach
  void open() throws Exception {
    containers = new TestContainers(directory);
    agent = new SeccompAgent(directory);
  }

  @AfterEach
  void close() throws Exception {
    agent.close();
    containers.close();
  }

  private Seccomp profile(SeccompFlag... flags) {
    SeccompSyscall calls =
        new SeccompSyscall(
            List.of("mkdir", "mkdirat"),
            SeccompAction.NOTIFY,
            Optional.empty(),
            List.of(),
            JsonObject.EMPTY);
    return Seccomp.builder(SeccompAction.ALLOW)
        .flags(List.of(flags))
        .syscalls(List.of(calls))
        .listenerPath(agent.path())
        .listenerMetadata("what \"pid\":2147483647 is")
        .build();
  }

  private Spec spec(boolean noNewPrivileges, SeccompFlag... flags) throws Exception {
    Spec spec =
        TestContainers.linux(TestContainers.spec(SCRIPT), linux -> linux.seccomp(profile(flags)));
    return TestContainers.process(spec, each -> each.noNewPrivileges(noNewPrivileges)).toBuilder()
        .annotations(Map.of("key", "value"))
        .build();
  }

  /** Started in the background; its answer comes once the agent has answered. */
  private CompletableFuture<Conversation> inBackground(Action action) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return action.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private interface Action {
    Conversation run() throws Exception;
  }

  private static void assertDescribes(JsonCursor told, String status) throws Exception {
    int pid = told.field("pid").int32();
    assertThat(Files.exists(Path.of("/proc/" + pid))).isTrue();
    assertThat(told.field("fds").list(JsonCursor::string)).containsExactly("seccompFd");
    assertThat(told.field("metadata").string()).isEqualTo("what \"pid\":2147483647 is");
    State state = State.read(told.field("state"));
    assertThat(state.id()).isEqualTo("box");
    assertThat(state.status().spelling()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAgentDecides(boolean noNewPrivileges) throws Exception {
    CompletableFuture<Conversation> run = inBackground(() -> containers.run(spec(noNewPrivileges)));
    SeccompAgent.Told told = agent.accept();
    assertDescribes(told.state(), "creating");
    assertThat(told.state().field("state").field("pid").int32())
        .isEqualTo(told.state().field("pid").int32());
    assertThat(told.state().field("state").field("annotations").field("key").string())
        .isEqualTo("value");
    SeccompAgent.pretend(told.descriptor());
    told.descriptor().close();
    assertThat(run.get(10, TimeUnit.SECONDS).output()).isEqualTo("pretended\n");
  }

  @Test
  void everyFlagGoesWithAnAgent() throws Exception {
    CompletableFuture<Conversation> run =
        inBackground(
            () ->
                containers.run(
                    spec(
                        true, SeccompFlag.WAIT_KILLABLE_RECV, SeccompFlag.TSYNC, SeccompFlag.LOG)));
    SeccompAgent.Told told = agent.accept();
    SeccompAgent.pretend(told.descriptor());
    told.descriptor().close();
    assertThat(run.get(10, TimeUnit.SECONDS).output()).isEqualTo("pretended\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAgentHasItBeforeTheStart(boolean noNewPrivileges) throws Exception {
    try (Pipe start = Pipe.open()) {
      ContainerInputs inputs =
          TestContainers.inputs().toBuilder()
              .inputs(List.of(ContainerInputs.ROOTFS, "start"))
              .startBarrier("start")
              .build();
      CompletableFuture<Conversation> run =
          inBackground(
              () -> containers.run(spec(noNewPrivileges), inputs, List.of(start.reader())));
      SeccompAgent.Told told = agent.accept();
      assertThat(run).isNotDone();
      FileData.writeAll(start.writer(), new byte[] {1});
      SeccompAgent.pretend(told.descriptor());
      told.descriptor().close();
      assertThat(run.get(10, TimeUnit.SECONDS).output()).isEqualTo("pretended\n");
    }
  }

  @Test
  void withAReaperToo() throws Exception {
    CompletableFuture<Conversation> run =
        inBackground(
            () ->
                containers.run(
                    spec(true), TestContainers.inputs().toBuilder().init(true).build(), List.of()));
    SeccompAgent.Told told = agent.accept();
    SeccompAgent.pretend(told.descriptor());
    told.descriptor().close();
    assertThat(run.get(10, TimeUnit.SECONDS).output()).isEqualTo("pretended\n");
  }

  @Test
  void aFurtherProcessHasAnAgentToo() throws Exception {
    try (MonitorConnection container = containers.start(TestContainers.spec("exec sleep 1000"))) {
      State state =
          new State(
              "1.3.0",
              "box",
              ContainerStatus.RUNNING,
              Optional.of(container.pid()),
              "/bundle",
              new LinkedHashMap<>(),
              JsonObject.EMPTY);
      ContainerProcess process = TestContainers.spec(SCRIPT).process().orElseThrow();
      ExecInputs inputs =
          TestContainers.execInputs()
              .withSeccomp(profile())
              .withContainer(TestContainers.spec("").linux().orElseThrow(), state);
      CompletableFuture<Conversation> run =
          inBackground(() -> containers.exec(container, process, inputs));
      SeccompAgent.Told told = agent.accept();
      assertDescribes(told.state(), "running");
      assertThat(told.state().field("state").field("pid").int32()).isEqualTo(container.pid());
      assertThat(told.state().field("pid").int32()).isNotEqualTo(container.pid());
      SeccompAgent.pretend(told.descriptor());
      told.descriptor().close();
      assertThat(run.get(10, TimeUnit.SECONDS).output()).isEqualTo("pretended\n");
      TestContainers.kill(container);
    }
  }

  @Test
  void anAgentThatIsNotThereIsNamed() throws Exception {
    agent.close();
    Files.delete(Path.of(agent.path()));
    assertThatThrownBy(() -> containers.run(spec(true)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "connect to \""
                + agent.path()
                + "\": no such file or directory (nobody listens there)");
  }
}
