package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.request.Console;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.StdioKind;
import java.util.List;

/** Which of a container's streams a caller takes part in. */
record AttachedStreams(boolean stdin, boolean stdout, boolean stderr) {

  static final AttachedStreams NONE = new AttachedStreams(false, false, false);

  /**
   * What {@code run} and {@code create} attach: what {@code -a} names, else both outputs, and the
   * input with {@code -i}.
   */
  static AttachedStreams of(Arguments arguments) {
    List<String> named = arguments.get(ContainerOptions.ATTACH);
    if (named.isEmpty()) {
      return new AttachedStreams(arguments.get(ContainerOptions.INTERACTIVE), true, true);
    }
    return new AttachedStreams(
        named.contains("stdin"), named.contains("stdout"), named.contains("stderr"));
  }

  Attach toAttach() {
    return new Attach(stdin, stdout, stderr);
  }

  /**
   * Refuses a pseudo-terminal whose input comes from something that is no terminal, as Docker does.
   */
  void checkTerminal(Console console, boolean terminal) {
    if (stdin && terminal && console.kind(0) != StdioKind.TTY) {
      throw new NotATerminalException();
    }
  }
}
