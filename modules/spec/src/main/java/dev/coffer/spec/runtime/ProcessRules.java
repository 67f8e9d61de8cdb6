package dev.coffer.spec.runtime;

import java.util.EnumSet;
import java.util.Set;

/** The rules for {@code process}. Source: config.md, Process. */
final class ProcessRules {
  private static final Set<SchedulerPolicy> REAL_TIME =
      EnumSet.of(SchedulerPolicy.FIFO, SchedulerPolicy.RR);

  private ProcessRules() {}

  static void check(ContainerProcess process, Problems problems) {
    problems.at("cwd").absolute(process.cwd());
    if (process.args().isEmpty()) {
      problems.at("args").add("must have at least one entry");
    }
    problems.at("args").texts(process.args());
    problems.at("env").environment(process.env());
    process
        .user()
        .umask()
        .ifPresent(umask -> problems.at("user").at("umask").range(umask, 0, 0777));
    rlimits(process, problems.at("rlimits"));
    process.oomScoreAdj().ifPresent(score -> problems.at("oomScoreAdj").range(score, -1000, 1000));
    process.scheduler().ifPresent(scheduler -> scheduler(scheduler, problems.at("scheduler")));
    process
        .ioPriority()
        .ifPresent(io -> problems.at("ioPriority").at("priority").range(io.priority(), 0, 7));
    process
        .execCPUAffinity()
        .ifPresent(
            affinity -> {
              Problems at = problems.at("execCPUAffinity");
              affinity.initialCpus().ifPresent(cpus -> at.at("initial").numberList(cpus));
              affinity.finalCpus().ifPresent(cpus -> at.at("final").numberList(cpus));
            });
  }

  private static void rlimits(ContainerProcess process, Problems problems) {
    Set<RlimitType> seen = EnumSet.noneOf(RlimitType.class);
    for (int i = 0; i < process.rlimits().size(); i++) {
      Rlimit limit = process.rlimits().get(i);
      if (!seen.add(limit.type())) {
        problems.at(i).at("type").add("must not be given twice: " + limit.type().spelling());
      }
      if (Long.compareUnsigned(limit.soft(), limit.hard()) > 0) {
        problems
            .at(i)
            .at("soft")
            .add(
                "must not be above the hard limit "
                    + Long.toUnsignedString(limit.hard())
                    + ", is "
                    + Long.toUnsignedString(limit.soft()));
      }
    }
  }

  /** Beside the words of the specification: what sched_setattr(2) refuses. */
  private static void scheduler(Scheduler scheduler, Problems problems) {
    problems.at("nice").range(scheduler.nice(), -20, 19);
    if (REAL_TIME.contains(scheduler.policy())) {
      problems.at("priority").range(scheduler.priority(), 1, 99);
    } else {
      problems.at("priority").range(scheduler.priority(), 0, 0);
    }
    boolean hasDeadline = (scheduler.runtime() | scheduler.deadline() | scheduler.period()) != 0;
    if (hasDeadline && scheduler.policy() != SchedulerPolicy.DEADLINE) {
      problems.add("runtime, deadline and period are for SCHED_DEADLINE only");
    }
  }
}
