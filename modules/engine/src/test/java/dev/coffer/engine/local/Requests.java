package dev.coffer.engine.local;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.model.ResourceRequest;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** Varies a request for tests. */
public final class Requests {

  private Optional<String> name;
  private ProcessRequest process;
  private ResourceRequest resources;
  private SecurityRequest security;
  private NamespaceRequest namespaces;
  private List<MountRequest> mounts;
  private NetworkRequest network;
  private LifecycleRequest lifecycle;
  private final ContainerRequest base;

  private Requests(ContainerRequest base) {
    this.base = base;
    this.name = base.name();
    this.process = base.process();
    this.resources = base.resources();
    this.security = base.security();
    this.namespaces = base.namespaces();
    this.mounts = base.mounts();
    this.network = base.network();
    this.lifecycle = base.lifecycle();
  }

  public static Requests of(ContainerRequest base) {
    return new Requests(base);
  }

  public Requests name(String value) {
    name = Optional.of(value);
    return this;
  }

  public Requests process(ProcessRequest value) {
    process = value;
    return this;
  }

  public Requests resources(ResourceRequest value) {
    resources = value;
    return this;
  }

  public Requests security(SecurityRequest value) {
    security = value;
    return this;
  }

  public Requests namespaces(NamespaceRequest value) {
    namespaces = value;
    return this;
  }

  public Requests mounts(List<MountRequest> value) {
    mounts = value;
    return this;
  }

  public Requests network(NetworkRequest value) {
    network = value;
    return this;
  }

  public Requests autoRemove() {
    lifecycle =
        new LifecycleRequest(
            true, "no", 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    return this;
  }

  public Requests restart(String policy, int most) {
    lifecycle =
        new LifecycleRequest(
            false,
            policy,
            most,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return this;
  }

  public ContainerRequest build() {
    return new ContainerRequest(
        base.image(),
        name,
        base.platform(),
        base.pull(),
        process,
        resources,
        security,
        namespaces,
        mounts,
        network,
        base.logging(),
        lifecycle,
        base.labels(),
        base.annotations(),
        base.runtime());
  }

  /** A member of an object as text. */
  public static String text(JsonValue object, String member) {
    JsonValue value = JsonCursor.of("", object).field(member).value();
    return value instanceof JsonString string ? string.value() : Json.write(value);
  }
}
