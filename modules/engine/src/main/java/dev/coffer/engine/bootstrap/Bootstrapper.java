package dev.coffer.engine.bootstrap;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.BootstrapRequest;
import dev.coffer.engine.program.HostProcess;
import dev.coffer.engine.program.Interruptible;
import dev.coffer.engine.program.Programs;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.layer.TreeRemoval;
import dev.coffer.kernel.BlockInput;
import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.WaitStatus;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes an image of what a distribution's installer puts together. The installer runs in process
 * and mount namespaces of its own, so that nothing it starts or mounts outlives it; its files are
 * below the data root, where an engine that is opened next removes what a killed one left.
 */
public final class Bootstrapper {
  private static final List<String> PASSED =
      List.of("http_proxy", "https_proxy", "no_proxy", "ftp_proxy", "all_proxy");
  private static final String EPOCH = "SOURCE_DATE_EPOCH";

  private final Path directory;
  private final ImageStore images;
  private final Programs programs;

  /** Works in a directory of its own, and removes what it finds there. */
  public Bootstrapper(Path directory, ImageStore images, Programs programs) throws IOException {
    this.directory = directory;
    this.images = images;
    this.programs = programs;
    clear();
  }

  private void clear() throws IOException {
    try (Fd all = FileOpen.path(directory.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      new TreeRemoval(all).empty();
    }
  }

  /**
   * Makes the image.
   *
   * @param messages what the installer says, line by line
   * @throws IllegalArgumentException when the request names nothing that is known
   */
  public Image run(BootstrapRequest request, Consumer<String> messages) throws IOException {
    Recipe recipe = Recipe.of(request);
    Reference name = Reference.parse(request.reference().orElse(request.distribution()));
    Optional<Instant> epoch = epoch(request.environment());
    if (!Files.isReadable(Path.of(recipe.keyring()))) {
      throw new EngineException(
          Kind.NOT_FOUND,
          "cannot bootstrap \"%s\": no keys at %s (install %s-archive-keyring, or use --keyring)"
              .formatted(request.distribution(), recipe.keyring(), recipe.distribution().word()));
    }
    Tool tool = tool(request);
    String program = programs.find(tool.word()).orElseThrow(() -> missing(request, tool.word()));
    Path work = Files.createTempDirectory(directory, "");
    FirstError errors = new FirstError(messages);
    try (HostProcess process =
        HostProcess.start(
            isolated(tool.command(program, recipe)),
            environment(request.environment(), work),
            errors)) {
      ImportOptions options =
          new ImportOptions(
              Optional.of(name.orLatest()),
              changes(request),
              "bootstrap %s by %s".formatted(request.distribution(), tool.word()),
              request.platform().map(Platform::parse),
              epoch,
              true);
      return importing(request, process, errors, options);
    } finally {
      remove(work);
    }
  }

  /**
   * A tar that is whole before its program has failed must not become an image, so its end is
   * looked at before the store sees the stream's.
   */
  private Image importing(
      BootstrapRequest request, HostProcess process, FirstError errors, ImportOptions options)
      throws IOException {
    InputStream output = process.output();
    InputStream checked =
        new BlockInput() {
          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            int count = output.read(into, from, length);
            if (count < 0) {
              requireSuccess(request, process.await(), errors.text());
            }
            return count;
          }
        };
    return new Interruptible<>(() -> images.importRootfs(checked, options), process::kill).call();
  }

  private static void requireSuccess(BootstrapRequest request, WaitStatus end, String error) {
    if (end.code() != 0) {
      String how =
          end.signal() != 0
              ? "was ended by signal " + end.signal()
              : "ended with exit code " + end.code();
      throw new EngineException(
          Kind.FAILED,
          "cannot bootstrap \"%s\": the installer %s%s"
              .formatted(request.distribution(), how, error.isEmpty() ? "" : ": " + error));
    }
  }

  private Tool tool(BootstrapRequest request) {
    if (request.tool().isPresent()) {
      return Stream.of(Tool.values())
          .filter(each -> each.word().equals(request.tool().get()))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "unknown tool \"%s\" (use mmdebstrap or debootstrap)"
                          .formatted(request.tool().get())));
    }
    return Stream.of(Tool.values())
        .filter(each -> programs.find(each.word()).isPresent())
        .findFirst()
        .orElseThrow(() -> missing(request, "mmdebstrap"));
  }

  private static EngineException missing(BootstrapRequest request, String program) {
    return new EngineException(
        Kind.NOT_SUPPORTED,
        "cannot bootstrap \"%s\": not supported without %s (apt-get install %s)"
            .formatted(request.distribution(), program, program));
  }

  /**
   * In namespaces that end with their first process, which ends with this one. Where that cannot be
   * had, the tool runs as it is.
   */
  private List<String> isolated(List<String> command) {
    List<String> words = new ArrayList<>();
    if (CurrentProcess.effectiveUid() == 0) {
      programs
          .find("setpriv")
          .ifPresent(setpriv -> words.addAll(List.of(setpriv, "--pdeathsig", "KILL", "--")));
      programs.find("unshare").ifPresent(unshare -> words.addAll(unshare(unshare)));
    }
    words.addAll(command);
    return words;
  }

  private static List<String> unshare(String program) {
    return List.of(
        program, "--mount", "--propagation", "slave", "--pid", "--fork", "--kill-child", "--");
  }

  private List<String> environment(Map<String, String> caller, Path work) {
    List<String> environment = new ArrayList<>();
    environment.add("PATH=" + programs.path());
    environment.add("LC_ALL=C.UTF-8");
    environment.add("HOME=/");
    environment.add("DEBIAN_FRONTEND=noninteractive");
    environment.add("TMPDIR=" + work);
    caller.forEach(
        (name, value) -> {
          if (PASSED.contains(name.toLowerCase(Locale.ROOT)) || name.equals(EPOCH)) {
            environment.add(name + "=" + value);
          }
        });
    return environment;
  }

  private static Optional<Instant> epoch(Map<String, String> environment) {
    String text = environment.getOrDefault(EPOCH, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    } catch (NumberFormatException | DateTimeException e) {
      throw new IllegalArgumentException(
          "invalid " + EPOCH + " \"" + text + "\": it is no number of seconds", e);
    }
  }

  private static List<String> changes(BootstrapRequest request) {
    List<String> changes = new ArrayList<>(List.of("CMD [\"bash\"]"));
    changes.addAll(request.changes());
    return changes;
  }

  private void remove(Path work) throws IOException {
    try (Fd all = FileOpen.path(work.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      new TreeRemoval(all).empty();
    }
    Files.delete(work);
  }
}
