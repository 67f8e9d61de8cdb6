package dev.coffer.plan.wire;

import java.util.Optional;

/**
 * The errors that plans name in rules or that a failure is reported with, with the words users know
 * them by. Numbers are those of asm-generic/errno.h, which both machines share.
 */
public enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "no such file or directory"),
  ESRCH(3, "no such process"),
  EINTR(4, "interrupted system call"),
  EIO(5, "input/output error"),
  ENXIO(6, "no such device or address"),
  E2BIG(7, "argument list too long"),
  ENOEXEC(8, "exec format error"),
  EBADF(9, "bad file descriptor"),
  ECHILD(10, "it failed"),
  EAGAIN(11, "resource temporarily unavailable"),
  ENOMEM(12, "cannot allocate memory"),
  EACCES(13, "permission denied"),
  EFAULT(14, "bad address"),
  EBUSY(16, "device or resource busy"),
  EEXIST(17, "file exists"),
  EXDEV(18, "invalid cross-device link"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  ENFILE(23, "too many open files in system"),
  EMFILE(24, "too many open files"),
  ENOTTY(25, "inappropriate ioctl for device"),
  ETXTBSY(26, "text file busy"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left on device"),
  EROFS(30, "read-only file system"),
  EPIPE(32, "the other process is gone"),
  ERANGE(34, "numerical result out of range"),
  ENAMETOOLONG(36, "file name too long"),
  ENOSYS(38, "function not implemented by this kernel"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "too many levels of symbolic links"),
  EOVERFLOW(75, "value too large"),
  EBADMSG(74, "it is not what it has to be"),
  EPROTO(71, "protocol error"),
  EUSERS(87, "too many users"),
  EPROTOTYPE(91, "protocol wrong type for socket"),
  EOPNOTSUPP(95, "operation not supported"),
  EAFNOSUPPORT(97, "address family not supported"),
  ETIMEDOUT(110, "timed out"),
  ECONNREFUSED(111, "connection refused"),
  ESTALE(116, "stale file handle"),
  EDQUOT(122, "quota exceeded"),
  ECANCELED(125, "cancelled"),
  ENOKEY(126, "required key not available"),
  ENOTSUPP(524, "operation not supported");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** What the error means, in lower case and without a full stop. */
  public String text() {
    return text;
  }

  /** The error with a number, if plans know it. */
  public static Optional<Errno> of(int number) {
    for (Errno errno : values()) {
      if (errno.number == number) {
        return Optional.of(errno);
      }
    }
    return Optional.empty();
  }

  /** The words for an error number, known or not, or for what stands in its place. */
  public static String text(int number) {
    if (number >= WireForm.HOOK_KILLED) {
      return "it was killed by signal " + (number - WireForm.HOOK_KILLED);
    }
    if (number >= WireForm.HOOK_EXITED) {
      return "it exited with code " + (number - WireForm.HOOK_EXITED);
    }
    return of(number).map(Errno::text).orElse("error " + number);
  }
}
