package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.runtime.cache.Recent;
import dev.coffer.runtime.host.CallerFacts;
import dev.coffer.runtime.host.HostProbe;
import dev.coffer.runtime.host.MountTable;
import dev.coffer.runtime.rootfs.LiveRoots;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What all verbs share and is made once: the host's facts, the compilers, and what was made lately.
 * Safe for many threads.
 */
public final class OciHost implements AutoCloseable {
  private static final int RECENT_CONFIGS = 16;

  /** A usual config has 10 to 50 KiB; what is made of it, some ten times as much. */
  private static final long HEAVIEST_CONFIGS = 1 << 20;

  private final Optional<List<String>> delegatedFiles;
  private final MountTable mounts = new MountTable();
  private final CallerFacts callers;
  private final CreationPlans creations;
  private final ExecPlans execs;
  private final Recent<String, Spec> configs =
      new Recent<>(RECENT_CONFIGS, HEAVIEST_CONFIGS, (text, _) -> text.length());
  private final Recent<String, SavedConfig> savedConfigs =
      new Recent<>(RECENT_CONFIGS, HEAVIEST_CONFIGS, (text, _) -> text.length());
  private final KnownRecords records = new KnownRecords();
  private final LiveRoots roots = new LiveRoots();

  private OciHost(HostFacts facts, Optional<List<String>> delegatedFiles) {
    this.delegatedFiles = delegatedFiles;
    SeccompFilters filters = new SeccompFilters();
    callers = new CallerFacts(facts, mounts);
    creations = new CreationPlans(new ContainerCompiler(filters));
    execs = new ExecPlans(new ExecCompiler(filters));
  }

  /** Asks the kernel. */
  public static OciHost probe() throws IOException {
    return new OciHost(HostProbe.probe(), HostProbe.delegatedFiles());
  }

  /**
   * The facts that hold for another process on this host.
   *
   * @param sameMounts whether it sees the mounts that this process sees
   */
  public HostFacts factsOf(int pid, boolean sameMounts) throws IOException {
    return callers.of(pid, sameMounts);
  }

  @Override
  public void close() {
    mounts.close();
  }

  /** Which files of a cgroup go with it when it is given to a user, where the kernel says so. */
  Optional<List<String>> delegatedFiles() {
    return delegatedFiles;
  }

  /** Plans that start containers. */
  CreationPlans creations() {
    return creations;
  }

  /** Plans that start further processes. */
  ExecPlans execs() {
    return execs;
  }

  /** Valid configs, by their text. */
  Recent<String, Spec> configs() {
    return configs;
  }

  /** Configs of containers that there are, by their text. */
  Recent<String, SavedConfig> savedConfigs() {
    return savedConfigs;
  }

  /** The files of containers that run. */
  LiveRoots roots() {
    return roots;
  }

  /** Records of containers that there are. */
  KnownRecords records() {
    return records;
  }
}
