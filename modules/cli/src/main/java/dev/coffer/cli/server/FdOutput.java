package dev.coffer.cli.server;

import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.KernelException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to a descriptor that somebody else owns; the caller dies of a broken pipe as a program
 * should.
 */
final class FdOutput extends OutputStream {

  private static final int SIGPIPE = 13;

  private final Fd fd;
  private final Breaker breaker;

  FdOutput(Fd fd, Breaker breaker) {
    this.fd = fd;
    this.breaker = breaker;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      FileData.writeAll(fd, bytes, from, length);
    } catch (KernelException e) {
      if (e.is(Errno.EPIPE)) {
        boolean ignored = breaker.signal(SIGPIPE);
        throw new CallerGoneException();
      }
      throw e;
    }
  }
}
