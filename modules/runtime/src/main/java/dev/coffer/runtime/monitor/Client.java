package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.DescriptorRole;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A client for a monitor to serve. The descriptors stay the caller's own, who closes them after the
 * call that they were given to.
 *
 * @param socket the monitor's end of a stream socket pair; frames go over it
 * @param foreground whether it holds the container back when it does not read, as a pipe would
 * @param stdin streams that the monitor serves directly instead of by frames: a launcher's
 *     redirected 0 to 2
 */
public record Client(
    Fd socket,
    Attach attach,
    boolean foreground,
    Optional<Fd> stdin,
    Optional<Fd> stdout,
    Optional<Fd> stderr) {
  /** A client whose streams all go over the socket. */
  public static Client overSocket(Fd socket, Attach attach, boolean foreground) {
    return new Client(
        socket, attach, foreground, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Gives each descriptor with its role. */
  void descriptors(BiConsumer<DescriptorRole, Fd> consumer) {
    consumer.accept(DescriptorRole.CLIENT, socket);
    stdin.ifPresent(fd -> consumer.accept(DescriptorRole.CLIENT_STDIN, fd));
    stdout.ifPresent(fd -> consumer.accept(DescriptorRole.CLIENT_STDOUT, fd));
    stderr.ifPresent(fd -> consumer.accept(DescriptorRole.CLIENT_STDERR, fd));
  }
}
