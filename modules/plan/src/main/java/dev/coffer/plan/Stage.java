package dev.coffer.plan;

import dev.coffer.plan.op.Op;
import java.util.List;

/**
 * What one process does.
 *
 * @param name the process's name while it does it, at most 15 bytes
 * @param operations in order
 */
public record Stage(String name, List<Op> operations) {
  public Stage {
    operations = List.copyOf(operations);
  }
}
