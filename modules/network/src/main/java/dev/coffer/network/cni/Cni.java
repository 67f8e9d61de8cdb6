package dev.coffer.network.cni;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Fd;
import dev.coffer.network.Failures;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Has plugins make networks: the operations of the Container Network Interface.
 *
 * <p>What was added is remembered on disk from before the first plugin is called until the last one
 * has said that nothing is left. So whoever was killed, at whatever moment, can have everything
 * taken back by its successor:
 *
 * <pre>
 *   add(network, attachment, namespace)     remembered, then ADD of each plugin
 *   …
 *   del(remembered, namespace)              DEL of each plugin, the last one first; then forgotten
 * </pre>
 *
 * <p>Any number of threads may call, for one container only one at a time. Errors are one line that
 * names network and plugin, such as {@code cannot connect to network "pods": plugin "bridge": …}.
 *
 * <p>Source: the CNI specification 1.1.0, sections 2 and 3.
 */
public final class Cni {

  /** As long as a plugin may take that nobody waits for any more. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PluginCalls calls;
  private final StandIns standIns;
  private final Memory memory;

  /**
   * Calls plugins.
   *
   * @param plugins where they are
   * @param programs the value of PATH for plugins, which look for programs such as {@code iptables}
   * @param runner runs them
   * @param standIns what they are shown of containers that have gone
   * @param memory a directory of its own, where it is remembered what was added; made when needed
   */
  public Cni(
      PluginPath plugins,
      String programs,
      PluginCall.Runner runner,
      StandIns standIns,
      Path memory) {
    this.calls = new PluginCalls(plugins, programs, runner);
    this.standIns = standIns;
    this.memory = new Memory(memory);
  }

  /** What was added and not taken back yet. */
  public List<Remembered> remembered() {
    return memory.all();
  }

  /** What is remembered in a directory, for who wants to call no plugin. */
  public static List<Remembered> remembered(Path memory) {
    return new Memory(memory).all();
  }

  /** What was added in one place, if it was. */
  public Optional<Remembered> remembered(String network, String containerId, String device)
      throws IOException {
    return memory.find(network, containerId, device);
  }

  /**
   * Gives a container a device in a network. When it cannot be done, the plugins have been asked to
   * leave nothing.
   *
   * @param namespace a path by which plugins find the container's network namespace
   */
  public CniResult add(NetworkList network, Attachment attachment, String namespace)
      throws IOException {
    for (PluginConfig each : network.plugins()) {
      // One that is missing could take nothing back either.
      var _ = calls.find(what(network), each);
    }
    SpecVersion version = version(network);
    Remembered place = new Remembered(network, version, attachment, Optional.empty());
    memory.put(place);
    try {
      return addEach(place, namespace);
    } catch (IOException e) {
      takeBack(
          memory.find(network.name(), attachment.containerId(), attachment.device()).orElse(place),
          namespace,
          e);
      throw e;
    }
  }

  private CniResult addEach(Remembered place, String namespace) throws IOException {
    String what = what(place.network());
    Optional<CniResult> result = Optional.empty();
    for (PluginConfig plugin : place.network().plugins()) {
      JsonObject config = calls.config(place, plugin, result);
      String answer =
          calls.run(
              what,
              "ADD",
              plugin,
              config,
              place(place, Optional.of(namespace)),
              Optional.of(memory.answer(place)));
      result = Optional.of(result(what, plugin, answer));
      // After each of them: who takes it back needs what was given so far.
      memory.put(new Remembered(place.network(), place.version(), place.attachment(), result));
    }
    memory.removeAnswer(place);
    return result.orElse(CniResult.NONE);
  }

  private static String what(NetworkList network) {
    return "cannot connect to network \"%s\"".formatted(network.name());
  }

  private static CniResult result(String what, PluginConfig plugin, String answer)
      throws CniException {
    try {
      return CniResult.parse(JsonCursor.of("", PluginCalls.json(answer)));
    } catch (SpecException e) {
      throw PluginCalls.failure(
          what, plugin, CniException.NO_CODE, "its answer is no result: " + e.getMessage());
    }
  }

  private void takeBack(Remembered place, String namespace, IOException failure) {
    try {
      del(place, Optional.of(namespace));
    } catch (IOException e) {
      // It stays remembered, for another attempt.
      failure.addSuppressed(e);
    }
  }

  /**
   * Has the plugins look whether everything is as {@link #add} has left it; nothing happens where
   * the network's configuration does not want that, or is of a version without CHECK.
   */
  public void check(Remembered place, String namespace) throws CniException {
    NetworkList network = place.network();
    if (network.disableCheck() || !place.version().hasCheck()) {
      return;
    }
    for (PluginConfig plugin : network.plugins()) {
      String _ =
          calls.run(
              "network \"%s\" is not as it should be".formatted(network.name()),
              "CHECK",
              plugin,
              calls.config(place, plugin, place.result()),
              place(place, Optional.of(namespace)));
    }
  }

  /**
   * Takes back what {@link #add} has made, and forgets it; what is gone already is passed over by
   * the plugins. Waits for a plugin that an engine which was killed has left at work.
   *
   * @param namespace empty: there is none any more, and another one stands in
   */
  public void del(Remembered remembered, Optional<String> namespace) throws IOException {
    Remembered place = memory.settled(remembered, PATIENCE);
    if (namespace.isPresent()) {
      delEach(place, namespace);
      return;
    }
    Optional<Fd> standIn = standIns.of(place);
    try {
      delEach(place, standIn.map(Cni::path));
    } finally {
      standIn.ifPresent(Fd::close);
    }
  }

  /** The path by which plugins find a namespace that this process has open. */
  public static String path(Fd namespace) {
    return "/proc/" + CurrentProcess.pid() + "/fd/" + namespace.number();
  }

  private void delEach(Remembered place, Optional<String> namespace) throws IOException {
    NetworkList network = place.network();
    for (PluginConfig plugin : network.plugins().reversed()) {
      String _ =
          calls.run(
              "cannot leave network \"%s\"".formatted(network.name()),
              "DEL",
              plugin,
              calls.config(place, plugin, place.result()),
              place(place, namespace));
    }
    memory.remove(place);
  }

  private static List<String> place(Remembered place, Optional<String> namespace) {
    Attachment attachment = place.attachment();
    return List.of(
        "CNI_CONTAINERID=" + attachment.containerId(),
        "CNI_NETNS=" + namespace.orElse(""),
        "CNI_IFNAME=" + attachment.device(),
        "CNI_ARGS=" + attachment.argumentText());
  }

  /**
   * Has a network forget all containers but these: takes back what is remembered of others, and
   * tells plugins of 1.1.0 which ones are left. Only for networks that nobody else on the host
   * uses; {@code disableGC} says that somebody does.
   */
  public void gc(NetworkList network, Collection<Attachment> valid) throws IOException {
    Failures failures = new Failures();
    for (Remembered each : remembered()) {
      boolean isOthers = !each.network().name().equals(network.name());
      if (isOthers || isAmong(valid, each.attachment())) {
        continue;
      }
      failures.attempt(() -> del(each, Optional.empty()));
    }
    SpecVersion version = version(network);
    if (version.hasGcAndStatus() && !network.disableGc()) {
      JsonArray left = JsonArray.of(valid, Cni::named);
      for (PluginConfig plugin : network.plugins()) {
        JsonObject config =
            calls.config(network, version, plugin).with("cni.dev/valid-attachments", left);
        String what = "cannot clean up network \"%s\"".formatted(network.name());
        failures.attempt(
            () -> {
              String _ = calls.run(what, "GC", plugin, config, List.of());
            });
      }
    }
    failures.report();
  }

  private static boolean isAmong(Collection<Attachment> valid, Attachment one) {
    return valid.stream()
        .anyMatch(
            each ->
                each.containerId().equals(one.containerId()) && each.device().equals(one.device()));
  }

  private static JsonObject named(Attachment attachment) {
    return JsonObject.builder()
        .put("containerID", attachment.containerId())
        .put("ifname", attachment.device())
        .build();
  }

  /**
   * Asks whether a network can take containers now; one whose version has no STATUS can.
   *
   * @throws CniException that says why not
   */
  public void status(NetworkList network) throws CniException {
    SpecVersion version = version(network);
    if (!version.hasGcAndStatus()) {
      return;
    }
    for (PluginConfig plugin : network.plugins()) {
      String _ =
          calls.run(
              "network \"%s\" is not ready".formatted(network.name()),
              "STATUS",
              plugin,
              calls.config(network, version, plugin),
              List.of());
    }
  }

  /**
   * The newest version of a network's that all of its plugins speak. Where it has only one, nobody
   * is asked: a plugin that does not speak it says so by itself.
   */
  public SpecVersion version(NetworkList network) throws CniException {
    List<SpecVersion> left = new ArrayList<>(network.versions());
    if (left.size() > 1) {
      for (PluginConfig plugin : network.plugins()) {
        left.retainAll(versions(network, plugin));
      }
    }
    if (left.isEmpty()) {
      throw new CniException(
          CniException.NO_CODE,
          "cannot use network \"%s\": its plugins have no version in common with it"
              .formatted(network.name()));
    }
    return left.getLast();
  }

  /** The versions that a plugin speaks, as far as they are spoken here. */
  List<SpecVersion> versions(NetworkList network, PluginConfig plugin) throws CniException {
    String what = "cannot use network \"%s\"".formatted(network.name());
    JsonObject question =
        JsonObject.builder().put("cniVersion", network.versions().getLast().word()).build();
    String answer = calls.run(what, "VERSION", plugin, question, List.of());
    try {
      return JsonCursor.read("", PluginCalls.bytes(answer), Limits.CONFIG)
          .field("supportedVersions")
          .list(JsonCursor::string)
          .stream()
          .flatMap(word -> SpecVersion.of(word).stream())
          .toList();
    } catch (SpecException e) {
      throw PluginCalls.failure(
          what, plugin, CniException.NO_CODE, "it does not tell its versions: " + e.getMessage());
    }
  }
}
