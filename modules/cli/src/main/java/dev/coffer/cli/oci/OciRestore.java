package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.Checkpoints;
import java.io.IOException;

/** {@code coffer-oci restore}. */
final class OciRestore implements OciCommand {
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
              Option.of("detach", 'd', Type.toggle(), "Return as soon as the container runs"),
              CreationOptions.PID_FILE,
              Option.of("no-subreaper", Type.toggle(), "Accepted: nothing is ever reaped here"),
              CreationOptions.NO_PIVOT,
              CriuOptions.EMPTY_NS,
              CriuOptions.AUTO_DEDUP,
              CriuOptions.LAZY_PAGES,
              Option.of("lsm-profile", Type.text(), "Security profile as TYPE:NAME"),
              Option.of("lsm-mount-context", Type.text(), "Security context of mounts"))
          .withOptionsFirst();

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    Checkpoints.restore(request.caller(), arguments.positionals().getFirst(), request.criu());
    return 0;
  }
}
