package dev.coffer.runtime.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.runtime.dbus.FakeBus;
import dev.coffer.runtime.dbus.Message;
import dev.coffer.runtime.dbus.Value;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SystemdTest {
  private static final String MANAGER = "org.freedesktop.systemd1.Manager";
  private static final Value JOB = new Value.ObjectPath("/org/freedesktop/systemd1/job/7");
  private static final List<UnitProperty> PROPERTIES =
      List.of(new UnitProperty("Delegate", Value.of(true)));

  private static byte[] removed(Value job, String result) {
    return FakeBus.signal(
        MANAGER, "JobRemoved", Value.uint32(7), job, Value.of("a.scope"), Value.of(result));
  }

  private static FakeBus bus(Function<Message, List<byte[]>> answers) throws IOException {
    return new FakeBus(answers);
  }

  @Test
  void startsAUnitAndWaitsForItsJob() throws Exception {
    Value other = new Value.ObjectPath("/org/freedesktop/systemd1/job/6");
    // The end of the job may be told before its beginning.
    try (FakeBus bus =
            bus(
                call ->
                    List.of(
                        removed(other, "failed"), removed(JOB, "done"), FakeBus.reply(call, JOB)));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      systemd.start("a.scope", PROPERTIES);
      assertThat(bus.calls()).hasSize(1);
      Message call = bus.calls().getFirst();
      assertThat(call.member()).isEqualTo("StartTransientUnit");
      assertThat(call.values("ssa(sv)a(sa(sv))"))
          .containsExactly(
              Value.of("a.scope"),
              Value.of("replace"),
              new Value.Sequence("(sv)", List.of(PROPERTIES.getFirst().toValue())),
              new Value.Sequence("(sa(sv))", List.of()));
    }
  }

  @Test
  void aJobThatFailsIsTold() throws Exception {
    try (FakeBus bus = bus(call -> List.of(FakeBus.reply(call, JOB), removed(JOB, "failed")));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThatThrownBy(() -> systemd.start("a.scope", PROPERTIES))
          .hasMessage(
              "cannot start unit \"a.scope\": systemd says \"failed\" (see systemctl status a.scope)");
    }
  }

  @Test
  void aUnitThatHasFailedMakesRoom() throws Exception {
    boolean[] reset = {false};
    try (FakeBus bus =
            bus(
                call -> {
                  if (call.member().equals("ResetFailedUnit")) {
                    reset[0] = true;
                    return List.of(FakeBus.reply(call));
                  }
                  return reset[0]
                      ? List.of(FakeBus.reply(call, JOB), removed(JOB, "done"))
                      : List.of(exists(call));
                });
        Systemd systemd = Systemd.over(bus.client(), false)) {
      systemd.start("a.scope", PROPERTIES);
      assertThat(bus.calls())
          .extracting(Message::member)
          .containsExactly("StartTransientUnit", "ResetFailedUnit", "StartTransientUnit");
    }
  }

  private static byte[] exists(Message call) {
    return FakeBus.error(
        call, "org.freedesktop.systemd1.UnitExists", "Unit a.scope already exists.");
  }

  @Test
  void aUnitThatIsAliveDoesNot() throws Exception {
    try (FakeBus bus =
            bus(
                call ->
                    call.member().equals("ResetFailedUnit")
                        ? List.of(FakeBus.reply(call))
                        : List.of(exists(call)));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThatThrownBy(() -> systemd.start("a.scope", PROPERTIES))
          .hasMessage("cannot start unit \"a.scope\": Unit a.scope already exists.");
    }
  }

  @Test
  void whatIsNotThereIsStoppedAlready() throws Exception {
    try (FakeBus bus =
            bus(
                call ->
                    List.of(
                        FakeBus.error(
                            call,
                            "org.freedesktop.systemd1.NoSuchUnit",
                            "Unit a.scope not loaded.")));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      systemd.stop("a.scope");
      assertThat(bus.calls()).extracting(Message::member).containsExactly("StopUnit");
    }
  }

  @Test
  void aUnitIsAskedForItsDescription() throws Exception {
    Value unit = new Value.ObjectPath("/org/freedesktop/systemd1/unit/a_2escope");
    try (FakeBus bus =
            bus(
                call ->
                    List.of(
                        call.member().equals("GetUnit")
                            ? FakeBus.reply(call, unit)
                            : FakeBus.reply(call, new Value.Variant(Value.of("container a")))));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThat(systemd.description("a.scope")).contains("container a");
      assertThat(bus.calls().getLast().path())
          .isEqualTo("/org/freedesktop/systemd1/unit/a_2escope");
    }
  }

  @Test
  void oneThatIsNotLoadedHasNone() throws Exception {
    try (FakeBus bus =
            bus(
                call ->
                    List.of(
                        FakeBus.error(
                            call,
                            "org.freedesktop.systemd1.NoSuchUnit",
                            "Unit a.scope not loaded.")));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThat(systemd.description("a.scope")).isEmpty();
    }
  }

  @Test
  void refusalsAreTold() throws Exception {
    try (FakeBus bus =
            bus(
                call ->
                    List.of(
                        FakeBus.error(
                            call,
                            "org.freedesktop.DBus.Error.AccessDenied",
                            "Permission denied")));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThatThrownBy(() -> systemd.set("a.scope", PROPERTIES))
          .hasMessage("cannot change unit \"a.scope\": Permission denied");
      assertThatThrownBy(() -> systemd.stop("a.scope"))
          .hasMessage("cannot stop unit \"a.scope\": Permission denied");
    }
  }

  @Test
  void behindABusItRegistersAndListens() throws Exception {
    Value name = new Value.Variant(Value.of("252.39-1~deb12u1"));
    try (FakeBus bus = bus(call -> List.of(FakeBus.reply(call, name)));
        Systemd systemd = Systemd.over(bus.client(), true)) {
      assertThat(systemd.version()).isEqualTo(252);
      assertThat(bus.calls())
          .extracting(Message::member)
          .containsExactly("Hello", "AddMatch", "Subscribe", "Get");
    }
  }

  @Test
  void behindABusNobodyElseEndsAJob() throws Exception {
    byte[] forged =
        FakeBus.signalFrom(
            ":1.666",
            MANAGER,
            "JobRemoved",
            Value.uint32(7),
            JOB,
            Value.of("a.scope"),
            Value.of("done"));
    try (FakeBus bus =
            bus(call -> List.of(forged, FakeBus.reply(call, JOB), removed(JOB, "canceled")));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThatThrownBy(() -> systemd.start("a.scope", PROPERTIES))
          .hasMessageContaining("systemd says \"canceled\"");
    }
  }

  @Test
  void tellsWhereItIs() throws Exception {
    try (FakeBus bus =
            bus(
                call ->
                    List.of(
                        FakeBus.reply(
                            call, new Value.Variant(Value.of("/user.slice/user@1.service")))));
        Systemd systemd = Systemd.over(bus.client(), false)) {
      assertThat(systemd.controlGroup()).isEqualTo("/user.slice/user@1.service");
    }
  }
}
