package dev.coffer.engine.local;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.bootstrap.Bootstrapper;
import dev.coffer.engine.container.Closing;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.ExecIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.container.NameMaker;
import dev.coffer.engine.container.Volumes;
import dev.coffer.engine.create.ContainerPreparation;
import dev.coffer.engine.create.ImageLookup;
import dev.coffer.engine.create.MountJoin;
import dev.coffer.engine.create.NetworkChoice;
import dev.coffer.engine.handlers.AttachContainer;
import dev.coffer.engine.handlers.BootstrapImage;
import dev.coffer.engine.handlers.CheckImages;
import dev.coffer.engine.handlers.ContainerFiles;
import dev.coffer.engine.handlers.CreateContainer;
import dev.coffer.engine.handlers.ExecHandlers;
import dev.coffer.engine.handlers.ExplainContainer;
import dev.coffer.engine.handlers.ImageHandlers;
import dev.coffer.engine.handlers.InspectContainer;
import dev.coffer.engine.handlers.KillContainer;
import dev.coffer.engine.handlers.ListContainers;
import dev.coffer.engine.handlers.ListImages;
import dev.coffer.engine.handlers.ManifestHandlers;
import dev.coffer.engine.handlers.MeasureDisk;
import dev.coffer.engine.handlers.MountHandlers;
import dev.coffer.engine.handlers.NetworkHandlers;
import dev.coffer.engine.handlers.PauseContainer;
import dev.coffer.engine.handlers.PruneHandlers;
import dev.coffer.engine.handlers.PullImage;
import dev.coffer.engine.handlers.ReadLogs;
import dev.coffer.engine.handlers.RegistryHandlers;
import dev.coffer.engine.handlers.RemoteHandlers;
import dev.coffer.engine.handlers.RemoveContainer;
import dev.coffer.engine.handlers.RenameContainer;
import dev.coffer.engine.handlers.RestartContainer;
import dev.coffer.engine.handlers.ShowImageTree;
import dev.coffer.engine.handlers.StartContainer;
import dev.coffer.engine.handlers.StopContainer;
import dev.coffer.engine.handlers.SystemHandlers;
import dev.coffer.engine.handlers.TopContainer;
import dev.coffer.engine.handlers.TransferHandlers;
import dev.coffer.engine.handlers.WaitContainer;
import dev.coffer.engine.lifecycle.ContainerCgroups;
import dev.coffer.engine.lifecycle.ContainerLauncher;
import dev.coffer.engine.lifecycle.DiskUse;
import dev.coffer.engine.lifecycle.Ending;
import dev.coffer.engine.lifecycle.ExecLauncher;
import dev.coffer.engine.lifecycle.ImageMounts;
import dev.coffer.engine.lifecycle.JoinedNamespaces;
import dev.coffer.engine.lifecycle.LaunchPlan;
import dev.coffer.engine.lifecycle.LaunchSite;
import dev.coffer.engine.lifecycle.Reconciler;
import dev.coffer.engine.lifecycle.Restarts;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.lifecycle.Starter;
import dev.coffer.engine.lifecycle.Stopper;
import dev.coffer.engine.lifecycle.Trash;
import dev.coffer.engine.lifecycle.VolumeFiller;
import dev.coffer.engine.lifecycle.Workers;
import dev.coffer.engine.network.ConnectionChanges;
import dev.coffer.engine.network.Connections;
import dev.coffer.engine.network.InputPolicySetting;
import dev.coffer.engine.network.LinuxNetworkHost;
import dev.coffer.engine.network.NetworkOwner;
import dev.coffer.engine.network.Networks;
import dev.coffer.engine.network.PluginPlaces;
import dev.coffer.engine.oci.SeccompProfiles;
import dev.coffer.engine.process.HostDeviceNodes;
import dev.coffer.engine.process.HostPs;
import dev.coffer.engine.program.Programs;
import dev.coffer.engine.rootfs.ContainerBase;
import dev.coffer.engine.state.EngineOptions;
import dev.coffer.engine.state.IndexSnapshot;
import dev.coffer.engine.state.NetworkStore;
import dev.coffer.engine.state.StateStore;
import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.EmbeddedImages;
import dev.coffer.image.ImageStore;
import dev.coffer.image.copy.ImagePlaces;
import dev.coffer.image.pull.PullLimits;
import dev.coffer.image.registry.client.Registries;
import dev.coffer.image.registry.client.RegistryOptions;
import dev.coffer.image.snapshot.SnapshotKind;
import dev.coffer.image.snapshot.Snapshotters;
import dev.coffer.image.store.AdditionalStores;
import dev.coffer.image.store.ImageStoreOptions;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.kernel.AtomicFile;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Host;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.Spawner;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.driver.InputPolicy;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.seccomp.KernelVersion;
import dev.coffer.runtime.file.FileLock;
import dev.coffer.runtime.host.HostProbe;
import dev.coffer.runtime.monitor.Monitors;
import dev.coffer.runtime.monitor.ProcessMonitors;
import dev.coffer.spec.runtime.SeccompArch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Puts an engine together: the only place that knows all of its parts. */
record EngineParts(
    Deque<AutoCloseable> resources,
    Closing closing,
    ContainerIndex containers,
    CreateContainer create,
    StartContainer start,
    StopContainer stop,
    KillContainer kill,
    RestartContainer restart,
    PauseContainer pause,
    WaitContainer await,
    RemoveContainer remove,
    ListContainers list,
    ReadLogs logs,
    AttachContainer attach,
    InspectContainer inspect,
    TopContainer top,
    RenameContainer rename,
    ContainerFiles files,
    ExplainContainer explain,
    ExecHandlers execs,
    ListImages listImages,
    ImageHandlers images,
    MountHandlers imageMounts,
    ShowImageTree imageTree,
    BootstrapImage bootstrap,
    CheckImages checkImages,
    PullImage pull,
    TransferHandlers transfers,
    ManifestHandlers manifests,
    RemoteHandlers remotes,
    RegistryHandlers registries,
    NetworkHandlers networks,
    PruneHandlers prune,
    MeasureDisk disk,
    SystemHandlers system) {

  private static void discardUnused(Snapshotters snapshotters, ImageStore images, Path root)
      throws IOException {
    Set<String> known =
        images.list().stream().map(image -> image.id().toString()).collect(Collectors.toSet());
    for (Path unused : snapshotters.unused(known::contains)) {
      String name = unused.getParent().getFileName() + "-" + unused.getFileName();
      Files.move(unused, root.resolve("trash/containers").resolve(name));
    }
  }

  static EngineParts open(EngineOptions options) throws IOException {
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      return open(options, resources);
    } catch (IOException | RuntimeException e) {
      release(resources);
      throw e;
    }
  }

  private static EngineParts open(EngineOptions options, Deque<AutoCloseable> resources)
      throws IOException {
    Path root = options.dataRoot();
    PrivateDirectories.make(root, options.runDirectory());
    resources.push(lock(root));
    boolean rebooted = noteBoot(options.runDirectory());

    HostFacts facts = HostProbe.probe();
    ContainerCgroups cgroups = new ContainerCgroups(facts.cgroups());
    resources.push(() -> cgroups.removeIfEmpty(options.cgroupParent()));
    Workers workers = new Workers();
    StateStore store = StateStore.open(root);
    Volumes volumes = new Volumes(root);
    LocalImageStore images =
        LocalImageStore.open(
            root,
            new ImageStoreOptions(
                ArchiveLimits.DEFAULT,
                options.embeddedImages().map(EmbeddedImages::new),
                PullLimits.DEFAULT,
                AdditionalStores.of(root)));
    resources.push(images);
    Registries registries = new Registries(RegistryOptions.DEFAULT, Spawner.posix());
    resources.push(registries);
    ImagePlaces places = new ImagePlaces(registries::open, ArchiveLimits.DEFAULT);
    Fd output = FileOpen.path("/dev/null", OpenFlags.WRONLY);
    resources.push(output);
    Monitors monitors = ProcessMonitors.open(options.nativeBinary(), output);
    resources.push(monitors);
    Trash trash = new Trash(root, workers);
    resources.push(trash);
    Ids ids = new Ids();
    HostResolvers resolvers = new HostResolvers();
    NetworkOwner owner = new NetworkOwner(options.rootHash());
    PluginPlaces plugins = PluginPlaces.of(root);
    InputPolicy policy = InputPolicySetting.of(root);
    Networks networks =
        Networks.open(
            new NetworkStore(root),
            owner,
            ids,
            addresses ->
                LinuxNetworkHost.open(owner, policy, options.runDirectory(), addresses, plugins),
            plugins);
    resources.push(networks);
    ContainerIndex containers = new ContainerIndex();
    Connections connections = new Connections(networks, containers, store, ids, resolvers);
    resources.push(connections);
    // Closed first: what it runs uses all of the above.
    resources.push(workers);

    Closing closing = new Closing();
    ExecIndex execs = new ExecIndex();
    LaunchSite site = site(options, facts);
    Snapshotters snapshotters = snapshotters(options, facts);
    discardUnused(snapshotters, images, root);
    RootFilesystem roots = new RootFilesystem(images, store, snapshotters);
    Restarts restarts = new Restarts(workers);
    Ending ending =
        new Ending(
            containers,
            execs,
            store,
            volumes,
            cgroups,
            workers,
            trash,
            site,
            restarts,
            connections);
    JoinedNamespaces namespaces = new JoinedNamespaces(containers);
    SeccompFilters filters = new SeccompFilters();
    LaunchPlan plans = new LaunchPlan(site, store, facts, new ContainerCompiler(filters));
    ContainerLauncher launcher =
        new ContainerLauncher(
            site,
            plans,
            store,
            roots,
            new VolumeFiller(volumes),
            namespaces,
            connections,
            monitors,
            cgroups);
    Starter starter = new Starter(launcher, store, ending);
    restarts.connect(starter);
    Stopper stopper = new Stopper(cgroups, store, restarts);
    Reconciler reconciler =
        new Reconciler(
            containers,
            store,
            roots,
            monitors,
            cgroups,
            site,
            ending,
            restarts,
            connections,
            new IndexSnapshot(root));
    prepare(cgroups, options.cgroupParent());
    reconciler.load(rebooted);
    List<Container> running = containers.live();
    workers.run("bring the networks to what they were", () -> connections.begin(running));
    workers.inBackground("verify the containers", () -> reconciler.verify(workers::isClosing));
    trash.emptySoon();
    // Closed right after the workers: what is told to the next engine does not change any more.
    resources.remove(workers);
    resources.push(reconciler::save);
    resources.push(workers);

    ImageLookup lookup = new ImageLookup(images);
    DiskUse sizes = new DiskUse(roots);
    ContainerPreparation preparation =
        new ContainerPreparation(
            images,
            containers,
            new MountJoin(name -> volumes.data(name).toString(), ids::next),
            Runtime.getRuntime().availableProcessors());
    PauseContainer pausing = new PauseContainer(containers, cgroups, store);
    ImageMounts mounts =
        ImageMounts.open(
            root, id -> images.list().stream().anyMatch(image -> image.id().equals(id)));
    ImageHandlers imageHandlers = new ImageHandlers(images, containers, mounts);
    ListImages listImages = new ListImages(images, lookup, containers);
    RemoveContainer removal = new RemoveContainer(containers, stopper, ending);
    return new EngineParts(
        resources,
        closing,
        containers,
        new CreateContainer(
            preparation,
            new NetworkChoice(networks),
            containers,
            store,
            trash,
            roots,
            volumes,
            ids,
            new NameMaker(RandomGenerator.getDefault()),
            facts),
        new StartContainer(containers, starter),
        new StopContainer(containers, stopper),
        new KillContainer(containers, stopper),
        new RestartContainer(containers, stopper, starter),
        pausing,
        new WaitContainer(containers, closing),
        removal,
        new ListContainers(containers, lookup, sizes),
        new ReadLogs(containers, store, closing),
        new AttachContainer(containers),
        new InspectContainer(containers, execs, store, roots, lookup, sizes),
        new TopContainer(containers, cgroups, new HostPs(Programs.OF_HOST)),
        new RenameContainer(containers, store, connections),
        new ContainerFiles(containers, store, roots, images, pausing),
        new ExplainContainer(preparation, namespaces, plans, roots, ids),
        new ExecHandlers(
            containers,
            execs,
            new ExecLauncher(site, execs, monitors, facts, new ExecCompiler(filters)),
            ids,
            closing),
        listImages,
        imageHandlers,
        new MountHandlers(images, roots, mounts, facts.mayMount()),
        new ShowImageTree(images, listImages, imageHandlers::isUsed),
        new BootstrapImage(new Bootstrapper(root.resolve("bootstrap"), images, Programs.OF_HOST)),
        new CheckImages(images, registries, containers, mounts),
        new PullImage(images, registries),
        new TransferHandlers(images, places),
        new ManifestHandlers(images, places, imageHandlers::isUsed),
        new RemoteHandlers(registries::open),
        new RegistryHandlers(registries),
        new NetworkHandlers(
            networks, new ConnectionChanges(networks, connections, ids), containers),
        new PruneHandlers(containers, removal, images, imageHandlers, roots),
        new MeasureDisk(containers, images, roots, volumes, imageHandlers::isUsed),
        new SystemHandlers(options, containers, images, roots, facts));
  }

  /** Who may not mount makes no containers: nothing is to be tried for them. */
  private static Snapshotters snapshotters(EngineOptions options, HostFacts facts)
      throws IOException {
    return Snapshotters.open(
        options.dataRoot(),
        Overlay.ofThisKernel(),
        new ContainerBase(),
        facts.mayMount() ? options.snapshotter() : Optional.of(SnapshotKind.OVERLAY));
  }

  /** Where it cannot be made, neither can a container's group, whose plan then says so. */
  private static void prepare(ContainerCgroups cgroups, String parent) {
    try {
      cgroups.prepare(parent);
    } catch (IOException e) {
      System.getLogger(EngineParts.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "cannot make control group " + parent + ": " + e.getMessage());
    }
  }

  private static FileLock lock(Path root) throws IOException {
    return FileLock.tryExclusive(root.resolve("lock"))
        .orElseThrow(
            () ->
                new EngineException(
                    Kind.CONFLICT,
                    "cannot open the engine of \"" + root + "\": another engine has it open"));
  }

  /** Whether the run directory's content is of an earlier boot; notes the present one. */
  private static boolean noteBoot(Path runDirectory) throws IOException {
    Path note = runDirectory.resolve("boot-id");
    String boot = Host.bootId();
    if (!Files.exists(note)) {
      AtomicFile.write(note, boot.getBytes(StandardCharsets.US_ASCII), false);
      return true;
    }
    boolean same = Files.readString(note, StandardCharsets.US_ASCII).equals(boot);
    if (!same) {
      AtomicFile.write(note, boot.getBytes(StandardCharsets.US_ASCII), false);
    }
    return !same;
  }

  private static LaunchSite site(EngineOptions options, HostFacts facts) {
    SeccompArch arch =
        switch (facts.architecture()) {
          case X86_64 -> SeccompArch.X86_64;
          case AARCH64 -> SeccompArch.AARCH64;
        };
    return new LaunchSite(
        options.runDirectory().resolve("m"),
        options.engineCommand(),
        options.cgroupParent(),
        facts.cgroups().mode() == CgroupLayout.Mode.V2,
        new HostDeviceNodes(),
        new SeccompProfiles(arch, KernelVersion.parse(facts.kernelRelease())));
  }

  boolean hasLiveContainers() {
    return containers.all().stream().anyMatch(each -> each.state().status().isUp());
  }

  void close() {
    release(resources);
  }

  /** The last opened goes first. */
  private static void release(Deque<AutoCloseable> resources) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        System.getLogger(EngineParts.class.getName())
            .log(System.Logger.Level.WARNING, "cannot close a part of the engine", e);
      }
    }
  }
}
