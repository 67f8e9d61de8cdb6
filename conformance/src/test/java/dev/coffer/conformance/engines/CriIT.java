package dev.coffer.conformance.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.conformance.Coffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The runtime as the default of containerd's CRI plugin, driven as a kubelet does. */
class CriIT {

  private static final long MEMORY = 64L << 20;
  private static final long RUNNING = 1;
  private static final long EXITED = 2;

  private static Containerd containerd;
  private static Cri cri;

  @BeforeAll
  static void open() {
    containerd = Containerd.open();
    cri = new Cri(containerd);
  }

  @AfterAll
  static void close() {
    cri.close();
    containerd.close();
  }

  @Test
  void containersOfAPodShareItsNamespaces() {
    String pod = cri.runPod("share");
    List<String> containers =
        IntStream.range(0, 2)
            .mapToObj(i -> cri.create(pod, "share", "c" + i, MEMORY, "sleep", "1000"))
            .toList();
    containers.forEach(cri::start);
    for (String kind : List.of("net", "ipc", "uts")) {
      String expected = Kernel.namespace(pid(pod), kind);
      assertThat(containers).allMatch(id -> Kernel.namespace(pid(id), kind).equals(expected));
    }
    assertThat(Kernel.namespace(pid(containers.get(0)), "pid"))
        .isNotEqualTo(Kernel.namespace(pid(containers.get(1)), "pid"));
    cri.removePod(pod);
  }

  @Test
  void execAndLogsTellWhatTheContainerDid() {
    String pod = cri.runPod("exec");
    String id =
        cri.create(pod, "exec", "main", MEMORY, "sh", "-c", "echo $FROM; echo err >&2; sleep 1000");
    cri.start(id);
    Coffer.eventually(() -> cri.log("exec", "main").size() == 2);
    assertThat(cri.log("exec", "main"))
        .anyMatch(line -> line.endsWith(" stdout F kubelet"))
        .anyMatch(line -> line.endsWith(" stderr F err"));
    assertThat(cri.exec(id, "sh", "-c", "echo out; echo err >&2; exit 7"))
        .isEqualTo(new Cri.Output("out\n", "err\n", 7));
    assertThat(cri.exec(id, "readlink", "/proc/self/ns/pid").out().strip())
        .isEqualTo(Kernel.namespace(pid(id), "pid"));
    assertThatThrownBy(() -> cri.exec(id, "no-such"))
        .isInstanceOf(Cri.Refused.class)
        .hasMessageContaining("OCI runtime exec failed")
        .hasMessageContaining("no-such");
    cri.removePod(pod);
  }

  @Test
  void limitsAreTheKernelsAndChange() {
    String pod = cri.runPod("limits");
    String id = cri.create(pod, "limits", "main", MEMORY, "sleep", "1000");
    cri.start(id);
    assertThat(memoryLimit(id)).isEqualTo(Long.toString(MEMORY));
    assertThat(Kernel.limit(pid(id), "cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
    cri.update(id, MEMORY / 2);
    assertThat(memoryLimit(id)).isEqualTo(Long.toString(MEMORY / 2));
    assertThat(cri.memory(id)).isBetween(1L, MEMORY);
    cri.removePod(pod);
  }

  private static String memoryLimit(String id) {
    return Kernel.limit(pid(id), "memory", "memory.limit_in_bytes", "memory.max");
  }

  @Test
  void stopIsATermAndThenAKill() {
    String pod = cri.runPod("stop");
    String trap = "trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done";
    String polite = cri.create(pod, "stop", "polite", MEMORY, "sh", "-c", trap);
    cri.start(polite);
    Coffer.eventually(() -> cri.log("stop", "polite").size() == 1);
    assertThat(cri.status(polite).state()).isEqualTo(RUNNING);
    cri.stop(polite, 10);
    assertThat(cri.status(polite)).isEqualTo(new Cri.Status(EXITED, 3, "Error"));
    String deaf = cri.create(pod, "stop", "deaf", MEMORY, "sleep", "1000");
    cri.start(deaf);
    cri.stop(deaf, 1);
    assertThat(cri.status(deaf).exitCode()).isEqualTo(137);
    cri.remove(deaf);
    cri.removePod(pod);
  }

  @Test
  void anOutOfMemoryKillIsTold() {
    String pod = cri.runPod("oom");
    String eat = "dd if=/dev/zero of=/dev/null bs=64M; sleep 0.5; exit 9";
    String id = cri.create(pod, "oom", "main", 16L << 20, "sh", "-c", eat);
    cri.start(id);
    Coffer.eventually(() -> cri.status(id).state() == EXITED);
    assertThat(cri.status(id)).isEqualTo(new Cri.Status(EXITED, 9, "OOMKilled"));
    cri.removePod(pod);
  }

  @Test
  void theCauseOfAFailureReachesTheKubelet() {
    String pod = cri.runPod("fail");
    String id = cri.create(pod, "fail", "main", MEMORY, "no-such");
    assertThatThrownBy(() -> cri.start(id))
        .isInstanceOf(Cri.Refused.class)
        .hasMessageContaining("OCI runtime create failed")
        .hasMessageContaining("no-such");
    assertThat(cri.status(id).state()).isEqualTo(EXITED);
    cri.removePod(pod);
  }

  private static long pid(String id) {
    return containerd.pid("k8s.io", id);
  }
}
