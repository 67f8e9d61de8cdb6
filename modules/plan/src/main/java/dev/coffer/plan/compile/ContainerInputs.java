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
 * @param startBarrier input on which a byte says start; empty: the program starts at once
 * @param newKeyring whether it gets a session keyring of its own
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
    Optional<String> startBarrier,
    boolean newKeyring,
    Map<String, String> origins) {

  /** The name of the input that {@link #of} takes the root file system from. */
  public static final String ROOTFS = "rootfs";

  public ContainerInputs {
    inputs = List.copyOf(inputs);
    preserved = List.copyOf(preserved);
    joined = Map.copyOf(joined);
    origins = Map.copyOf(origins);
  }

  /** Inputs of a container whose root is a detached mount, the only input. */
  public static ContainerInputs of(String id, StandardStreams streams) {
    return new ContainerInputs(
        id,
        "",
        new RootSource.Descriptor(ROOTFS),
        List.of(ROOTFS),
        streams,
        false,
        List.of(),
        Map.of(),
        Optional.empty(),
        true,
        Map.of());
  }

  public ContainerInputs withBundle(String path) {
    return new ContainerInputs(
        id,
        path,
        root,
        inputs,
        streams,
        init,
        preserved,
        joined,
        startBarrier,
        newKeyring,
        origins);
  }

  public ContainerInputs withRoot(RootSource source) {
    return new ContainerInputs(
        id,
        bundle,
        source,
        inputs,
        streams,
        init,
        preserved,
        joined,
        startBarrier,
        newKeyring,
        origins);
  }

  public ContainerInputs withInputs(List<String> names) {
    return new ContainerInputs(
        id,
        bundle,
        root,
        names,
        streams,
        init,
        preserved,
        joined,
        startBarrier,
        newKeyring,
        origins);
  }

  public ContainerInputs withInit(boolean wanted) {
    return new ContainerInputs(
        id,
        bundle,
        root,
        inputs,
        streams,
        wanted,
        preserved,
        joined,
        startBarrier,
        newKeyring,
        origins);
  }

  public ContainerInputs withPreserved(List<String> names) {
    return new ContainerInputs(
        id, bundle, root, inputs, streams, init, names, joined, startBarrier, newKeyring, origins);
  }

  public ContainerInputs withJoined(Map<NamespaceType, String> namespaces) {
    return new ContainerInputs(
        id,
        bundle,
        root,
        inputs,
        streams,
        init,
        preserved,
        namespaces,
        startBarrier,
        newKeyring,
        origins);
  }

  public ContainerInputs withStartBarrier(String input) {
    return new ContainerInputs(
        id,
        bundle,
        root,
        inputs,
        streams,
        init,
        preserved,
        joined,
        Optional.of(input),
        newKeyring,
        origins);
  }

  public ContainerInputs withNewKeyring(boolean wanted) {
    return new ContainerInputs(
        id, bundle, root, inputs, streams, init, preserved, joined, startBarrier, wanted, origins);
  }

  public ContainerInputs withOrigins(Map<String, String> words) {
    return new ContainerInputs(
        id,
        bundle,
        root,
        inputs,
        streams,
        init,
        preserved,
        joined,
        startBarrier,
        newKeyring,
        words);
  }
}
