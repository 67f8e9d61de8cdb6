package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A container's configuration: the {@code config.json} of a bundle.
 *
 * <p>Source: OCI runtime-spec 1.3, config.md. An absent member and one that has its default value
 * ({@code false}, an empty string or container, {@code null}) are the same.
 *
 * @param ociVersion the version of the specification that the config follows, by SemVer 2.0
 * @param root the root file system; required on Linux
 * @param process what to run; required to start
 * @param hostname name of the host inside
 * @param domainname NIS domain name inside
 * @param mounts mounts beyond the root, in the order they are made
 * @param hooks programs to run at points of the life cycle
 * @param annotations arbitrary metadata
 * @param linux what is specific to Linux
 * @param vm what is specific to runtimes based on virtual machines
 * @param extra members that the specification does not know, kept for writing
 */
public record Spec(
    String ociVersion,
    Optional<Root> root,
    Optional<ContainerProcess> process,
    Optional<String> hostname,
    Optional<String> domainname,
    List<Mount> mounts,
    Optional<Hooks> hooks,
    SequencedMap<String, String> annotations,
    Optional<Linux> linux,
    Optional<Vm> vm,
    JsonObject extra) {
  public Spec {
    mounts = List.copyOf(mounts);
    annotations = Copies.of(annotations);
  }

  /** The version that this package implements. */
  public static final String VERSION = "1.3.0";

  /** Reads a whole {@code config.json}; messages call it that. */
  public static Spec parse(byte[] utf8) {
    return read(JsonCursor.read("config.json", utf8, Limits.CONFIG));
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Spec read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Spec(
        in.field("ociVersion").string(),
        in.field("root").optional(Root::read),
        in.field("process").optional(ContainerProcess::read),
        in.field("hostname").nonEmpty(),
        in.field("domainname").nonEmpty(),
        in.field("mounts").list(Mount::read),
        in.field("hooks").optional(Hooks::read),
        in.field("annotations").map(JsonCursor::string),
        in.field("linux").optional(Linux::read),
        in.field("vm").optional(Vm::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("ociVersion", ociVersion)
        .putIfPresent("root", root, Root::toJson)
        .putIfPresent("process", process, ContainerProcess::toJson)
        .putIfPresent("hostname", hostname)
        .putIfPresent("domainname", domainname)
        .putUnlessEmpty("mounts", JsonArray.of(mounts, Mount::toJson))
        .putIfPresent("hooks", hooks, Hooks::toJson)
        .putUnlessEmpty("annotations", JsonValue.ofStrings(annotations))
        .putIfPresent("linux", linux, Linux::toJson)
        .putIfPresent("vm", vm, Vm::toJson)
        .putAll(extra)
        .build();
  }

  /** A builder with everything else at its default. */
  public static Builder builder(String ociVersion) {
    return new Builder(ociVersion);
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    Builder builder = new Builder(ociVersion);
    builder.root = root;
    builder.process = process;
    builder.hostname = hostname;
    builder.domainname = domainname;
    builder.mounts = mounts;
    builder.hooks = hooks;
    builder.annotations = annotations;
    builder.linux = linux;
    builder.vm = vm;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Spec}; for use by one thread. */
  public static final class Builder {
    private String ociVersion;
    private Optional<Root> root = Optional.empty();
    private Optional<ContainerProcess> process = Optional.empty();
    private Optional<String> hostname = Optional.empty();
    private Optional<String> domainname = Optional.empty();
    private List<Mount> mounts = List.of();
    private Optional<Hooks> hooks = Optional.empty();
    private SequencedMap<String, String> annotations = Copies.of(Map.of());
    private Optional<Linux> linux = Optional.empty();
    private Optional<Vm> vm = Optional.empty();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String ociVersion) {
      this.ociVersion = ociVersion;
    }

    /** Sets {@link Spec#ociVersion}. */
    public Builder ociVersion(String ociVersion) {
      this.ociVersion = ociVersion;
      return this;
    }

    /** Sets {@link Spec#root}. */
    public Builder root(Root root) {
      this.root = Optional.of(root);
      return this;
    }

    /** Sets {@link Spec#process}. */
    public Builder process(ContainerProcess process) {
      this.process = Optional.of(process);
      return this;
    }

    /** Sets {@link Spec#hostname}. */
    public Builder hostname(String hostname) {
      this.hostname = Optional.of(hostname);
      return this;
    }

    /** Sets {@link Spec#domainname}. */
    public Builder domainname(String domainname) {
      this.domainname = Optional.of(domainname);
      return this;
    }

    /** Sets {@link Spec#mounts}. */
    public Builder mounts(List<Mount> mounts) {
      this.mounts = mounts;
      return this;
    }

    /** Sets {@link Spec#hooks}. */
    public Builder hooks(Hooks hooks) {
      this.hooks = Optional.of(hooks);
      return this;
    }

    /** Sets {@link Spec#annotations}. */
    public Builder annotations(Map<String, String> annotations) {
      this.annotations = Copies.of(annotations);
      return this;
    }

    /** Sets {@link Spec#linux}. */
    public Builder linux(Linux linux) {
      this.linux = Optional.of(linux);
      return this;
    }

    /** Sets {@link Spec#vm}. */
    public Builder vm(Vm vm) {
      this.vm = Optional.of(vm);
      return this;
    }

    /** Sets {@link Spec#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Spec build() {
      return new Spec(
          ociVersion,
          root,
          process,
          hostname,
          domainname,
          mounts,
          hooks,
          annotations,
          linux,
          vm,
          extra);
    }
  }
}
