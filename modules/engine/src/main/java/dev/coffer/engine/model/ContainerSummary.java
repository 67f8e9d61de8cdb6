package dev.coffer.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line of {@code ps}.
 *
 * @param id full id
 * @param image the reference as the user gave it
 * @param imageId the image's id
 * @param command the command line as shown by {@code ps}
 * @param state {@code created}, {@code running}, {@code paused}, {@code restarting}, {@code
 *     exited}, {@code dead}
 * @param status in words, such as {@code Up 3 minutes}
 * @param sizeRw bytes written to its own layer, when asked for
 */
public record ContainerSummary(
    String id,
    List<String> names,
    String image,
    String imageId,
    String command,
    Instant created,
    String state,
    String status,
    List<String> ports,
    Map<String, String> labels,
    List<String> mounts,
    List<String> networks,
    Optional<Long> sizeRw,
    Optional<Long> sizeRootFs) {}
