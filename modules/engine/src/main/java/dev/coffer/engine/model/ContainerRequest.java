package dev.coffer.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user asks of a new container: the union of Docker's container config and host config,
 * typed and grouped. Nothing here has been looked up yet; the engine joins it with the image's
 * config.
 *
 * @param image reference or id
 * @param name wanted name; empty: one is made up
 * @param platform wanted platform such as {@code linux/arm64}; empty: the host's
 * @param pull when to fetch the image
 * @param process what runs
 * @param resources limits
 * @param security privileges
 * @param namespaces which namespaces are shared
 * @param mounts volumes, binds, tmpfs, in the order given
 * @param network host name, hosts, resolver
 * @param logging driver and options
 * @param lifecycle removal, restarts, stopping
 * @param labels labels
 * @param annotations OCI annotations
 * @param runtime name of the runtime wanted; empty: the default
 */
public record ContainerRequest(
    String image,
    Optional<String> name,
    Optional<String> platform,
    PullPolicy pull,
    ProcessRequest process,
    ResourceRequest resources,
    SecurityRequest security,
    NamespaceRequest namespaces,
    List<MountRequest> mounts,
    NetworkRequest network,
    LogRequest logging,
    LifecycleRequest lifecycle,
    Map<String, String> labels,
    Map<String, String> annotations,
    Optional<String> runtime) {

  /** The same of another image. */
  public ContainerRequest withImage(String other) {
    return with(other, network);
  }

  /** The same with another network. */
  public ContainerRequest with(NetworkRequest otherNetwork) {
    return with(image, otherNetwork);
  }

  private ContainerRequest with(String otherImage, NetworkRequest otherNetwork) {
    return new ContainerRequest(
        otherImage,
        name,
        platform,
        pull,
        process,
        resources,
        security,
        namespaces,
        mounts,
        otherNetwork,
        logging,
        lifecycle,
        labels,
        annotations,
        runtime);
  }

  /** When to fetch the image. */
  public enum PullPolicy {
    ALWAYS,
    MISSING,
    NEVER
  }
}
