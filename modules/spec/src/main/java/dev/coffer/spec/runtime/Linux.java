package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a config says for Linux alone. Source: config-linux.md.
 *
 * @param uidMappings user ids of the user namespace
 * @param gidMappings group ids of the user namespace
 * @param sysctl kernel parameters by their dotted name
 * @param resources cgroup settings
 * @param cgroupsPath absolute: below the cgroup mount; relative: below where the runtime chooses
 * @param namespaces namespaces to make or join; those not named are the runtime's
 * @param devices device nodes beyond the default ones
 * @param netDevices network devices to move in, by their name outside
 * @param seccomp system call filter
 * @param rootfsPropagation mount propagation of the root
 * @param maskedPaths absolute paths inside that cannot be read
 * @param readonlyPaths absolute paths inside that cannot be written
 * @param mountLabel SELinux context of the mounts
 * @param intelRdt Intel Resource Director Technology
 * @param memoryPolicy NUMA memory policy
 * @param personality execution domain
 * @param timeOffsets offsets of a time namespace by clock: {@code monotonic}, {@code boottime}
 * @param extra members that the specification does not know, kept for writing
 */
public record Linux(
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    SequencedMap<String, String> sysctl,
    Optional<Resources> resources,
    Optional<String> cgroupsPath,
    List<Namespace> namespaces,
    List<Device> devices,
    SequencedMap<String, NetDevice> netDevices,
    Optional<Seccomp> seccomp,
    Optional<RootfsPropagation> rootfsPropagation,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    Optional<String> mountLabel,
    Optional<IntelRdt> intelRdt,
    Optional<MemoryPolicy> memoryPolicy,
    Optional<Personality> personality,
    SequencedMap<String, TimeOffset> timeOffsets,
    JsonObject extra) {
  /** Nothing said: no namespace, no limit, no filter. */
  public static final Linux NONE = builder().build();

  public Linux {
    uidMappings = List.copyOf(uidMappings);
    gidMappings = List.copyOf(gidMappings);
    sysctl = Copies.of(sysctl);
    namespaces = List.copyOf(namespaces);
    devices = List.copyOf(devices);
    netDevices = Copies.of(netDevices);
    maskedPaths = List.copyOf(maskedPaths);
    readonlyPaths = List.copyOf(readonlyPaths);
    timeOffsets = Copies.of(timeOffsets);
  }

  /** The namespace of a type, if it is made or joined. */
  public Optional<Namespace> namespace(NamespaceType type) {
    return namespaces.stream().filter(namespace -> namespace.type() == type).findFirst();
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Linux read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Linux(
        in.field("uidMappings").list(IdMapping::read),
        in.field("gidMappings").list(IdMapping::read),
        in.field("sysctl").map(JsonCursor::string),
        in.field("resources").optional(Resources::read),
        in.field("cgroupsPath").nonEmpty(),
        in.field("namespaces").list(Namespace::read),
        in.field("devices").list(Device::read),
        in.field("netDevices").map(NetDevice::read),
        in.field("seccomp").optional(Seccomp::read),
        in.field("rootfsPropagation")
            .optional(c -> c.constant(RootfsPropagation.class, RootfsPropagation::spelling)),
        in.field("maskedPaths").list(JsonCursor::string),
        in.field("readonlyPaths").list(JsonCursor::string),
        in.field("mountLabel").nonEmpty(),
        in.field("intelRdt").optional(IntelRdt::read),
        in.field("memoryPolicy").optional(MemoryPolicy::read),
        in.field("personality").optional(Personality::read),
        in.field("timeOffsets").map(TimeOffset::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putUnlessEmpty("uidMappings", JsonArray.of(uidMappings, IdMapping::toJson))
        .putUnlessEmpty("gidMappings", JsonArray.of(gidMappings, IdMapping::toJson))
        .putUnlessEmpty("sysctl", JsonValue.ofStrings(sysctl))
        .putIfPresent("resources", resources, Resources::toJson)
        .putIfPresent("cgroupsPath", cgroupsPath)
        .putUnlessEmpty("namespaces", JsonArray.of(namespaces, Namespace::toJson))
        .putUnlessEmpty("devices", JsonArray.of(devices, Device::toJson))
        .putUnlessEmpty("netDevices", JsonObject.of(netDevices, NetDevice::toJson))
        .putIfPresent("seccomp", seccomp, Seccomp::toJson)
        .putIfPresent("rootfsPropagation", rootfsPropagation.map(RootfsPropagation::spelling))
        .putUnlessEmpty("maskedPaths", JsonValue.ofStrings(maskedPaths))
        .putUnlessEmpty("readonlyPaths", JsonValue.ofStrings(readonlyPaths))
        .putIfPresent("mountLabel", mountLabel)
        .putIfPresent("intelRdt", intelRdt, IntelRdt::toJson)
        .putIfPresent("memoryPolicy", memoryPolicy, MemoryPolicy::toJson)
        .putIfPresent("personality", personality, Personality::toJson)
        .putUnlessEmpty("timeOffsets", JsonObject.of(timeOffsets, TimeOffset::toJson))
        .putAll(extra)
        .build();
  }

  /** A builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.uidMappings = uidMappings;
    builder.gidMappings = gidMappings;
    builder.sysctl = sysctl;
    builder.resources = resources;
    builder.cgroupsPath = cgroupsPath;
    builder.namespaces = namespaces;
    builder.devices = devices;
    builder.netDevices = netDevices;
    builder.seccomp = seccomp;
    builder.rootfsPropagation = rootfsPropagation;
    builder.maskedPaths = maskedPaths;
    builder.readonlyPaths = readonlyPaths;
    builder.mountLabel = mountLabel;
    builder.intelRdt = intelRdt;
    builder.memoryPolicy = memoryPolicy;
    builder.personality = personality;
    builder.timeOffsets = timeOffsets;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Linux}; for use by one thread. */
  public static final class Builder {
    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();
    private SequencedMap<String, String> sysctl = Copies.of(Map.of());
    private Optional<Resources> resources = Optional.empty();
    private Optional<String> cgroupsPath = Optional.empty();
    private List<Namespace> namespaces = List.of();
    private List<Device> devices = List.of();
    private SequencedMap<String, NetDevice> netDevices = Copies.of(Map.of());
    private Optional<Seccomp> seccomp = Optional.empty();
    private Optional<RootfsPropagation> rootfsPropagation = Optional.empty();
    private List<String> maskedPaths = List.of();
    private List<String> readonlyPaths = List.of();
    private Optional<String> mountLabel = Optional.empty();
    private Optional<IntelRdt> intelRdt = Optional.empty();
    private Optional<MemoryPolicy> memoryPolicy = Optional.empty();
    private Optional<Personality> personality = Optional.empty();
    private SequencedMap<String, TimeOffset> timeOffsets = Copies.of(Map.of());
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    /** Sets {@link Linux#uidMappings}. */
    public Builder uidMappings(List<IdMapping> uidMappings) {
      this.uidMappings = uidMappings;
      return this;
    }

    /** Sets {@link Linux#gidMappings}. */
    public Builder gidMappings(List<IdMapping> gidMappings) {
      this.gidMappings = gidMappings;
      return this;
    }

    /** Sets {@link Linux#sysctl}. */
    public Builder sysctl(Map<String, String> sysctl) {
      this.sysctl = Copies.of(sysctl);
      return this;
    }

    /** Sets {@link Linux#resources}. */
    public Builder resources(Resources resources) {
      this.resources = Optional.of(resources);
      return this;
    }

    /** Sets {@link Linux#cgroupsPath}. */
    public Builder cgroupsPath(String cgroupsPath) {
      this.cgroupsPath = Optional.of(cgroupsPath);
      return this;
    }

    /** Sets {@link Linux#namespaces}. */
    public Builder namespaces(List<Namespace> namespaces) {
      this.namespaces = namespaces;
      return this;
    }

    /** Sets {@link Linux#devices}. */
    public Builder devices(List<Device> devices) {
      this.devices = devices;
      return this;
    }

    /** Sets {@link Linux#netDevices}. */
    public Builder netDevices(Map<String, NetDevice> netDevices) {
      this.netDevices = Copies.of(netDevices);
      return this;
    }

    /** Sets {@link Linux#seccomp}. */
    public Builder seccomp(Seccomp seccomp) {
      this.seccomp = Optional.of(seccomp);
      return this;
    }

    /** Sets {@link Linux#rootfsPropagation}. */
    public Builder rootfsPropagation(RootfsPropagation rootfsPropagation) {
      this.rootfsPropagation = Optional.of(rootfsPropagation);
      return this;
    }

    /** Sets {@link Linux#maskedPaths}. */
    public Builder maskedPaths(List<String> maskedPaths) {
      this.maskedPaths = maskedPaths;
      return this;
    }

    /** Sets {@link Linux#readonlyPaths}. */
    public Builder readonlyPaths(List<String> readonlyPaths) {
      this.readonlyPaths = readonlyPaths;
      return this;
    }

    /** Sets {@link Linux#mountLabel}. */
    public Builder mountLabel(String mountLabel) {
      this.mountLabel = Optional.of(mountLabel);
      return this;
    }

    /** Sets {@link Linux#intelRdt}. */
    public Builder intelRdt(IntelRdt intelRdt) {
      this.intelRdt = Optional.of(intelRdt);
      return this;
    }

    /** Sets {@link Linux#memoryPolicy}. */
    public Builder memoryPolicy(MemoryPolicy memoryPolicy) {
      this.memoryPolicy = Optional.of(memoryPolicy);
      return this;
    }

    /** Sets {@link Linux#personality}. */
    public Builder personality(Personality personality) {
      this.personality = Optional.of(personality);
      return this;
    }

    /** Sets {@link Linux#timeOffsets}. */
    public Builder timeOffsets(Map<String, TimeOffset> timeOffsets) {
      this.timeOffsets = Copies.of(timeOffsets);
      return this;
    }

    /** Sets {@link Linux#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Linux build() {
      return new Linux(
          uidMappings,
          gidMappings,
          sysctl,
          resources,
          cgroupsPath,
          namespaces,
          devices,
          netDevices,
          seccomp,
          rootfsPropagation,
          maskedPaths,
          readonlyPaths,
          mountLabel,
          intelRdt,
          memoryPolicy,
          personality,
          timeOffsets,
          extra);
    }
  }
}
