package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that a monitor is told at its start.
 *
 * @param id the container's or exec's id, for the process title and messages
 * @param inputs fill the plan's input slots, in order; they stay the caller's own
 * @param stateDirectory where log and exit record go; must exist
 * @param runDirectory the monitor's own, for its lock and socket; must exist
 * @param detachKeys the bytes that detach a terminal; empty: none do
 * @param exitRecordName file in the state directory
 * @param syncExitRecord whether the record must survive a power cut
 * @param oomFile where the kernel counts the container's out-of-memory kills
 * @param engineCommand what the monitor starts when the process has ended and no engine is
 *     connected; empty: nothing
 * @param listen whether the monitor listens for later clients and engines
 * @param client who is attached from the first byte on
 */
public record StartRequest(
    String id,
    Program program,
    List<Fd> inputs,
    Path stateDirectory,
    Path runDirectory,
    StdioSettings stdio,
    LogSettings log,
    List<Byte> detachKeys,
    String exitRecordName,
    boolean syncExitRecord,
    Optional<Path> oomFile,
    List<String> engineCommand,
    boolean listen,
    Optional<Client> client) {

  /** The detach keys that Docker's users know: Ctrl-P, Ctrl-Q. */
  public static final List<Byte> DEFAULT_DETACH_KEYS = List.of((byte) 16, (byte) 17);

  public StartRequest {
    inputs = List.copyOf(inputs);
    detachKeys = List.copyOf(detachKeys);
    engineCommand = List.copyOf(engineCommand);
  }
}
