package dev.coffer.plan.compile;

import dev.coffer.spec.runtime.NamespaceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine knows about a container beside its spec.
 *
 * @param id the container's id
 * @param bundle path of its bundle, for hooks
 * @param root its root file system
 * @param inputs names of the descriptors that come with the plan; they fill slots 6, 7, … in order
 * @param streams what its standard streams are
 * @param init whether a reaper is pid 1 and the program its child
 * @param preserved inputs that the program gets as descriptors 3, 4, …
 * @param joined namespaces that are joined through an input: a namespace's descriptor or a pidfd.
 *     They have to be in the spec with a path; this only replaces the way there
 * @param foreign sources of bind mounts that are taken out of another process's mount namespace, by
 *     the source in the spec; this only replaces the way there
 * @param startBarrier input on which a byte says start; empty: the program starts at once
 * @param consoleSocket input that is a connected Unix socket: the terminal's master is sent there,
 *     and nobody here keeps it
 * @param scope input that is a connected Unix socket: init's pidfd is sent there once it is born,
 *     and a byte comes back when systemd has put it into the cgroup of {@code linux.cgroupsPath};
 *     empty: the plan makes that cgroup
 * @param hookOutput input that hooks write their output to; empty: where the stage's own complaints
 *     go
 * @param netDevices devices of the host that {@code linux.netDevices} names, by name
 * @param covered empty: the root becomes the mount namespace's by pivot_root(2); else by chroot(2),
 *     where the host's root is one that cannot be left (a ramdisk), and these are the host's mounts
 *     of its proc and sysfs, in the order in which they were mounted
 * @param newKeyring whether it gets a session keyring of its own
 * @param delegated names of the files that a user to whom a cgroup is given owns in it
 * @param origins the user's words for parts of the spec, by JSON path such as {@code mounts[3]} or
 *     {@code linux.resources.memory}
 */
public record ContainerInputs(
    String id,
    String bundle,
    RootSource root,
    List<String> inputs,
    StandardStreams streams,
    boolean init,
    List<String> preserved,
    Map<NamespaceType, String> joined,
    Map<String, ForeignMount> foreign,
    Optional<String> startBarrier,
    Optional<String> consoleSocket,
    Optional<String> scope,
    Optional<String> hookOutput,
    Map<String, NetworkDevice> netDevices,
    Optional<List<String>> covered,
    boolean newKeyring,
    List<String> delegated,
    Map<String, String> origins) {

  /** The name of the input that {@link #of} takes the root file system from. */
  public static final String ROOTFS = "rootfs";

  /** Of kernels that do not say which files these are (runtime-spec, config-linux.md). */
  private static final List<String> DELEGATED =
      List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads");

  public ContainerInputs {
    inputs = List.copyOf(inputs);
    preserved = List.copyOf(preserved);
    joined = Map.copyOf(joined);
    foreign = Map.copyOf(foreign);
    netDevices = Map.copyOf(netDevices);
    covered = covered.map(List::copyOf);
    delegated = List.copyOf(delegated);
    origins = Map.copyOf(origins);
  }

  /** Inputs of a container whose root is a detached mount, the only input. */
  public static ContainerInputs of(String id, StandardStreams streams) {
    return builder(id, new RootSource.Descriptor(ROOTFS), streams).inputs(List.of(ROOTFS)).build();
  }

  /** Inputs with nothing but a root. */
  public static Builder builder(String id, RootSource root, StandardStreams streams) {
    return new Builder(id, root, streams);
  }

  /** The same, to be changed. */
  public Builder toBuilder() {
    return new Builder(this, id);
  }

  /** The same for a container of another id, to be changed. */
  public Builder toBuilder(String otherId) {
    return new Builder(this, otherId);
  }

  /** Inputs in the making. */
  public static final class Builder {
    private final String id;
    private final StandardStreams streams;
    private String bundle = "";
    private RootSource root;
    private List<String> inputs = List.of();
    private boolean init;
    private List<String> preserved = List.of();
    private Map<NamespaceType, String> joined = Map.of();
    private Map<String, ForeignMount> foreign = Map.of();
    private Optional<String> startBarrier = Optional.empty();
    private Optional<String> consoleSocket = Optional.empty();
    private Optional<String> scope = Optional.empty();
    private Optional<String> hookOutput = Optional.empty();
    private Map<String, NetworkDevice> netDevices = Map.of();
    private Optional<List<String>> covered = Optional.empty();
    private boolean newKeyring = true;
    private List<String> delegated = DELEGATED;
    private Map<String, String> origins = Map.of();

    private Builder(String id, RootSource root, StandardStreams streams) {
      this.id = id;
      this.root = root;
      this.streams = streams;
    }

    private Builder(ContainerInputs from, String id) {
      this(id, from.root, from.streams);
      bundle = from.bundle;
      inputs = from.inputs;
      init = from.init;
      preserved = from.preserved;
      joined = from.joined;
      foreign = from.foreign;
      startBarrier = from.startBarrier;
      consoleSocket = from.consoleSocket;
      scope = from.scope;
      hookOutput = from.hookOutput;
      netDevices = from.netDevices;
      covered = from.covered;
      newKeyring = from.newKeyring;
      delegated = from.delegated;
      origins = from.origins;
    }

    public Builder bundle(String path) {
      bundle = path;
      return this;
    }

    public Builder root(RootSource source) {
      root = source;
      return this;
    }

    public Builder inputs(List<String> names) {
      inputs = names;
      return this;
    }

    public Builder init(boolean wanted) {
      init = wanted;
      return this;
    }

    public Builder preserved(List<String> names) {
      preserved = names;
      return this;
    }

    public Builder joined(Map<NamespaceType, String> namespaces) {
      joined = namespaces;
      return this;
    }

    public Builder foreign(Map<String, ForeignMount> mounts) {
      foreign = mounts;
      return this;
    }

    public Builder startBarrier(String input) {
      startBarrier = Optional.of(input);
      return this;
    }

    public Builder consoleSocket(String input) {
      consoleSocket = Optional.of(input);
      return this;
    }

    public Builder scope(String input) {
      scope = Optional.of(input);
      return this;
    }

    public Builder hookOutput(String input) {
      hookOutput = Optional.of(input);
      return this;
    }

    public Builder netDevices(Map<String, NetworkDevice> devices) {
      netDevices = devices;
      return this;
    }

    public Builder covered(List<String> hostTrees) {
      covered = Optional.of(hostTrees);
      return this;
    }

    public Builder newKeyring(boolean wanted) {
      newKeyring = wanted;
      return this;
    }

    public Builder delegated(List<String> files) {
      delegated = files;
      return this;
    }

    public Builder origins(Map<String, String> words) {
      origins = words;
      return this;
    }

    /** The inputs. */
    public ContainerInputs build() {
      return new ContainerInputs(
          id,
          bundle,
          root,
          inputs,
          streams,
          init,
          preserved,
          joined,
          foreign,
          startBarrier,
          consoleSocket,
          scope,
          hookOutput,
          netDevices,
          covered,
          newKeyring,
          delegated,
          origins);
    }
  }
}
