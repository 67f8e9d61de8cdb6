package dev.coffer.cli.oci;

import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import java.util.List;
import java.util.Optional;

/** The options that {@code checkpoint} and {@code restore} share. */
final class CriuOptions {
  static final Option<Optional<String>> IMAGE_PATH =
      Option.of("image-path", Type.text(), "Directory of the image (default checkpoint)");
  static final Option<Optional<String>> WORK_PATH =
      Option.of("work-path", Type.text(), "Directory for criu's own files and logs");
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
      Option.of("manage-cgroups-mode", Type.text(), "One of: soft, full, strict or ignore");
  static final Option<List<String>> EMPTY_NS =
      Option.of("empty-ns", Type.list(), "Namespace of which only the existence counts");
  static final Option<Boolean> AUTO_DEDUP =
      Option.of("auto-dedup", Type.toggle(), "Keep equal pages once");

  private CriuOptions() {}
}
