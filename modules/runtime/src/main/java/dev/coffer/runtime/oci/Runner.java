package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.runtime.protocol.RunFrame.Streams;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The caller's own process, as it runs plans. For one thread. */
public interface Runner {

  /**
   * What to run.
   *
   * @param program the plan
   * @param report file that keeps the plan's status page, empty and open for reading and writing
   * @param inputs fill the plan's input slots from the first on; they stay their owner's
   * @param preserved how many of the caller's descriptors, from 3 on, fill the slots after them
   * @param streams what the program's standard streams are
   * @param untilExec whether to wait until the program has been executed; else for stage 0 alone
   */
  record Run(
      Program program,
      Optional<Fd> report,
      List<Fd> inputs,
      int preserved,
      Streams streams,
      boolean untilExec) {
    public Run {
      inputs = List.copyOf(inputs);
    }

    /** A plan of one stage, which starts nothing that lasts. */
    static Run alone(Program program, List<Fd> inputs) {
      return new Run(program, Optional.empty(), inputs, 0, Streams.ELSEWHERE, false);
    }
  }

  /**
   * What was started.
   *
   * @param pid of the container's process, 0 where the plan starts none
   * @param pidfd of the same; the receiver's to close
   */
  record Running(int pid, Optional<Fd> pidfd) implements AutoCloseable {
    @Override
    public void close() {
      pidfd.ifPresent(Fd::close);
    }
  }

  /**
   * Runs a plan in the caller.
   *
   * @throws dev.coffer.runtime.monitor.StartException where it failed; nothing of it runs then
   */
  Running run(Run run) throws IOException;

  /**
   * Has the caller stay in the foreground, passing on signals and the terminal, until the process
   * that it started last has ended.
   *
   * @param errand a command line of this program that the caller runs itself when the process has
   *     ended and this one is not there any more; empty: none
   * @return its exit code; 128 + n where signal n ended it
   */
  int awaitEnd(List<String> errand) throws IOException;

  /** Does something that lasts for as long as the caller waits for it. */
  <T> T await(Supplier<T> action);
}
