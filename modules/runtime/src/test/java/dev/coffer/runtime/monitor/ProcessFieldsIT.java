package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.CpuAffinity;
import dev.coffer.spec.runtime.IoPriority;
import dev.coffer.spec.runtime.IoPriorityClass;
import dev.coffer.spec.runtime.MemoryPolicy;
import dev.coffer.spec.runtime.MemoryPolicyMode;
import dev.coffer.spec.runtime.Personality;
import dev.coffer.spec.runtime.PersonalityDomain;
import dev.coffer.spec.runtime.Scheduler;
import dev.coffer.spec.runtime.SchedulerPolicy;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.State;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fields of {@code process} and what else init hands on, as the kernel shows them from inside. */
@Timeout(60)
class ProcessFieldsIT {
  /** Nice value, real-time priority and policy: fields 19, 40 and 41 of proc(5)'s stat. */
  private static final String SCHEDULING = "cut -d' ' -f19,40,41 /proc/self/stat";

  @TempDir Path directory;
  private TestContainers containers;

  @BeforeEach
  void open() throws Exception {
    containers = new TestContainers(directory);
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  private static Scheduler scheduler(SchedulerPolicy policy, int nice, int priority) {
    return new Scheduler(policy, nice, priority, List.of(), 0, 0, 0, JsonObject.EMPTY);
  }

  private String scheduledWith(Scheduler scheduler) throws Exception {
    Spec spec = TestContainers.spec(SCHEDULING);
    Conversation told =
        containers.run(TestContainers.process(spec, process -> process.scheduler(scheduler)));
    assertThat(told.errors()).isEmpty();
    return told.output();
  }

  @Test
  void theSchedulerIsSet() throws Exception {
    assertThat(scheduledWith(scheduler(SchedulerPolicy.OTHER, 7, 0))).isEqualTo("7 0 0\n");
    assertThat(scheduledWith(scheduler(SchedulerPolicy.BATCH, -5, 0))).isEqualTo("-5 0 3\n");
    // The kernel leaves the nice value of idle processes as it finds it.
    assertThat(scheduledWith(scheduler(SchedulerPolicy.IDLE, 0, 0))).endsWith(" 0 5\n");
  }

  @Test
  void aSchedulerThatTheKernelDoesNotKnowIsNamed() {
    assertThatThrownBy(() -> scheduledWith(scheduler(SchedulerPolicy.ISO, 0, 0)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("set the scheduler to \"SCHED_ISO\": invalid argument");
  }

  @Test
  void theIoPriorityIsSet() throws Exception {
    Spec spec = TestContainers.spec("ionice");
    IoPriority priority = new IoPriority(IoPriorityClass.BE, 6, JsonObject.EMPTY);
    Conversation told =
        containers.run(TestContainers.process(spec, process -> process.ioPriority(priority)));
    assertThat(told.output()).isEqualTo("best-effort: prio 6\n");
    IoPriority realTime = new IoPriority(IoPriorityClass.RT, 1, JsonObject.EMPTY);
    assertThat(
            containers
                .run(TestContainers.process(spec, process -> process.ioPriority(realTime)))
                .output())
        .isEqualTo("realtime: prio 1\n");
  }

  @Test
  void theMemoryPolicyIsInheritedAndShared() throws Exception {
    MemoryPolicy policy =
        new MemoryPolicy(MemoryPolicyMode.BIND, Optional.of("0"), List.of(), JsonObject.EMPTY);
    Spec spec =
        TestContainers.linux(
            TestContainers.spec("grep -c bind:0 /proc/self/numa_maps >/dev/null && echo bound"),
            linux -> linux.memoryPolicy(policy));
    assertThat(containers.run(spec).output()).isEqualTo("bound\n");
  }

  @Test
  void aMemoryNodeThatIsNotThereIsRefused() throws Exception {
    MemoryPolicy policy =
        new MemoryPolicy(MemoryPolicyMode.BIND, Optional.of("63"), List.of(), JsonObject.EMPTY);
    Spec spec =
        TestContainers.linux(TestContainers.spec("true"), linux -> linux.memoryPolicy(policy));
    assertThatThrownBy(() -> containers.run(spec))
        .hasMessageContaining("set the memory policy to \"MPOL_BIND\": invalid argument");
  }

  @Test
  void aFurtherProcessHasItsCpusAndTheContainersSettings() throws Exception {
    Spec spec =
        TestContainers.linux(
            TestContainers.spec("exec sleep 1000"),
            linux ->
                linux.personality(
                    new Personality(PersonalityDomain.LINUX32, List.of(), JsonObject.EMPTY)));
    State state =
        new State(
            "1.3.0",
            "box",
            ContainerStatus.RUNNING,
            Optional.of(1),
            "/bundle",
            new LinkedHashMap<>(),
            JsonObject.EMPTY);
    try (MonitorConnection container = containers.start(spec)) {
      Spec shown = TestContainers.spec("grep Cpus_allowed_list /proc/self/status; uname -m");
      ContainerProcess process =
          TestContainers.process(
                  shown,
                  each ->
                      each.execCPUAffinity(
                          new CpuAffinity(Optional.of("0"), Optional.of("1"), JsonObject.EMPTY)))
              .process()
              .orElseThrow();
      Conversation told =
          containers.exec(
              container,
              process,
              TestContainers.execInputs().withContainer(spec.linux().orElseThrow(), state));
      assertThat(told.output()).isEqualTo("Cpus_allowed_list:\t1\ni686\n");
      ContainerProcess initialOnly =
          TestContainers.process(
                  shown,
                  each ->
                      each.execCPUAffinity(
                          new CpuAffinity(Optional.of("0"), Optional.empty(), JsonObject.EMPTY)))
              .process()
              .orElseThrow();
      assertThat(containers.exec(container, initialOnly, TestContainers.execInputs()).output())
          .contains("Cpus_allowed_list:\t0\n");
      TestContainers.kill(container);
    }
  }
}
