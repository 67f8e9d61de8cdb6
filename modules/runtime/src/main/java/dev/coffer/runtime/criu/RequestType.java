package dev.coffer.runtime.criu;

/** What criu is asked for: {@code criu_req_type}. */
public enum RequestType {
  DUMP(1),
  RESTORE(2),
  PRE_DUMP(4),
  NOTIFY(6),
  FEATURE_CHECK(9),
  VERSION(10);

  private final int number;

  RequestType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
