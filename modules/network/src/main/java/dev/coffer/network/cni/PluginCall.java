package dev.coffer.network.cni;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A plugin that is to run.
 *
 * @param program its file
 * @param environment {@code NAME=value} each
 * @param input what it reads
 * @param answer a file in which what it says is kept, also when nobody is there any more to hear
 *     it; empty: nowhere
 */
public record PluginCall(
    Path program, List<String> environment, String input, Optional<Path> answer) {
  public PluginCall {
    environment = List.copyOf(environment);
  }

  /** Runs plugins. Any number of threads may call. */
  @FunctionalInterface
  public interface Runner {
    /**
     * Runs one to its end.
     *
     * @throws CniException when it cannot be run, takes too long or says too much; it does not run
     *     any more then. The message goes on after the plugin's name
     */
    Output run(PluginCall call) throws CniException;
  }

  /**
   * How one ended.
   *
   * @param code 0 to 255; 128 + signal where one ended it
   * @param output all that it wrote
   * @param errors the end of what it wrote to standard error
   */
  public record Output(int code, String output, String errors) {}
}
