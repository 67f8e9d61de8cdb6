package dev.coffer.runtime.monitor;

import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;

/**
 * The container's standard streams.
 *
 * @param openStdin {@code -i}: standard input is a stream that clients write, not the end of file
 * @param stdinOnce standard input closes when the first client that had it leaves
 */
public record StdioSettings(
    StdioMode mode, boolean openStdin, boolean stdinOnce, WindowSize size) {}
