package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.Checkpoints;
import java.io.IOException;

/** {@code coffer-oci checkpoint}. */
final class OciCheckpoint implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of(
              "oci checkpoint",
              "CONTAINER-ID",
              "Save a running container",
              1,
              1,
              CriuOptions.IMAGE_PATH,
              CriuOptions.WORK_PATH,
              Option.of("parent-path", Type.text(), "Directory of an earlier pre-dump"),
              Option.of("leave-running", Type.toggle(), "Let the container run on"),
              CriuOptions.TCP_ESTABLISHED,
              Option.of("tcp-skip-in-flight", Type.toggle(), "Leave out connections in the making"),
              Option.of("link-remap", Type.toggle(), "Give unlinked files a name"),
              CriuOptions.EXT_UNIX_SK,
              CriuOptions.SHELL_JOB,
              CriuOptions.LAZY_PAGES,
              Option.of(
                  "status-fd", Type.integer(), "Descriptor that is told when pages can be had"),
              Option.of("page-server", Type.text(), "ADDRESS:PORT to send pages to"),
              CriuOptions.FILE_LOCKS,
              Option.of("pre-dump", Type.toggle(), "Save memory only, and let it run on"),
              CriuOptions.CGROUPS_MODE,
              CriuOptions.EMPTY_NS,
              CriuOptions.AUTO_DEDUP)
          .withOptionsFirst();

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    Checkpoints.checkpoint(
        request.host(), request.caller(), arguments.positionals().getFirst(), request.criu());
    return 0;
  }
}
