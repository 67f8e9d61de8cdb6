package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.Optional;

/**
 * One of the launcher's descriptors 0 to 2.
 *
 * @param size the window of a terminal, else {@link WindowSize#UNKNOWN}
 * @param termios the terminal's settings as the kernel's structure, else empty
 * @param descriptor the stream itself where it was passed; a terminal never is
 */
@SuppressWarnings("ArrayRecordComponent")
public record CallerStream(
    StdioKind kind, WindowSize size, byte[] termios, Optional<Fd> descriptor) {}
