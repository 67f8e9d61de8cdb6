package dev.coffer.engine.command;

import dev.coffer.engine.model.DiskUsage;
import dev.coffer.engine.model.EngineStatus;
import dev.coffer.engine.model.SystemInfo;
import dev.coffer.engine.model.VersionInfo;

/**
 * Commands on the engine itself.
 *
 * @param <R> what the command answers
 */
@SuppressWarnings("AvoidCommonTypeNames")
public sealed interface SystemCommand<R> extends Command<R> {

  /** Facts of the host and of what the engine keeps. */
  record Info() implements SystemCommand<SystemInfo> {}

  /** Versions of Coffer and of what it is made of. */
  record Version() implements SystemCommand<VersionInfo> {}

  /** What is taken of the disk. */
  record MeasureDisk() implements SystemCommand<DiskUsage> {}

  /** Whether the engine runs, since when, with how many containers. */
  record Status() implements SystemCommand<EngineStatus> {}

  /** Ends the engine once its current commands are done; containers keep running. */
  record Shutdown() implements SystemCommand<Void> {}
}
