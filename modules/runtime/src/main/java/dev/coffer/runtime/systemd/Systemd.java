package dev.coffer.runtime.systemd;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.dbus.BusConnection;
import dev.coffer.runtime.dbus.BusException;
import dev.coffer.runtime.dbus.MalformedMessageException;
import dev.coffer.runtime.dbus.Message;
import dev.coffer.runtime.dbus.MethodCall;
import dev.coffer.runtime.dbus.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A manager of systemd, the host's or a user's (org.freedesktop.systemd1(5)). For one thread. */
public final class Systemd implements AutoCloseable {
  private static final String NAME = "org.freedesktop.systemd1";
  private static final String OBJECT = "/org/freedesktop/systemd1";
  private static final String MANAGER = NAME + ".Manager";
  private static final String UNIT = NAME + ".Unit";
  private static final String UNIT_EXISTS = NAME + ".UnitExists";
  private static final String NO_SUCH_UNIT = NAME + ".NoSuchUnit";
  private static final String JOB_REMOVED = "JobRemoved";
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  /** For as long as a job may take; systemd's own limit for a scope that stops is 90 s. */
  private static final Duration JOB_PATIENCE = Duration.ofSeconds(100);

  private final BusConnection bus;

  private Systemd(BusConnection bus) {
    this.bus = bus;
  }

  /** Whether this host was booted by systemd (sd_booted(3)). */
  public static boolean isRunning() {
    return Files.isDirectory(Path.of("/run/systemd/system"));
  }

  /** The host's manager. */
  public static Systemd ofSystem() throws IOException {
    return connect(ManagerAddress.ofSystem());
  }

  /**
   * A user's own manager.
   *
   * @param environment the user's, which says where that listens
   */
  public static Systemd ofUser(Map<String, String> environment) throws IOException {
    List<ManagerAddress> addresses = ManagerAddress.ofUser(environment);
    if (addresses.isEmpty()) {
      throw new IOException(
          "cannot find the user's systemd: neither XDG_RUNTIME_DIR nor DBUS_SESSION_BUS_ADDRESS is set");
    }
    return connect(addresses);
  }

  private static Systemd connect(List<ManagerAddress> addresses) throws IOException {
    IOException failure = null;
    for (ManagerAddress address : addresses) {
      try {
        return connect(address);
      } catch (IOException e) {
        String why =
            e instanceof KernelException k ? KernelException.describe(k.number()) : e.getMessage();
        IOException named =
            new IOException("cannot reach systemd at \"" + address.socket() + "\": " + why, e);
        if (failure != null) {
          named.addSuppressed(failure);
        }
        failure = named;
      }
    }
    throw failure;
  }

  private static Systemd connect(ManagerAddress address) throws IOException {
    Path socket = address.socket();
    Fd connected;
    try (Fd directory =
        FileOpen.path(socket.getParent().toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      connected = UnixSocket.connect(directory, socket.getFileName().toString(), UnixSocket.STREAM);
    }
    return over(connected, address.bus());
  }

  /**
   * Speaks over a connection.
   *
   * @param socket this owns it
   * @param throughBus whether a bus is at its other end; else the manager itself
   */
  static Systemd over(Fd socket, boolean throughBus) throws IOException {
    BusConnection bus =
        BusConnection.open(socket, PATIENCE, signal -> signal.member().equals(JOB_REMOVED));
    try {
      Systemd systemd = new Systemd(bus);
      if (throughBus) {
        systemd.subscribe();
      }
      return systemd;
    } catch (IOException e) {
      bus.close();
      throw e;
    }
  }

  private void subscribe() throws IOException {
    bus.register();
    bus.match(
        "type='signal',sender='%s',path='%s',interface='%s',member='%s'"
            .formatted(NAME, OBJECT, MANAGER, JOB_REMOVED));
    Message ignored = call("Subscribe");
  }

  /** The manager's own cgroup, in which all of its units are; empty: the root. */
  public String controlGroup() throws IOException {
    String path = property(OBJECT, MANAGER, "ControlGroup");
    return path.equals("/") ? "" : path;
  }

  /** The first number of its version; 0 where it tells none. */
  public int version() throws IOException {
    String digits = property(OBJECT, MANAGER, "Version").replaceFirst("^v?([0-9]{1,6}).*$", "$1");
    return digits.matches("[0-9]+") ? Integer.parseInt(digits) : 0;
  }

  /** How a unit that is loaded describes itself; empty where none of that name is. */
  public Optional<String> description(String unit) throws IOException {
    try {
      if (call("GetUnit", Value.of(unit)).values("o").getFirst()
          instanceof Value.ObjectPath(String object)) {
        return Optional.of(property(object, UNIT, "Description"));
      }
      throw new IOException("cannot find unit \"" + unit + "\": systemd's answer is no object");
    } catch (BusException e) {
      if (e.name().equals(NO_SUCH_UNIT)) {
        return Optional.empty();
      }
      throw cannot("find", unit, e);
    }
  }

  private String property(String object, String owner, String name) throws IOException {
    Message reply =
        bus.call(
            new MethodCall(
                NAME,
                object,
                "org.freedesktop.DBus.Properties",
                "Get",
                List.of(Value.of(owner), Value.of(name))));
    if (reply.values("v").getFirst() instanceof Value.Variant(Value.Text(String text))) {
      return text;
    }
    throw new IOException("systemd's property " + name + " is no text");
  }

  /**
   * Starts a unit that is not configured anywhere, and waits until it is there.
   *
   * @throws IOException where it could not be started
   */
  public void start(String unit, List<UnitProperty> properties) throws IOException {
    try {
      startOnce(unit, properties);
    } catch (BusException e) {
      if (!e.name().equals(UNIT_EXISTS)) {
        throw cannot("start", unit, e);
      }
      restart(unit, properties);
    }
  }

  /** One of that name which failed is kept for somebody to look at it. */
  private void restart(String unit, List<UnitProperty> properties) throws IOException {
    try {
      Message ignored = call("ResetFailedUnit", Value.of(unit));
      startOnce(unit, properties);
    } catch (BusException e) {
      throw cannot("start", unit, e);
    }
  }

  private void startOnce(String unit, List<UnitProperty> properties) throws IOException {
    Value others = new Value.Sequence("(sa(sv))", List.of());
    Message reply =
        call("StartTransientUnit", Value.of(unit), Value.of("replace"), values(properties), others);
    awaitJob("start", unit, reply);
  }

  /** Changes properties for as long as the unit is there. */
  public void set(String unit, List<UnitProperty> properties) throws IOException {
    try {
      Message ignored =
          call("SetUnitProperties", Value.of(unit), Value.of(true), values(properties));
    } catch (BusException e) {
      throw cannot("change", unit, e);
    }
  }

  private static Value values(List<UnitProperty> properties) {
    return new Value.Sequence("(sv)", properties.stream().map(UnitProperty::toValue).toList());
  }

  /** Stops a unit and waits until it is gone; one that is not there is fine. */
  public void stop(String unit) throws IOException {
    try {
      awaitJob("stop", unit, call("StopUnit", Value.of(unit), Value.of("replace")));
    } catch (BusException e) {
      if (!e.name().equals(NO_SUCH_UNIT)) {
        throw cannot("stop", unit, e);
      }
    }
  }

  private void awaitJob(String what, String unit, Message reply) throws IOException {
    Value job = reply.values("o").getFirst();
    Message removed =
        bus.await(signal -> tellsOf(signal, job, reply.sender()), JOB_PATIENCE)
            .orElseThrow(
                () ->
                    new IOException(
                        "cannot %s unit \"%s\": no end within %d s"
                            .formatted(what, unit, JOB_PATIENCE.toSeconds())));
    String result = removed.values("uoss").getLast() instanceof Value.Text(String text) ? text : "";
    if (!result.equals("done")) {
      throw new IOException(
          "cannot %s unit \"%s\": systemd says \"%s\" (see systemctl status %s)"
              .formatted(what, unit, result, unit));
    }
  }

  /** Over a bus others might send what looks like it. */
  private static boolean tellsOf(Message signal, Value job, String manager) {
    try {
      return signal.interfaceName().equals(MANAGER)
          && signal.sender().equals(manager)
          && signal.values("uoss").get(1).equals(job);
    } catch (MalformedMessageException e) {
      return false;
    }
  }

  private Message call(String method, Value... arguments) throws IOException {
    return bus.call(new MethodCall(NAME, OBJECT, MANAGER, method, List.of(arguments)));
  }

  private static IOException cannot(String what, String unit, BusException e) {
    return new IOException("cannot %s unit \"%s\": %s".formatted(what, unit, e.getMessage()), e);
  }

  @Override
  public void close() {
    bus.close();
  }
}
