package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.CheckpointContainer;
import dev.coffer.runtime.oci.CheckpointOptions;
import dev.coffer.runtime.oci.CheckpointOptions.PageServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code coffer-oci checkpoint}. */
final class OciCheckpoint implements OciCommand {
  private static final Option<Optional<String>> PARENT_PATH =
      Option.of("parent-path", Type.nonEmptyText(), "Directory of an earlier pre-dump");
  private static final Option<Boolean> LEAVE_RUNNING =
      Option.of("leave-running", Type.toggle(), "Let the container run on");
  private static final Option<Boolean> TCP_SKIP_IN_FLIGHT =
      Option.of("tcp-skip-in-flight", Type.toggle(), "Leave out connections in the making");
  private static final Option<Boolean> LINK_REMAP =
      Option.of("link-remap", Type.toggle(), "Give unlinked files a name");
  private static final Option<Optional<Integer>> STATUS_FD =
      Option.of("status-fd", Type.integer(), "Descriptor that is told when pages can be had");
  private static final Option<Optional<String>> PAGE_SERVER =
      Option.of("page-server", Type.nonEmptyText(), "ADDRESS:PORT to send pages to");
  private static final Option<Boolean> PRE_DUMP =
      Option.of("pre-dump", Type.toggle(), "Save memory only, and let it run on");

  private static final CommandModel MODEL =
      CommandModel.of(
          "oci checkpoint",
          "CONTAINER-ID",
          "Save a running container",
          1,
          1,
          CriuOptions.IMAGE_PATH,
          CriuOptions.WORK_PATH,
          PARENT_PATH,
          LEAVE_RUNNING,
          CriuOptions.TCP_ESTABLISHED,
          TCP_SKIP_IN_FLIGHT,
          LINK_REMAP,
          CriuOptions.EXT_UNIX_SK,
          CriuOptions.SHELL_JOB,
          CriuOptions.LAZY_PAGES,
          STATUS_FD,
          PAGE_SERVER,
          CriuOptions.FILE_LOCKS,
          PRE_DUMP,
          CriuOptions.CGROUPS_MODE,
          CriuOptions.EMPTY_NS,
          CriuOptions.AUTO_DEDUP);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    CheckpointContainer.checkpoint(
        request.caller(),
        new CheckpointOptions(
            arguments.positionals().getFirst(),
            CriuOptions.of(request, arguments),
            parent(arguments),
            arguments.get(LEAVE_RUNNING),
            arguments.get(PRE_DUMP),
            arguments.get(TCP_SKIP_IN_FLIGHT),
            arguments.get(LINK_REMAP),
            status(arguments),
            arguments.get(PAGE_SERVER).map(OciCheckpoint::server)));
    return 0;
  }

  private static Optional<String> parent(Arguments arguments) {
    Optional<String> path = arguments.get(PARENT_PATH);
    if (path.isPresent() && Path.of(path.get()).isAbsolute()) {
      throw new IllegalArgumentException(
          "invalid --parent-path \"" + path.get() + "\": it has to be relative to --image-path");
    }
    return path;
  }

  private static Optional<Integer> status(Arguments arguments) {
    Optional<Integer> number = arguments.get(STATUS_FD).filter(each -> each >= 0);
    if (number.isPresent() && !arguments.get(CriuOptions.LAZY_PAGES)) {
      throw new IllegalArgumentException(
          "--status-fd needs --lazy-pages: it tells of nothing else");
    }
    return number;
  }

  static PageServer server(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon <= 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
      throw new IllegalArgumentException(
          "invalid --page-server \"" + text + "\" (use ADDRESS:PORT)");
    }
    return new PageServer(text.substring(0, colon), Integer.parseInt(port));
  }
}
