package dev.coffer.engine.command;

import dev.coffer.kernel.Fd;
import java.util.Optional;

/**
 * A client's end of a container's input and output, handed to the monitor. The engine itself never
 * touches a byte of it.
 *
 * @param socket a connected Unix stream socket that speaks the client protocol
 *     (docs/contributors/protocols.md); the engine takes ownership
 * @param stdin descriptor that the monitor reads for the container's input; empty: input comes as
 *     frames on the socket, or not at all
 * @param stdout descriptor for the container's output; empty: frames
 * @param stderr descriptor for the container's errors; empty: frames
 * @param attachStdin whether input is forwarded
 * @param attachStdout whether output is wanted
 * @param attachStderr whether errors are wanted
 * @param foreground whether this client back-pressures the container
 * @param detachKeys bytes that detach, empty for none
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClientStreams(
    Fd socket,
    Optional<Fd> stdin,
    Optional<Fd> stdout,
    Optional<Fd> stderr,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    boolean foreground,
    byte[] detachKeys) {}
