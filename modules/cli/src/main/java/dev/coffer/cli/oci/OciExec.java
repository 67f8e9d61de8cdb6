package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.ExecOptions;
import dev.coffer.runtime.oci.ExecProcess;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.Capabilities;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** {@code coffer-oci exec}. */
final class OciExec implements OciCommand {
  /** runc's code for an exec that it could not carry out. */
  private static final int FAILED = 255;

  private static final Option<Optional<String>> CWD =
      Option.of("cwd", Type.nonEmptyText(), "Working directory in the container");
  private static final Option<List<String>> ENV =
      Option.of("env", 'e', Type.list(), "Set an environment variable");
  private static final Option<Boolean> TTY =
      Option.of("tty", 't', Type.toggle(), "Allocate a pseudo-terminal");
  private static final Option<Optional<String>> USER =
      Option.of("user", 'u', Type.nonEmptyText(), "User and group by number: UID[:GID]");
  private static final Option<List<Long>> GIDS =
      Option.of("additional-gids", 'g', Type.list("gid", OciExec::id), "Add a group");
  private static final Option<Optional<String>> PROCESS =
      Option.of("process", 'p', Type.text(), "File with the process as JSON");
  private static final Option<Boolean> DETACH =
      Option.of("detach", 'd', Type.toggle(), "Return as soon as the process runs");
  private static final Option<Optional<String>> LABEL =
      Option.of("process-label", Type.text(), "SELinux label");
  private static final Option<Optional<String>> APPARMOR =
      Option.of("apparmor", Type.text(), "AppArmor profile");
  private static final Option<Boolean> NO_NEW_PRIVS =
      Option.of("no-new-privs", Type.toggle(), "Never let the process gain privileges");
  private static final Option<List<String>> CAP =
      Option.of("cap", 'c', Type.list(), "Add a capability");
  private static final Option<List<String>> CGROUP =
      Option.of(
          "cgroup",
          Type.list(),
          "Cgroup below the container's, which exists: PATH, or CONTROLLER[,CONTROLLER...]:PATH");
  private static final Option<Boolean> IGNORE_PAUSED =
      Option.of("ignore-paused", Type.toggle(), "Also in a paused container");

  private static final CommandModel MODEL =
      CommandModel.of(
              "oci exec",
              "CONTAINER-ID [COMMAND] [ARG...]",
              "Run a further process in a container",
              1,
              CommandModel.MANY,
              CreationOptions.CONSOLE_SOCKET,
              CWD,
              ENV,
              TTY,
              USER,
              GIDS,
              PROCESS,
              DETACH,
              CreationOptions.PID_FILE,
              CreationOptions.PIDFD_SOCKET,
              LABEL,
              APPARMOR,
              NO_NEW_PRIVS,
              CAP,
              CreationOptions.PRESERVE_FDS,
              CGROUP,
              IGNORE_PAUSED)
          .withOptionsFirst();

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int failureCode() {
    return FAILED;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    return ExecProcess.exec(
        request.host(),
        request.caller(),
        new ExecOptions(
            arguments.positionals().getFirst(),
            process(request, arguments),
            CreationOptions.path(request, arguments, CreationOptions.CONSOLE_SOCKET),
            CreationOptions.path(request, arguments, CreationOptions.PID_FILE),
            CreationOptions.path(request, arguments, CreationOptions.PIDFD_SOCKET),
            SubCgroups.parse(arguments.get(CGROUP)),
            arguments.get(IGNORE_PAUSED),
            arguments.get(DETACH),
            CreationOptions.preserved(arguments)));
  }

  private static UnaryOperator<ContainerProcess> process(OciRequest request, Arguments arguments)
      throws IOException {
    Optional<String> file = arguments.get(PROCESS);
    if (file.isPresent()) {
      byte[] json = request.document(file.get());
      ContainerProcess process =
          ContainerProcess.read(JsonCursor.read("process", json, Limits.CONFIG));
      return own -> completed(process, own);
    }
    List<String> command = arguments.positionals().subList(1, arguments.positionals().size());
    if (command.isEmpty()) {
      throw new IllegalArgumentException("nothing to execute (give a command, or use --process)");
    }
    return own -> changed(own, arguments, command);
  }

  /** What a process from a file says nothing of is as it is for the container's own. */
  static ContainerProcess completed(ContainerProcess process, ContainerProcess own) {
    ContainerProcess.Builder built = process.toBuilder();
    if (process.capabilities().isEmpty()) {
      own.capabilities().ifPresent(built::capabilities);
    }
    if (process.rlimits().isEmpty()) {
      built.rlimits(own.rlimits());
    }
    if (process.apparmorProfile().isEmpty()) {
      own.apparmorProfile().ifPresent(built::apparmorProfile);
    }
    if (process.selinuxLabel().isEmpty()) {
      own.selinuxLabel().ifPresent(built::selinuxLabel);
    }
    return built.build();
  }

  private static ContainerProcess changed(
      ContainerProcess own, Arguments arguments, List<String> command) {
    List<String> environment = new ArrayList<>(own.env());
    environment.addAll(arguments.get(ENV));
    ContainerProcess.Builder built =
        own.toBuilder()
            .args(command)
            .env(environment)
            .terminal(arguments.get(TTY))
            .user(user(own.user(), arguments));
    arguments.get(CWD).ifPresent(built::cwd);
    arguments.get(LABEL).ifPresent(built::selinuxLabel);
    arguments.get(APPARMOR).ifPresent(built::apparmorProfile);
    if (arguments.get(NO_NEW_PRIVS)) {
      built.noNewPrivileges(true);
    }
    if (!arguments.get(CAP).isEmpty()) {
      built.capabilities(withMore(own.capabilities(), arguments.get(CAP)));
    }
    return built.build();
  }

  private static User user(User own, Arguments arguments) {
    List<Long> groups = new ArrayList<>(own.additionalGids());
    groups.addAll(arguments.get(GIDS));
    String[] ids = arguments.get(USER).map(text -> text.split(":", 2)).orElse(new String[0]);
    return new User(
        ids.length > 0 ? id(ids[0]) : own.uid(),
        ids.length > 1 ? id(ids[1]) : own.gid(),
        own.umask(),
        groups,
        own.username(),
        own.extra());
  }

  /**
   * Added to what a process may have and has, not to what it inherits; what it inherits in any case
   * its programs have as well, whoever runs them.
   */
  private static Capabilities withMore(Optional<Capabilities> own, List<String> names) {
    long more = 0;
    for (String name : names) {
      more |=
          1L
              << Capability.find(name)
                  .orElseThrow(
                      () -> new IllegalArgumentException("unknown capability \"" + name + "\""))
                  .number();
    }
    Capabilities before = own.orElse(Capabilities.of(CapabilitySet.EMPTY));
    return new Capabilities(
        CapabilitySet.ofBits(before.bounding().bits() | more),
        CapabilitySet.ofBits(before.effective().bits() | more),
        before.inheritable(),
        CapabilitySet.ofBits(before.permitted().bits() | more),
        CapabilitySet.ofBits(before.ambient().bits() | (more & before.inheritable().bits())),
        before.extra());
  }

  private static long id(String text) {
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > 0xffff_fffeL) {
      throw new IllegalArgumentException("not an id: \"" + text + "\"");
    }
    return Long.parseLong(text);
  }
}
