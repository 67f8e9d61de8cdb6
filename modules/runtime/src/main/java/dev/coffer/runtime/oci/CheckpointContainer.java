package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.runtime.criu.CriuEvents;
import dev.coffer.runtime.criu.CriuException;
import dev.coffer.runtime.criu.CriuFeature;
import dev.coffer.runtime.criu.CriuOptions;
import dev.coffer.runtime.criu.RequestType;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** {@code checkpoint}: saves a container by criu(8), and unless it is to go on, deletes it. */
public final class CheckpointContainer {
  private static final String LOG = "dump.log";
  private static final String WHY = "checkpoint";
  private static final byte[] READY = {0};

  private final OciCaller caller;
  private final CheckpointOptions options;
  private final StateDirectory directory;
  private final String what;

  private CheckpointContainer(
      OciCaller caller, CheckpointOptions options, StateDirectory directory) {
    this.caller = caller;
    this.options = options;
    this.directory = directory;
    this.what = "cannot checkpoint container \"" + options.id() + "\": ";
  }

  /**
   * Saves a container that runs, or is paused.
   *
   * @throws OciException where it does not run, or criu cannot save it: then it goes on
   */
  public static void checkpoint(OciCaller caller, CheckpointOptions options) throws IOException {
    StateDirectory directory = caller.states().get(options.id());
    CheckpointContainer verb = new CheckpointContainer(caller, options, directory);
    boolean ignored = directory.change(verb::checkpoint);
  }

  private boolean checkpoint() throws IOException {
    Optional<ContainerRecord> known = directory.record();
    ContainerStatus status = ContainerState.status(caller, directory, known);
    ContainerRecord record = require(known, status);
    Spec spec = directory.config();
    try {
      makeDirectories();
      save(record, spec);
    } catch (IOException | OciException e) {
      if (status == ContainerStatus.RUNNING) {
        // Criu that was killed leaves stopped what it had stopped.
        ContainerGroup.thaw(ContainerGroup.of(caller, record));
      }
      throw new OciException(what + e.getMessage(), e);
    }
    if (!options.leaveRunning() && !options.preDump()) {
      Removal.of(caller, directory, record).remove(spec);
    }
    return true;
  }

  private ContainerRecord require(Optional<ContainerRecord> record, ContainerStatus status) {
    return switch (status) {
      case RUNNING, PAUSED -> record.orElseThrow();
      case CREATING, CREATED, STOPPED ->
          throw new OciException(what + "it is " + status.spelling() + ", not running");
    };
  }

  private void makeDirectories() throws IOException {
    CriuChoices common = options.common();
    Path images = CriuRun.makeDirectory(common.images());
    if (common.work().isPresent()) {
      Path ignored = CriuRun.makeDirectory(common.work().get());
    }
    if (options.parent().isPresent()) {
      Path parent = images.resolve(options.parent().get());
      if (!Files.isDirectory(parent)) {
        throw new OciException("--parent-path: \"" + parent + "\" is no directory");
      }
    }
  }

  private void save(ContainerRecord record, Spec spec) throws IOException {
    try (CriuRun criu = CriuRun.of(caller, options.common(), LOG)) {
      try {
        criu.start(WHY);
        requireFeatures(criu);
        Optional<Integer> ignored =
            criu.session()
                .perform(
                    options.preDump() ? RequestType.PRE_DUMP : RequestType.DUMP,
                    options(criu, record, spec),
                    new Events());
      } catch (CriuException e) {
        throw criu.explain(e);
      }
    }
  }

  private void requireFeatures(CriuRun criu) throws IOException {
    if (options.preDump()) {
      criu.requireFeature(CriuFeature.MEMORY_TRACKING, "pre-dump");
    }
    if (options.common().lazyPages()) {
      criu.requireFeature(CriuFeature.LAZY_PAGES, "lazy-pages");
    }
  }

  private CriuOptions options(CriuRun criu, ContainerRecord record, Spec spec) throws IOException {
    CriuOptions wanted =
        criu.options(spec.annotations())
            .pid(record.pid())
            .leaveRunning(options.leaveRunning())
            .tcpSkipInFlight(options.tcpSkipInFlight())
            .linkRemap(options.linkRemap());
    options.parent().ifPresent(wanted::parentImage);
    options.pageServer().ifPresent(each -> wanted.pageServer(each.address(), each.port()));
    if (record.hasCgroup()) {
      ContainerGroup.of(caller, record)
          .freezerDirectory()
          .ifPresent(path -> wanted.freezer(path.toString()));
    }
    ExternalNamespaces.of(spec, caller).save(wanted);
    if (!options.preDump()) {
      Map<String, String> places = ExternalMounts.places(spec, record.bundle(), record.pid());
      places.forEach(wanted::externalMount);
      SavedDescriptors.save(options.common().images(), record.pid(), wanted);
    }
    return wanted;
  }

  /** Who is to fetch pages is told when that can be done, by a descriptor of the caller's. */
  private final class Events implements CriuEvents {
    @Override
    public void pagesReady() throws IOException {
      if (options.statusDescriptor().isEmpty()) {
        return;
      }
      int number = options.statusDescriptor().get();
      try (Fd status = FileOpen.path("/proc/" + caller.pid() + "/fd/" + number, OpenFlags.WRONLY)) {
        FileData.writeAll(status, READY);
      } catch (KernelException e) {
        throw new IOException(
            "--status-fd: cannot write to descriptor %d: %s"
                .formatted(number, KernelException.describe(e.number())),
            e);
      }
    }
  }
}
