package dev.coffer.engine.model;

import java.util.Optional;

/**
 * How a container ends.
 *
 * @param autoRemove whether it is removed when it has ended
 * @param restartPolicy {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure}
 * @param restartMaximum most restarts of {@code on-failure}, 0 for any number
 * @param stopSignal signal that asks it to end; empty: the image's or SIGTERM
 * @param stopTimeoutSeconds how long it may take; empty: 10
 * @param cidFile file that gets the id, already opened by the front door; here for inspect only
 * @param pidFile path on the host that gets the first process's pid
 */
public record LifecycleRequest(
    boolean autoRemove,
    String restartPolicy,
    int restartMaximum,
    Optional<String> stopSignal,
    Optional<Integer> stopTimeoutSeconds,
    Optional<String> cidFile,
    Optional<String> pidFile) {}
