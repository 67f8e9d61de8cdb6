package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.ProcFile;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The caller's descriptors, from 3 on, that a program gets.
 *
 * @param listening sockets that the caller was activated with (sd_listen_fds(3)); they come first
 * @param preserved those that {@code --preserve-fds} names
 */
record PassedDescriptors(int listening, int preserved) {
  private static final int FIRST = 3;
  private static final String FLAGS = "flags:";
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,2}");

  /** {@code O_CLOEXEC}, by which coffer-oci's own differ from the caller's. */
  private static final int CLOSE_ON_EXEC = 02000000;

  /**
   * What there is of them. {@code LISTEN_FDS} may be left over from a process that had the sockets,
   * so it counts only where they are.
   *
   * @throws OciException where the caller lacks one that it asked for
   */
  static PassedDescriptors of(OciCaller caller, int preserved) throws KernelException {
    int promised = promised(caller.environment());
    int listening = 0;
    while (listening < promised && isOpen(caller.pid(), FIRST + listening)) {
      listening++;
    }
    for (int number = FIRST + listening; number < FIRST + listening + preserved; number++) {
      if (!isOpen(caller.pid(), number)) {
        throw new OciException(
            "--preserve-fds " + preserved + ": descriptor " + number + " is not open");
      }
    }
    return new PassedDescriptors(listening, preserved);
  }

  int count() {
    return listening + preserved;
  }

  static int promised(Map<String, String> environment) {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    return COUNT.matcher(count).matches() ? Integer.parseInt(count) : 0;
  }

  /** One that may not be looked at counts as open: the runner looks once more. */
  private static boolean isOpen(int pid, int descriptor) throws KernelException {
    try {
      return ProcFile.readRecord(Fd.CWD, "/proc/" + pid + "/fdinfo/" + descriptor)
          .filter(PassedDescriptors::isPassedOn)
          .isPresent();
    } catch (KernelException e) {
      if (e.is(Errno.EACCES)) {
        return true;
      }
      throw e;
    }
  }

  static boolean isPassedOn(String fdinfo) {
    return fdinfo
        .lines()
        .filter(line -> line.startsWith(FLAGS))
        .map(line -> Integer.parseInt(line.substring(FLAGS.length()).strip(), 8))
        .noneMatch(flags -> (flags & CLOSE_ON_EXEC) != 0);
  }
}
