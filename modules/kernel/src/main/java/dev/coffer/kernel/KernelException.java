package dev.coffer.kernel;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A system call that the kernel refused: which call, with which arguments, and its errno.
 *
 * <p>The message is a cause to put behind a sentence of the caller's own: {@code openat(7,
 * "etc/passwd"): ENOENT: no such file or directory}.
 */
public sealed class KernelException extends IOException permits NetlinkRefusal {
  private static final long serialVersionUID = 1;

  private final String call;
  private final transient List<String> arguments;
  private final int number;

  /**
   * @param call the call's name as its man page has it
   * @param number the positive errno
   * @param arguments the arguments as a reader wants to see them
   */
  public KernelException(String call, int number, Object... arguments) {
    this(call, number, Stream.of(arguments).map(KernelException::show).toList());
  }

  private KernelException(String call, int number, List<String> arguments) {
    super(
        call
            + arguments.stream().collect(Collectors.joining(", ", "(", ")"))
            + ": "
            + describe(number));
    this.call = call;
    this.arguments = arguments;
    this.number = number;
  }

  static KernelException of(Call call, long result, Object... arguments) {
    return new KernelException(call.title(), (int) -result, arguments);
  }

  /** The call's name. */
  public String call() {
    return call;
  }

  /** The arguments as text. */
  public List<String> arguments() {
    return arguments;
  }

  /** The errno as the kernel gave it. */
  public int number() {
    return number;
  }

  /** Whether the errno is this one. */
  public boolean is(Errno errno) {
    return number == errno.number();
  }

  /** What an errno means: "ENOENT: no such file or directory", or "errno 4095". */
  public static String describe(int number) {
    return Errno.of(number)
        .map(errno -> errno.name() + ": " + errno.words())
        .orElseGet(() -> "errno " + number);
  }

  private static String show(Object argument) {
    return argument instanceof CharSequence ? "\"" + argument + "\"" : String.valueOf(argument);
  }
}
