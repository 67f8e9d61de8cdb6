package dev.coffer.engine.local;

import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.Command;
import dev.coffer.engine.command.ContainerCommand;
import dev.coffer.engine.command.ExecCommand;
import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.command.NetworkCommand;
import dev.coffer.engine.command.RegistryCommand;
import dev.coffer.engine.command.SystemCommand;
import dev.coffer.engine.command.TransferCommand;
import dev.coffer.engine.state.EngineOptions;
import java.io.IOException;
import java.time.Instant;

/**
 * The engine of this machine.
 *
 * <p>Commands run on their callers' threads; those on different containers go on side by side.
 * After {@link SystemCommand.Shutdown} or {@link #close} every command is refused, and running
 * containers go on under their monitors.
 */
public final class LocalEngine implements Engine {

  private final EngineParts parts;
  private final Activity activity = new Activity();

  private LocalEngine(EngineParts parts) {
    this.parts = parts;
  }

  /**
   * Opens the engine of a data root: takes its lock, and finds the containers that are there and
   * those that run.
   *
   * @throws EngineException CONFLICT when another engine has the data root, FAILED otherwise
   */
  public static LocalEngine open(EngineOptions options) {
    try {
      return new LocalEngine(EngineParts.open(options));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "cannot open the engine of \"" + options.dataRoot() + "\": " + e.getMessage(),
          e);
    }
  }

  @Override
  public <R> R execute(Command<R> command) {
    activity.begin();
    try {
      // Each case answers what its command's type parameter says; the compiler cannot see that.
      @SuppressWarnings("unchecked")
      R result = (R) dispatch(command);
      return result;
    } finally {
      activity.end();
    }
  }

  private Object dispatch(Command<?> command) {
    return switch (command) {
      case ContainerCommand<?> container -> container(container);
      case ExecCommand<?> exec -> exec(exec);
      case ImageCommand<?> image -> image(image);
      case NetworkCommand<?> network -> network(network);
      case RegistryCommand<?> registry -> registry(registry);
      case SystemCommand<?> system -> system(system);
      case TransferCommand<?> transfer -> transfer(transfer);
    };
  }

  private Object container(ContainerCommand<?> command) {
    return switch (command) {
      case ContainerCommand.Create create -> parts.create().handle(create);
      case ContainerCommand.Start start -> nothing(() -> parts.start().handle(start));
      case ContainerCommand.Stop stop -> nothing(() -> parts.stop().handle(stop));
      case ContainerCommand.Kill kill -> nothing(() -> parts.kill().handle(kill));
      case ContainerCommand.Restart restart -> nothing(() -> parts.restart().handle(restart));
      case ContainerCommand.Pause pause -> nothing(() -> parts.pause().handle(pause));
      case ContainerCommand.Unpause unpause -> nothing(() -> parts.pause().handle(unpause));
      case ContainerCommand.Wait wait -> parts.await().handle(wait);
      case ContainerCommand.Remove remove -> nothing(() -> parts.remove().handle(remove));
      case ContainerCommand.ListContainers list -> parts.list().handle(list);
      case ContainerCommand.Logs logs -> nothing(() -> parts.logs().handle(logs));
      case ContainerCommand.Attach attach -> nothing(() -> parts.attach().handle(attach));
      case ContainerCommand.Inspect inspect -> parts.inspect().handle(inspect);
      case ContainerCommand.Top top -> parts.top().handle(top);
      case ContainerCommand.Rename rename -> nothing(() -> parts.rename().handle(rename));
      case ContainerCommand.Diff diff -> parts.files().handle(diff);
      case ContainerCommand.Export export -> parts.files().handle(export);
      case ContainerCommand.Commit commit -> parts.files().handle(commit);
      case ContainerCommand.PruneContainers prune -> parts.prune().handle(prune);
      case ContainerCommand.Explain explain -> parts.explain().handle(explain);
    };
  }

  private Object exec(ExecCommand<?> command) {
    return switch (command) {
      case ExecCommand.CreateExec create -> parts.execs().handle(create);
      case ExecCommand.StartExec start -> nothing(() -> parts.execs().handle(start));
      case ExecCommand.WaitExec wait -> parts.execs().handle(wait);
      case ExecCommand.InspectExec inspect -> parts.execs().handle(inspect);
    };
  }

  private Object image(ImageCommand<?> command) {
    return switch (command) {
      case ImageCommand.ListImages list -> parts.listImages().handle(list);
      case ImageCommand.ListTrees trees -> parts.imageTree().handle(trees);
      case ImageCommand.Load load -> parts.images().handle(load);
      case ImageCommand.LoadLayout layout -> parts.images().handle(layout);
      case ImageCommand.Save save -> parts.images().handle(save);
      case ImageCommand.Import imported -> parts.images().handle(imported);
      case ImageCommand.Bootstrap bootstrap -> parts.bootstrap().handle(bootstrap);
      case ImageCommand.CheckImages check -> parts.checkImages().handle(check);
      case ImageCommand.RemoveImage remove -> parts.images().handle(remove);
      case ImageCommand.PruneImages prune -> parts.prune().handle(prune);
      case ImageCommand.MountImage mount -> parts.imageMounts().handle(mount);
      case ImageCommand.UnmountImage unmount -> parts.imageMounts().handle(unmount);
      case ImageCommand.MountedImages mounted -> parts.imageMounts().handle(mounted);
      case ImageCommand.ShowTree tree -> parts.imageTree().handle(tree);
      case ImageCommand.Tag tag -> parts.images().handle(tag);
      case ImageCommand.History history -> parts.images().handle(history);
      case ImageCommand.InspectImage inspect -> parts.images().handle(inspect);
    };
  }

  private Object transfer(TransferCommand<?> command) {
    return switch (command) {
      case TransferCommand.Pull pull -> parts.pull().handle(pull);
      case TransferCommand.IsHere isHere -> parts.pull().handle(isHere);
      case TransferCommand.NameInStore name -> parts.pull().handle(name);
      case TransferCommand.Push push -> parts.transfers().handle(push);
      case TransferCommand.NamesInStore names -> parts.transfers().handle(names);
      case TransferCommand.Copy copy -> parts.transfers().handle(copy);
      case TransferCommand.CreateList create -> parts.manifests().handle(create);
      case TransferCommand.AddToList add -> parts.manifests().handle(add);
      case TransferCommand.AnnotateList annotate -> parts.manifests().handle(annotate);
      case TransferCommand.RemoveFromList remove -> parts.manifests().handle(remove);
      case TransferCommand.RemoveList remove -> parts.manifests().handle(remove);
      case TransferCommand.PushList push -> parts.manifests().handle(push);
      case TransferCommand.ShowManifest show -> parts.manifests().handle(show);
      case TransferCommand.RemoteTags tags -> parts.remotes().handle(tags);
      case TransferCommand.RemoteReferrers referrers -> parts.remotes().handle(referrers);
      case TransferCommand.DeleteRemote delete -> parts.remotes().handle(delete);
    };
  }

  private Object registry(RegistryCommand<?> command) {
    return switch (command) {
      case RegistryCommand.Login login -> parts.registries().handle(login);
      case RegistryCommand.Logout logout -> parts.registries().handle(logout);
      case RegistryCommand.LoggedIn loggedIn -> parts.registries().handle(loggedIn);
      case RegistryCommand.Search search -> parts.registries().handle(search);
    };
  }

  private Object network(NetworkCommand<?> command) {
    return switch (command) {
      case NetworkCommand.CreateNetwork create -> parts.networks().handle(create);
      case NetworkCommand.ListNetworks list -> parts.networks().handle(list);
      case NetworkCommand.InspectNetwork inspect -> parts.networks().handle(inspect);
      case NetworkCommand.Connect connect -> nothing(() -> parts.networks().handle(connect));
      case NetworkCommand.Disconnect disconnect ->
          nothing(() -> parts.networks().handle(disconnect));
      case NetworkCommand.RemoveNetwork remove -> nothing(() -> parts.networks().handle(remove));
      case NetworkCommand.PruneNetworks prune -> parts.networks().handle(prune);
    };
  }

  private Object system(SystemCommand<?> command) {
    return switch (command) {
      case SystemCommand.Info _ -> parts.system().info();
      case SystemCommand.Version _ -> parts.system().version();
      case SystemCommand.MeasureDisk _ -> parts.disk().handle();
      case SystemCommand.Status _ -> parts.system().status();
      case SystemCommand.Shutdown _ -> nothing(activity::refuseMore);
    };
  }

  private static Object nothing(Runnable action) {
    action.run();
    return null;
  }

  /**
   * Whether anything needs the engine: a running command, a running container, or a restart that is
   * due.
   */
  public boolean busy() {
    return activity.isActive() || parts.hasLiveContainers();
  }

  /** When the last command began or ended. */
  public Instant lastActivity() {
    return activity.last();
  }

  /** Waits for the commands under way, then lets go of everything. */
  @Override
  public void close() {
    activity.refuseMore();
    parts.closing().begin();
    activity.awaitQuiet();
    parts.close();
  }
}
