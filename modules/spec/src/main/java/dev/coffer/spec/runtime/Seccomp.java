package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * A system call filter. Source: config-linux.md, Seccomp.
 *
 * @param defaultAction what happens to a call that no entry matches
 * @param defaultErrnoRet errno (or tracer message) of the default action; absent is EPERM
 * @param architectures architectures beside the native one
 * @param flags flags for seccomp(2)
 * @param listenerPath socket of the agent for {@link SeccompAction#NOTIFY}
 * @param listenerMetadata opaque text for the agent
 * @param syscalls entries
 * @param extra members that the specification does not know, kept for writing
 */
public record Seccomp(
    SeccompAction defaultAction,
    Optional<Long> defaultErrnoRet,
    List<SeccompArch> architectures,
    List<SeccompFlag> flags,
    Optional<String> listenerPath,
    Optional<String> listenerMetadata,
    List<SeccompSyscall> syscalls,
    JsonObject extra) {
  public Seccomp {
    architectures = List.copyOf(architectures);
    flags = List.copyOf(flags);
    syscalls = List.copyOf(syscalls);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Seccomp read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Seccomp(
        in.field("defaultAction").constant(SeccompAction.class, SeccompAction::spelling),
        in.field("defaultErrnoRet").optional(JsonCursor::uint32),
        in.field("architectures").list(c -> c.constant(SeccompArch.class, SeccompArch::spelling)),
        in.field("flags").list(c -> c.constant(SeccompFlag.class, SeccompFlag::spelling)),
        in.field("listenerPath").nonEmpty(),
        in.field("listenerMetadata").nonEmpty(),
        in.field("syscalls").list(SeccompSyscall::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("defaultAction", defaultAction.spelling())
        .putIfPresent("defaultErrnoRet", defaultErrnoRet, JsonNumber::of)
        .putUnlessEmpty(
            "architectures", JsonArray.of(architectures, value -> JsonValue.of(value.spelling())))
        .putUnlessEmpty("flags", JsonArray.of(flags, value -> JsonValue.of(value.spelling())))
        .putIfPresent("listenerPath", listenerPath)
        .putIfPresent("listenerMetadata", listenerMetadata)
        .putUnlessEmpty("syscalls", JsonArray.of(syscalls, SeccompSyscall::toJson))
        .putAll(extra)
        .build();
  }

  /** A builder with everything else at its default. */
  public static Builder builder(SeccompAction defaultAction) {
    return new Builder(defaultAction);
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    Builder builder = new Builder(defaultAction);
    builder.defaultErrnoRet = defaultErrnoRet;
    builder.architectures = architectures;
    builder.flags = flags;
    builder.listenerPath = listenerPath;
    builder.listenerMetadata = listenerMetadata;
    builder.syscalls = syscalls;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Seccomp}; for use by one thread. */
  public static final class Builder {
    private SeccompAction defaultAction;
    private Optional<Long> defaultErrnoRet = Optional.empty();
    private List<SeccompArch> architectures = List.of();
    private List<SeccompFlag> flags = List.of();
    private Optional<String> listenerPath = Optional.empty();
    private Optional<String> listenerMetadata = Optional.empty();
    private List<SeccompSyscall> syscalls = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(SeccompAction defaultAction) {
      this.defaultAction = defaultAction;
    }

    /** Sets {@link Seccomp#defaultAction}. */
    public Builder defaultAction(SeccompAction defaultAction) {
      this.defaultAction = defaultAction;
      return this;
    }

    /** Sets {@link Seccomp#defaultErrnoRet}. */
    public Builder defaultErrnoRet(long defaultErrnoRet) {
      this.defaultErrnoRet = Optional.of(defaultErrnoRet);
      return this;
    }

    /** Sets {@link Seccomp#architectures}. */
    public Builder architectures(List<SeccompArch> architectures) {
      this.architectures = architectures;
      return this;
    }

    /** Sets {@link Seccomp#flags}. */
    public Builder flags(List<SeccompFlag> flags) {
      this.flags = flags;
      return this;
    }

    /** Sets {@link Seccomp#listenerPath}. */
    public Builder listenerPath(String listenerPath) {
      this.listenerPath = Optional.of(listenerPath);
      return this;
    }

    /** Sets {@link Seccomp#listenerMetadata}. */
    public Builder listenerMetadata(String listenerMetadata) {
      this.listenerMetadata = Optional.of(listenerMetadata);
      return this;
    }

    /** Sets {@link Seccomp#syscalls}. */
    public Builder syscalls(List<SeccompSyscall> syscalls) {
      this.syscalls = syscalls;
      return this;
    }

    /** Sets {@link Seccomp#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Seccomp build() {
      return new Seccomp(
          defaultAction,
          defaultErrnoRet,
          architectures,
          flags,
          listenerPath,
          listenerMetadata,
          syscalls,
          extra);
    }
  }
}
