package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.criu.CgroupsMode;
import dev.coffer.runtime.oci.CriuChoices;
import java.util.List;
import java.util.Optional;

/** The options that {@code checkpoint} and {@code restore} share. */
final class CriuOptions {
  static final Option<Optional<String>> IMAGE_PATH =
      Option.of("image-path", Type.nonEmptyText(), "Directory of the image (default checkpoint)");
  static final Option<Optional<String>> WORK_PATH =
      Option.of("work-path", Type.nonEmptyText(), "Directory for criu's own files and logs");
  static final Option<Boolean> TCP_ESTABLISHED =
      Option.of("tcp-established", Type.toggle(), "Allow open TCP connections");
  static final Option<Boolean> EXT_UNIX_SK =
      Option.of("ext-unix-sk", Type.toggle(), "Allow Unix sockets to the outside");
  static final Option<Boolean> SHELL_JOB =
      Option.of("shell-job", Type.toggle(), "Allow jobs of a shell");
  static final Option<Boolean> FILE_LOCKS =
      Option.of("file-locks", Type.toggle(), "Keep file locks");
  static final Option<Boolean> LAZY_PAGES =
      Option.of("lazy-pages", Type.toggle(), "Bring memory when it is used");
  static final Option<Optional<String>> CGROUPS_MODE =
      Option.of("manage-cgroups-mode", Type.nonEmptyText(), "One of: soft, full, strict or ignore");
  static final Option<List<String>> EMPTY_NS =
      Option.of("empty-ns", Type.list(), "Namespace of which only the existence counts");
  static final Option<Boolean> AUTO_DEDUP =
      Option.of("auto-dedup", Type.toggle(), "Keep equal pages once");

  private static final String DEFAULT_IMAGE = "checkpoint";
  private static final String NETWORK = "network";

  private CriuOptions() {}

  static CriuChoices of(OciRequest request, Arguments arguments) {
    return new CriuChoices(
        request.criu(),
        CreationOptions.path(request, arguments, IMAGE_PATH)
            .orElseGet(() -> request.resolve(DEFAULT_IMAGE)),
        CreationOptions.path(request, arguments, WORK_PATH),
        arguments.get(TCP_ESTABLISHED),
        arguments.get(EXT_UNIX_SK),
        arguments.get(SHELL_JOB),
        arguments.get(FILE_LOCKS),
        arguments.get(LAZY_PAGES),
        cgroups(arguments),
        emptyNetwork(arguments),
        arguments.get(AUTO_DEDUP));
  }

  private static Optional<CgroupsMode> cgroups(Arguments arguments) {
    Optional<String> name = arguments.get(CGROUPS_MODE);
    Optional<CgroupsMode> mode = name.flatMap(CgroupsMode::byName);
    if (name.isPresent() && mode.isEmpty()) {
      throw new IllegalArgumentException(
          "invalid --manage-cgroups-mode \"%s\" (use soft, full, strict or ignore)"
              .formatted(name.get()));
    }
    return mode;
  }

  private static boolean emptyNetwork(Arguments arguments) {
    for (String name : arguments.get(EMPTY_NS)) {
      if (!name.equals(NETWORK)) {
        throw new IllegalArgumentException(
            "not supported: --empty-ns " + name + ": criu can do it for network alone");
      }
    }
    return !arguments.get(EMPTY_NS).isEmpty();
  }
}
