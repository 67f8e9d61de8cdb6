package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import java.util.List;

/**
 * Programs to run at points of the life cycle. Source: config.md, POSIX-platform Hooks.
 *
 * @param prestart deprecated; in the runtime's namespaces, before {@code createRuntime}
 * @param createRuntime in the runtime's namespaces, before the root is changed
 * @param createContainer in the container's namespaces, before the root is changed
 * @param startContainer in the container's namespaces, as part of start
 * @param poststart in the runtime's namespaces, after the process has started
 * @param poststop in the runtime's namespaces, after the container is deleted
 * @param extra members that the specification does not know, kept for writing
 */
public record Hooks(
    List<Hook> prestart,
    List<Hook> createRuntime,
    List<Hook> createContainer,
    List<Hook> startContainer,
    List<Hook> poststart,
    List<Hook> poststop,
    JsonObject extra) {
  /** No hooks. */
  public static final Hooks NONE =
      new Hooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), JsonObject.EMPTY);

  public Hooks {
    prestart = List.copyOf(prestart);
    createRuntime = List.copyOf(createRuntime);
    createContainer = List.copyOf(createContainer);
    startContainer = List.copyOf(startContainer);
    poststart = List.copyOf(poststart);
    poststop = List.copyOf(poststop);
  }

  /** Whether there is nothing to run. */
  public boolean isEmpty() {
    return prestart.isEmpty()
        && createRuntime.isEmpty()
        && createContainer.isEmpty()
        && startContainer.isEmpty()
        && poststart.isEmpty()
        && poststop.isEmpty();
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Hooks read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Hooks(
        in.field("prestart").list(Hook::read),
        in.field("createRuntime").list(Hook::read),
        in.field("createContainer").list(Hook::read),
        in.field("startContainer").list(Hook::read),
        in.field("poststart").list(Hook::read),
        in.field("poststop").list(Hook::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putUnlessEmpty("prestart", JsonArray.of(prestart, Hook::toJson))
        .putUnlessEmpty("createRuntime", JsonArray.of(createRuntime, Hook::toJson))
        .putUnlessEmpty("createContainer", JsonArray.of(createContainer, Hook::toJson))
        .putUnlessEmpty("startContainer", JsonArray.of(startContainer, Hook::toJson))
        .putUnlessEmpty("poststart", JsonArray.of(poststart, Hook::toJson))
        .putUnlessEmpty("poststop", JsonArray.of(poststop, Hook::toJson))
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
    builder.prestart = prestart;
    builder.createRuntime = createRuntime;
    builder.createContainer = createContainer;
    builder.startContainer = startContainer;
    builder.poststart = poststart;
    builder.poststop = poststop;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Hooks}; for use by one thread. */
  public static final class Builder {
    private List<Hook> prestart = List.of();
    private List<Hook> createRuntime = List.of();
    private List<Hook> createContainer = List.of();
    private List<Hook> startContainer = List.of();
    private List<Hook> poststart = List.of();
    private List<Hook> poststop = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    /** Sets {@link Hooks#prestart}. */
    public Builder prestart(List<Hook> prestart) {
      this.prestart = prestart;
      return this;
    }

    /** Sets {@link Hooks#createRuntime}. */
    public Builder createRuntime(List<Hook> createRuntime) {
      this.createRuntime = createRuntime;
      return this;
    }

    /** Sets {@link Hooks#createContainer}. */
    public Builder createContainer(List<Hook> createContainer) {
      this.createContainer = createContainer;
      return this;
    }

    /** Sets {@link Hooks#startContainer}. */
    public Builder startContainer(List<Hook> startContainer) {
      this.startContainer = startContainer;
      return this;
    }

    /** Sets {@link Hooks#poststart}. */
    public Builder poststart(List<Hook> poststart) {
      this.poststart = poststart;
      return this;
    }

    /** Sets {@link Hooks#poststop}. */
    public Builder poststop(List<Hook> poststop) {
      this.poststop = poststop;
      return this;
    }

    /** Sets {@link Hooks#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Hooks build() {
      return new Hooks(
          prestart, createRuntime, createContainer, startContainer, poststart, poststop, extra);
    }
  }
}
