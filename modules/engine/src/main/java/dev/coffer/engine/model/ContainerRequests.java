package dev.coffer.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests with everything at Docker's defaults, to start from. */
public final class ContainerRequests {

  private ContainerRequests() {}

  /**
   * A request that asks for an image and a command and nothing else; an empty command is the
   * image's.
   */
  public static ContainerRequest of(String image, List<String> command) {
    return new ContainerRequest(
        image,
        Optional.empty(),
        Optional.empty(),
        ContainerRequest.PullPolicy.MISSING,
        process(command),
        NO_LIMITS,
        new SecurityRequest(false, List.of(), List.of(), List.of(), List.of(), Map.of(), false),
        new NamespaceRequest("", "", "", "", ""),
        List.of(),
        network("default"),
        new LogRequest("json-file", Map.of()),
        new LifecycleRequest(
            false, "no", 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        Map.of(),
        Map.of(),
        Optional.empty());
  }

  /** Resources without a limit. */
  public static final ResourceRequest NO_LIMITS =
      new ResourceRequest(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of());

  /** A process with pipes for its output and nothing to read. */
  public static ProcessRequest process(List<String> command) {
    return new ProcessRequest(
        Optional.empty(),
        command,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        false,
        true,
        true,
        0,
        0,
        false,
        Optional.empty());
  }

  /** A network mode without names of its own. */
  public static NetworkRequest network(String mode) {
    return new NetworkRequest(
        mode,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        false);
  }
}
