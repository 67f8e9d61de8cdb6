package dev.coffer.plan.seccomp;

import dev.coffer.plan.bpf.ClassicNode;
import dev.coffer.spec.runtime.SeccompArgument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * All that a profile says of one system call, in the order of its entries.
 *
 * <p>An entry without conditions decides alone, the first one if there are several; this is
 * libseccomp's rule. Otherwise the first entry decides whose conditions all hold. An entry with two
 * conditions on the same argument stands for one entry for each of its conditions; this is runc's
 * rule, kept for the old profiles that rely on it.
 */
final class SyscallRules {
  private record Rule(List<SeccompArgument> conditions, int action) {}

  private final List<Rule> conditional = new ArrayList<>();
  private OptionalInt unconditional = OptionalInt.empty();

  void add(List<SeccompArgument> conditions, int action) {
    if (conditions.isEmpty()) {
      unconditional = OptionalInt.of(unconditional.orElse(action));
    } else if (repeatsArgument(conditions)) {
      conditions.forEach(condition -> conditional.add(new Rule(List.of(condition), action)));
    } else {
      conditional.add(new Rule(conditions, action));
    }
  }

  /** What the call goes on with; the default where nothing applies. */
  ClassicNode compile(SyscallAbi abi, ClassicNode otherwise) {
    if (unconditional.isPresent()) {
      return new ClassicNode.Return(unconditional.getAsInt());
    }
    ClassicNode next = otherwise;
    for (Rule rule : conditional.reversed()) {
      ClassicNode matched = new ClassicNode.Return(rule.action());
      for (SeccompArgument condition : rule.conditions().reversed()) {
        matched = ArgumentTest.of(condition, abi, matched, next);
      }
      next = matched;
    }
    return next;
  }

  private static boolean repeatsArgument(List<SeccompArgument> conditions) {
    Set<Long> seen = new HashSet<>();
    return !conditions.stream().allMatch(condition -> seen.add(condition.index()));
  }
}
