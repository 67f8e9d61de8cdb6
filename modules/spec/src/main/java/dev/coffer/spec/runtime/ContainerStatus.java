package dev.coffer.spec.runtime;

/** Where a container is in its life cycle. Source: runtime.md, State. */
public enum ContainerStatus {
  /** It is being created. */
  CREATING("creating"),
  /** It waits for start. */
  CREATED("created"),
  /** Its process runs. */
  RUNNING("running"),
  /** Its process has ended. */
  STOPPED("stopped"),
  /** Its processes are frozen: an addition that runtimes share. */
  PAUSED("paused");

  private final String spelling;

  ContainerStatus(String spelling) {
    this.spelling = spelling;
  }

  /** The string that stands in the config. */
  public String spelling() {
    return spelling;
  }
}
