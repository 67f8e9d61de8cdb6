package dev.coffer.cli.template;

import java.util.List;

/** Data with a closed set of fields, each computed when a template asks for it. */
public interface Row {

  /** The names of all fields, sorted. */
  List<String> names();

  /** The value of one of {@link #names}. */
  Object field(String name);
}
