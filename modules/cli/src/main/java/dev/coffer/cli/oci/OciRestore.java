package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.RestoreContainer;
import dev.coffer.runtime.oci.RestoreOptions;
import java.io.IOException;
import java.util.Optional;

/** {@code coffer-oci restore}. */
final class OciRestore implements OciCommand {
  private static final Option<Boolean> DETACH =
      Option.of("detach", 'd', Type.toggle(), "Return as soon as the container runs");
  private static final Option<Optional<String>> LSM_PROFILE =
      Option.of("lsm-profile", Type.nonEmptyText(), "Security profile as TYPE:NAME");
  private static final Option<Optional<String>> LSM_MOUNT_CONTEXT =
      Option.of("lsm-mount-context", Type.nonEmptyText(), "Security context of mounts");

  private static final CommandModel MODEL =
      CommandModel.of(
          "oci restore",
          "CONTAINER-ID",
          "Make a container of what was saved",
          1,
          1,
          CreationOptions.CONSOLE_SOCKET,
          CriuOptions.IMAGE_PATH,
          CriuOptions.WORK_PATH,
          CriuOptions.TCP_ESTABLISHED,
          CriuOptions.EXT_UNIX_SK,
          CriuOptions.SHELL_JOB,
          CriuOptions.FILE_LOCKS,
          CriuOptions.CGROUPS_MODE,
          CreationOptions.BUNDLE,
          DETACH,
          CreationOptions.PID_FILE,
          Option.of("no-subreaper", Type.toggle(), "Accepted: nothing is ever reaped here"),
          CreationOptions.NO_PIVOT,
          CriuOptions.EMPTY_NS,
          CriuOptions.AUTO_DEDUP,
          CriuOptions.LAZY_PAGES,
          LSM_PROFILE,
          LSM_MOUNT_CONTEXT);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    if (arguments.get(CreationOptions.NO_PIVOT)) {
      throw new IllegalArgumentException(
          "not supported: --no-pivot: criu changes the root by pivot_root (leave the option out)");
    }
    return RestoreContainer.restore(
        request.host(),
        request.caller(),
        new RestoreOptions(
            arguments.positionals().getFirst(),
            request.resolve(arguments.get(CreationOptions.BUNDLE).orElse("")),
            CriuOptions.of(request, arguments),
            CreationOptions.path(request, arguments, CreationOptions.CONSOLE_SOCKET),
            CreationOptions.path(request, arguments, CreationOptions.PID_FILE),
            arguments.get(DETACH),
            arguments.get(LSM_PROFILE),
            arguments.get(LSM_MOUNT_CONTEXT),
            request.systemd()));
  }
}
