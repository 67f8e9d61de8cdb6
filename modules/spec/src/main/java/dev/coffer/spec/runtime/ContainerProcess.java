package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * A process in the container: its first one, or one that is added later. Source: config.md,
 * Process.
 *
 * @param terminal whether its standard streams are a pseudoterminal
 * @param consoleSize first size of the terminal; ignored without one
 * @param user ids and umask to run with
 * @param args program and arguments; at least one is required
 * @param commandLine for Windows; kept
 * @param env the environment as {@code NAME=value}
 * @param cwd absolute working directory inside
 * @param capabilities the five capability sets; absent keeps none
 * @param rlimits resource limits
 * @param noNewPrivileges whether exec may never add privileges
 * @param apparmorProfile AppArmor profile
 * @param oomScoreAdj {@code oom_score_adj}, -1000 to 1000; absent leaves it as it is
 * @param scheduler scheduling attributes
 * @param selinuxLabel SELinux label
 * @param ioPriority I/O priority
 * @param execCPUAffinity CPUs of processes that are added by exec
 * @param extra members that the specification does not know, kept for writing
 */
public record ContainerProcess(
    boolean terminal,
    Optional<ConsoleSize> consoleSize,
    User user,
    List<String> args,
    Optional<String> commandLine,
    List<String> env,
    String cwd,
    Optional<Capabilities> capabilities,
    List<Rlimit> rlimits,
    boolean noNewPrivileges,
    Optional<String> apparmorProfile,
    Optional<Integer> oomScoreAdj,
    Optional<Scheduler> scheduler,
    Optional<String> selinuxLabel,
    Optional<IoPriority> ioPriority,
    Optional<CpuAffinity> execCPUAffinity,
    JsonObject extra) {
  public ContainerProcess {
    args = List.copyOf(args);
    env = List.copyOf(env);
    rlimits = List.copyOf(rlimits);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static ContainerProcess read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new ContainerProcess(
        in.field("terminal").boolOrFalse(),
        in.field("consoleSize").optional(ConsoleSize::read),
        in.field("user").orElse(User::read, User.ROOT),
        in.field("args").list(JsonCursor::string),
        in.field("commandLine").nonEmpty(),
        in.field("env").list(JsonCursor::string),
        in.field("cwd").string(),
        in.field("capabilities").optional(Capabilities::read),
        in.field("rlimits").list(Rlimit::read),
        in.field("noNewPrivileges").boolOrFalse(),
        in.field("apparmorProfile").nonEmpty(),
        in.field("oomScoreAdj").optional(JsonCursor::int32),
        in.field("scheduler").optional(Scheduler::read),
        in.field("selinuxLabel").nonEmpty(),
        in.field("ioPriority").optional(IoPriority::read),
        in.field("execCPUAffinity").optional(CpuAffinity::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfTrue("terminal", terminal)
        .putIfPresent("consoleSize", consoleSize, ConsoleSize::toJson)
        .put("user", user.toJson())
        .putUnlessEmpty("args", JsonValue.ofStrings(args))
        .putIfPresent("commandLine", commandLine)
        .putUnlessEmpty("env", JsonValue.ofStrings(env))
        .put("cwd", cwd)
        .putIfPresent("capabilities", capabilities, Capabilities::toJson)
        .putUnlessEmpty("rlimits", JsonArray.of(rlimits, Rlimit::toJson))
        .putIfTrue("noNewPrivileges", noNewPrivileges)
        .putIfPresent("apparmorProfile", apparmorProfile)
        .putIfPresent("oomScoreAdj", oomScoreAdj, JsonNumber::of)
        .putIfPresent("scheduler", scheduler, Scheduler::toJson)
        .putIfPresent("selinuxLabel", selinuxLabel)
        .putIfPresent("ioPriority", ioPriority, IoPriority::toJson)
        .putIfPresent("execCPUAffinity", execCPUAffinity, CpuAffinity::toJson)
        .putAll(extra)
        .build();
  }

  /** A builder with everything else at its default. */
  public static Builder builder(String cwd) {
    return new Builder(cwd);
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    Builder builder = new Builder(cwd);
    builder.terminal = terminal;
    builder.consoleSize = consoleSize;
    builder.user = user;
    builder.args = args;
    builder.commandLine = commandLine;
    builder.env = env;
    builder.capabilities = capabilities;
    builder.rlimits = rlimits;
    builder.noNewPrivileges = noNewPrivileges;
    builder.apparmorProfile = apparmorProfile;
    builder.oomScoreAdj = oomScoreAdj;
    builder.scheduler = scheduler;
    builder.selinuxLabel = selinuxLabel;
    builder.ioPriority = ioPriority;
    builder.execCPUAffinity = execCPUAffinity;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link ContainerProcess}; for use by one thread. */
  public static final class Builder {
    private boolean terminal = false;
    private Optional<ConsoleSize> consoleSize = Optional.empty();
    private User user = User.ROOT;
    private List<String> args = List.of();
    private Optional<String> commandLine = Optional.empty();
    private List<String> env = List.of();
    private String cwd;
    private Optional<Capabilities> capabilities = Optional.empty();
    private List<Rlimit> rlimits = List.of();
    private boolean noNewPrivileges = false;
    private Optional<String> apparmorProfile = Optional.empty();
    private Optional<Integer> oomScoreAdj = Optional.empty();
    private Optional<Scheduler> scheduler = Optional.empty();
    private Optional<String> selinuxLabel = Optional.empty();
    private Optional<IoPriority> ioPriority = Optional.empty();
    private Optional<CpuAffinity> execCPUAffinity = Optional.empty();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String cwd) {
      this.cwd = cwd;
    }

    /** Sets {@link ContainerProcess#terminal}. */
    public Builder terminal(boolean terminal) {
      this.terminal = terminal;
      return this;
    }

    /** Sets {@link ContainerProcess#consoleSize}. */
    public Builder consoleSize(ConsoleSize consoleSize) {
      this.consoleSize = Optional.of(consoleSize);
      return this;
    }

    /** Sets {@link ContainerProcess#user}. */
    public Builder user(User user) {
      this.user = user;
      return this;
    }

    /** Sets {@link ContainerProcess#args}. */
    public Builder args(List<String> args) {
      this.args = args;
      return this;
    }

    /** Sets {@link ContainerProcess#commandLine}. */
    public Builder commandLine(String commandLine) {
      this.commandLine = Optional.of(commandLine);
      return this;
    }

    /** Sets {@link ContainerProcess#env}. */
    public Builder env(List<String> env) {
      this.env = env;
      return this;
    }

    /** Sets {@link ContainerProcess#cwd}. */
    public Builder cwd(String cwd) {
      this.cwd = cwd;
      return this;
    }

    /** Sets {@link ContainerProcess#capabilities}. */
    public Builder capabilities(Capabilities capabilities) {
      this.capabilities = Optional.of(capabilities);
      return this;
    }

    /** Sets {@link ContainerProcess#rlimits}. */
    public Builder rlimits(List<Rlimit> rlimits) {
      this.rlimits = rlimits;
      return this;
    }

    /** Sets {@link ContainerProcess#noNewPrivileges}. */
    public Builder noNewPrivileges(boolean noNewPrivileges) {
      this.noNewPrivileges = noNewPrivileges;
      return this;
    }

    /** Sets {@link ContainerProcess#apparmorProfile}. */
    public Builder apparmorProfile(String apparmorProfile) {
      this.apparmorProfile = Optional.of(apparmorProfile);
      return this;
    }

    /** Sets {@link ContainerProcess#oomScoreAdj}. */
    public Builder oomScoreAdj(int oomScoreAdj) {
      this.oomScoreAdj = Optional.of(oomScoreAdj);
      return this;
    }

    /** Sets {@link ContainerProcess#scheduler}. */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Optional.of(scheduler);
      return this;
    }

    /** Sets {@link ContainerProcess#selinuxLabel}. */
    public Builder selinuxLabel(String selinuxLabel) {
      this.selinuxLabel = Optional.of(selinuxLabel);
      return this;
    }

    /** Sets {@link ContainerProcess#ioPriority}. */
    public Builder ioPriority(IoPriority ioPriority) {
      this.ioPriority = Optional.of(ioPriority);
      return this;
    }

    /** Sets {@link ContainerProcess#execCPUAffinity}. */
    public Builder execCPUAffinity(CpuAffinity execCPUAffinity) {
      this.execCPUAffinity = Optional.of(execCPUAffinity);
      return this;
    }

    /** Sets {@link ContainerProcess#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public ContainerProcess build() {
      return new ContainerProcess(
          terminal,
          consoleSize,
          user,
          args,
          commandLine,
          env,
          cwd,
          capabilities,
          rlimits,
          noNewPrivileges,
          apparmorProfile,
          oomScoreAdj,
          scheduler,
          selinuxLabel,
          ioPriority,
          execCPUAffinity,
          extra);
    }
  }
}
