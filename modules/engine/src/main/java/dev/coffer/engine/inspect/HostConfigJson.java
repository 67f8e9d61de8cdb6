package dev.coffer.engine.inspect;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.model.LogRequest;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.PortRange;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.model.ResourceRequest;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.engine.oci.SecurityChoice;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.network.address.Subnet;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The {@code HostConfig} object of an inspected container: what depends on its host. */
final class HostConfigJson {

  private static final long DEFAULT_SHM_BYTES = 64L << 20;

  private HostConfigJson() {}

  static JsonObject of(ContainerConfig config) {
    ContainerRequest request = config.request();
    JsonObject.Builder json = JsonObject.builder();
    mounts(json, request);
    LogRequest logging = request.logging();
    LifecycleRequest lifecycle = request.lifecycle();
    json.put("ContainerIDFile", lifecycle.cidFile().orElse(""))
        .put(
            "LogConfig",
            JsonObject.builder()
                .put("Type", logging.driver().isEmpty() ? "json-file" : logging.driver())
                .putStrings("Config", logging.options())
                .build())
        .put("NetworkMode", request.network().shownMode())
        .put("PortBindings", portBindings(request.network()))
        .put(
            "RestartPolicy",
            JsonObject.builder()
                .put("Name", lifecycle.restartPolicy().isEmpty() ? "no" : lifecycle.restartPolicy())
                .put("MaximumRetryCount", lifecycle.restartMaximum())
                .build())
        .put("AutoRemove", lifecycle.autoRemove())
        .put("VolumeDriver", "")
        .putNull("VolumesFrom")
        .put(
            "ConsoleSize",
            JsonValue.ofNumbers(List.of(request.process().rows(), request.process().columns())));
    security(json, request.security());
    network(json, request.network());
    namespaces(json, request.namespaces());
    json.put("PublishAllPorts", request.network().publishAll())
        .put("ReadonlyRootfs", request.security().readOnlyRootfs())
        .put("Runtime", "coffer")
        .put("Isolation", "")
        .put("Init", request.process().init());
    if (!request.annotations().isEmpty()) {
      json.putStrings("Annotations", request.annotations());
    }
    resources(json, request.resources());
    SecurityChoice security = SecurityChoice.of(request.security());
    return json.put("MaskedPaths", ConfigJson.stringsOrNull(security.maskedPaths()))
        .put("ReadonlyPaths", ConfigJson.stringsOrNull(security.readOnlyPaths()))
        .build();
  }

  private static void mounts(JsonObject.Builder json, ContainerRequest request) {
    List<String> binds = new ArrayList<>();
    Map<String, String> tmpfs = new TreeMap<>();
    for (MountRequest mount : request.mounts()) {
      String access = mount.readOnly() ? ":ro" : "";
      switch (mount) {
        case MountRequest.Bind bind -> binds.add(bind.source() + ":" + bind.target() + access);
        case MountRequest.Volume volume ->
            volume.name().ifPresent(name -> binds.add(name + ":" + volume.target() + access));
        case MountRequest.Tmpfs memory -> tmpfs.put(memory.target(), memory.options());
      }
    }
    json.put("Binds", ConfigJson.stringsOrNull(binds));
    if (!tmpfs.isEmpty()) {
      json.putStrings("Tmpfs", tmpfs);
    }
  }

  private static void security(JsonObject.Builder json, SecurityRequest security) {
    json.put("CapAdd", ConfigJson.stringsOrNull(security.capAdd()))
        .put("CapDrop", ConfigJson.stringsOrNull(security.capDrop()))
        .put("GroupAdd", ConfigJson.stringsOrNull(security.groupAdd()))
        .put("Privileged", security.privileged())
        .put("SecurityOpt", ConfigJson.stringsOrNull(security.securityOptions()));
    if (!security.sysctls().isEmpty()) {
      json.putStrings("Sysctls", security.sysctls());
    }
  }

  private static JsonObject portBindings(NetworkRequest network) {
    Map<String, List<PublishedPort>> byPort = new TreeMap<>();
    network.publish().stream()
        .flatMap(text -> PublishedPort.parse(text).stream())
        .forEach(port -> byPort.computeIfAbsent(port.exposed(), _ -> new ArrayList<>()).add(port));
    JsonObject.Builder json = JsonObject.builder();
    byPort.forEach((port, all) -> json.put(port, JsonArray.of(all, HostConfigJson::binding)));
    return json.build();
  }

  private static JsonObject binding(PublishedPort port) {
    PortRange range = port.hostPorts();
    String single = range.first() == 0 ? "" : Integer.toString(range.first());
    return JsonObject.builder()
        .put("HostIp", port.hostAddress().map(Subnet::text).orElse(""))
        .put("HostPort", range.count() > 1 ? range.first() + "-" + range.last() : single)
        .build();
  }

  private static void network(JsonObject.Builder json, NetworkRequest network) {
    json.putStrings("Dns", network.dns())
        .putStrings("DnsOptions", network.dnsOptions())
        .putStrings("DnsSearch", network.dnsSearch())
        .put("ExtraHosts", ConfigJson.stringsOrNull(network.extraHosts()))
        .putNull("Links");
  }

  private static void namespaces(JsonObject.Builder json, NamespaceRequest namespaces) {
    json.put("CgroupnsMode", namespaces.cgroup())
        .put("IpcMode", namespaces.ipc().isEmpty() ? "private" : namespaces.ipc())
        .put("PidMode", namespaces.pid())
        .put("UTSMode", namespaces.uts())
        .put("UsernsMode", namespaces.user());
  }

  private static void resources(JsonObject.Builder json, ResourceRequest r) {
    json.put("OomScoreAdj", r.oomScoreAdj().orElse(0))
        .put("ShmSize", r.shmSizeBytes().orElse(DEFAULT_SHM_BYTES))
        .put("CpuShares", r.cpuShares().orElse(0L))
        .put("Memory", r.memoryBytes().orElse(0L))
        .put("NanoCpus", r.nanoCpus().orElse(0L))
        .put("CgroupParent", r.cgroupParent().orElse(""))
        .put("BlkioWeight", r.blkioWeight().orElse(0))
        .put("BlkioWeightDevice", perDevice(r.blkioWeightDevices(), "Weight"))
        .put("BlkioDeviceReadBps", perDevice(r.deviceReadBps(), "Rate"))
        .put("BlkioDeviceWriteBps", perDevice(r.deviceWriteBps(), "Rate"))
        .put("BlkioDeviceReadIOps", perDevice(r.deviceReadIops(), "Rate"))
        .put("BlkioDeviceWriteIOps", perDevice(r.deviceWriteIops(), "Rate"))
        .put("CpuPeriod", r.cpuPeriodMicros().orElse(0L))
        .put("CpuQuota", r.cpuQuotaMicros().orElse(0L))
        .put("CpuRealtimePeriod", r.cpuRealtimePeriodMicros().orElse(0L))
        .put("CpuRealtimeRuntime", r.cpuRealtimeRuntimeMicros().orElse(0L))
        .put("CpusetCpus", r.cpusetCpus().orElse(""))
        .put("CpusetMems", r.cpusetMems().orElse(""))
        .put("Devices", JsonArray.of(r.devices(), HostConfigJson::device))
        .put("DeviceCgroupRules", ConfigJson.stringsOrNull(r.deviceCgroupRules()))
        .putNull("DeviceRequests")
        .put("MemoryReservation", r.memoryReservationBytes().orElse(0L))
        .put("MemorySwap", memorySwap(r))
        .put("MemorySwappiness", orNull(r.memorySwappiness().map(Integer::longValue)))
        .put("OomKillDisable", r.oomKillDisable())
        .put("PidsLimit", orNull(r.pidsLimit()))
        .put("Ulimits", ulimits(r));
  }

  private static long memorySwap(ResourceRequest r) {
    return r.memorySwapBytes()
        .filter(swap -> swap != 0)
        .orElseGet(() -> r.memoryBytes().orElse(0L) * 2);
  }

  private static JsonValue orNull(Optional<Long> number) {
    return number.map(JsonValue::of).orElse(JsonNull.NULL);
  }

  private static JsonArray ulimits(ResourceRequest r) {
    List<JsonObject> ulimits = new ArrayList<>();
    r.ulimits()
        .forEach(
            (name, limit) ->
                ulimits.add(
                    JsonObject.builder()
                        .put("Name", name)
                        .put("Hard", limit.hard())
                        .put("Soft", limit.soft())
                        .build()));
    return JsonArray.of(ulimits, limit -> limit);
  }

  private static JsonValue perDevice(List<String> entries, String member) {
    return JsonArray.of(
        entries,
        entry -> {
          int colon = entry.lastIndexOf(':');
          return JsonObject.builder()
              .put("Path", entry.substring(0, colon))
              .put(member, Long.parseLong(entry.substring(colon + 1)))
              .build();
        });
  }

  private static JsonObject device(String mapping) {
    String[] parts = mapping.split(":", -1);
    boolean accessSecond =
        parts.length == 2 && parts[1].chars().allMatch(c -> "rwm".indexOf(c) >= 0);
    return JsonObject.builder()
        .put("PathOnHost", parts[0])
        .put("PathInContainer", parts.length > 1 && !accessSecond ? parts[1] : parts[0])
        .put("CgroupPermissions", accessSecond ? parts[1] : parts.length > 2 ? parts[2] : "rwm")
        .build();
  }
}
