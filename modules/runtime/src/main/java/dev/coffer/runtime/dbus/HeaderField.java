package dev.coffer.runtime.dbus;

/** The fields of a message's header. */
enum HeaderField {
  PATH(1, "o"),
  INTERFACE(2, "s"),
  MEMBER(3, "s"),
  ERROR_NAME(4, "s"),
  REPLY_SERIAL(5, "u"),
  DESTINATION(6, "s"),
  SENDER(7, "s"),
  SIGNATURE(8, "g");

  private final int code;
  private final String type;

  HeaderField(int code, String type) {
    this.code = code;
    this.type = type;
  }

  int code() {
    return code;
  }

  /** As a signature has it. */
  String type() {
    return type;
  }
}
