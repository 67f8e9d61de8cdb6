package dev.coffer.runtime.dbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.UnixSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The connection with the real dbus-daemon at its other end. */
@Timeout(60)
class BusDaemonIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String BUS = "org.freedesktop.DBus";
  private static final String NAME = "dev.coffer.Test";

  @TempDir Path directory;
  private Process daemon;

  @BeforeEach
  void start() throws IOException {
    Path socket = directory.resolve("bus");
    Path config = directory.resolve("bus.conf");
    Files.writeString(
        config,
        """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <listen>unix:path=%s</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow send_destination="*"/><allow eavesdrop="false"/><allow own="*"/>
          </policy>
        </busconfig>
        """
            .formatted(socket));
    daemon =
        new ProcessBuilder("dbus-daemon", "--nofork", "--print-address", "--config-file=" + config)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = daemon.inputReader();
    assertThat(said.readLine()).startsWith("unix:path=" + socket);
  }

  @AfterEach
  void stop() throws InterruptedException {
    daemon.destroy();
    assertThat(daemon.waitFor()).isNotNegative();
  }

  private BusConnection open() throws IOException {
    try (Fd place = FileOpen.path(directory.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      BusConnection connection =
          BusConnection.open(
              UnixSocket.connect(place, "bus", UnixSocket.STREAM), PATIENCE, signal -> true);
      connection.register();
      return connection;
    }
  }

  private static MethodCall call(String member, Value... arguments) {
    return new MethodCall(BUS, "/org/freedesktop/DBus", BUS, member, List.of(arguments));
  }

  @Test
  void answersCalls() throws Exception {
    try (BusConnection bus = open()) {
      Message names = bus.call(call("ListNames"));
      assertThat(names.sender()).isEqualTo(BUS);
      assertThat(((Value.Sequence) names.values("as").getFirst()).values()).contains(Value.of(BUS));
      assertThat(bus.call(call("NameHasOwner", Value.of("no.such.name"))).values("b"))
          .containsExactly(Value.of(false));
    }
  }

  @Test
  void tellsErrorsByName() throws Exception {
    try (BusConnection bus = open()) {
      assertThatThrownBy(() -> bus.call(call("GetNameOwner", Value.of("no.such.name"))))
          .isInstanceOfSatisfying(
              BusException.class,
              e -> assertThat(e.name()).isEqualTo("org.freedesktop.DBus.Error.NameHasNoOwner"));
      assertThatThrownBy(() -> bus.call(call("NoSuchMethod")))
          .isInstanceOfSatisfying(
              BusException.class,
              e -> assertThat(e.name()).isEqualTo("org.freedesktop.DBus.Error.UnknownMethod"));
    }
  }

  @Test
  void deliversTheSignalsThatMatch() throws Exception {
    try (BusConnection listener = open();
        BusConnection owner = open()) {
      listener.match(
          "type='signal',sender='%s',member='NameOwnerChanged',arg0='%s'".formatted(BUS, NAME));
      assertThat(owner.call(call("RequestName", Value.of(NAME), Value.uint32(0))).values("u"))
          .containsExactly(Value.uint32(1));
      Message signal =
          listener.await(each -> each.member().equals("NameOwnerChanged"), PATIENCE).orElseThrow();
      assertThat(signal.values("sss").getFirst()).isEqualTo(Value.of(NAME));
    }
  }

  @Test
  void takesValuesOfAllTypes() throws Exception {
    try (BusConnection listener = open();
        BusConnection sender = open()) {
      // The bus checks what it passes on, and would hang up on a message that is none.
      Value all =
          Value.struct(
              Value.bytes(new byte[] {1, 2, 3}),
              new Value.Variant(Value.uint64(-1)),
              new Value.Sequence(
                  "(sv)",
                  List.of(Value.struct(Value.of("x"), new Value.Variant(new Value.Fraction(0.5))))),
              new Value.Sequence("(st)", List.of()),
              new Value.Whole(IntegerType.INT16, -1),
              new Value.ObjectPath("/a"));
      assertThat(listener.call(call("RequestName", Value.of(NAME), Value.uint32(0))).values("u"))
          .containsExactly(Value.uint32(1));
      assertThatThrownBy(
              () -> sender.call(new MethodCall(BUS, "/x", "some.interface", "M", List.of(all))))
          .isInstanceOf(BusException.class);
      assertThat(sender.call(call("GetId")).values("s")).hasSize(1);
    }
  }
}
