package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import java.io.IOException;

/** One command: what it is called and takes, and what it does. */
interface OciCommand {

  /** Its name, options and help. */
  CommandModel model();

  /**
   * Carries it out.
   *
   * @return the exit code
   * @throws dev.coffer.runtime.oci.OciException when it cannot be done
   * @throws IllegalArgumentException when an argument is wrong in a way the parser cannot see
   */
  int run(OciRequest request, Arguments arguments) throws IOException;

  /** The exit code when what {@link #run} throws says no other. */
  default int failureCode() {
    return 1;
  }
}
