package dev.coffer.conformance.oci;

/**
 * Where runc 1.1 falls short of what the suite asks, each with the reason: the one list of
 * exceptions. A check that names one asserts on that runc that it really refuses or ignores what is
 * asked, so that an exception that has become stale fails; on any other runtime it asserts the real
 * thing.
 */
enum Deviation {
  TIME_NAMESPACE(Kind.REFUSED, "time namespaces came with runc 1.2"),
  DOMAINNAME(Kind.IGNORED, "domainname is of runtime-spec 1.1; runc 1.1 reads 1.0.2");

  /** What the runtime does instead. */
  enum Kind {
    /** The command fails. */
    REFUSED,
    /** The command succeeds without the effect. */
    IGNORED
  }

  private final Kind kind;
  private final String reason;

  Deviation(Kind kind, String reason) {
    this.kind = kind;
    this.reason = reason;
  }

  Kind kind() {
    return kind;
  }

  String reason() {
    return reason;
  }
}
