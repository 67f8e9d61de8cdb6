package dev.coffer.plan.seccomp;

import dev.coffer.plan.bpf.ClassicNode;
import dev.coffer.plan.bpf.ClassicNode.Comparison;
import dev.coffer.plan.bpf.ClassicNode.Load;
import dev.coffer.plan.bpf.ClassicNode.Mask;
import dev.coffer.plan.bpf.ClassicNode.Test;
import dev.coffer.spec.runtime.SeccompArgument;

/**
 * Compiles one condition on an argument. A filter compares 32 bits at a time, so an argument of 64
 * bits is compared by its high word first. Where arguments have 32 bits, only the low word counts,
 * of the value as well.
 */
final class ArgumentTest {
  private static final int ARGUMENTS = 6;

  private final SyscallAbi abi;
  private final int argument;
  private final ClassicNode yes;
  private final ClassicNode no;

  private ArgumentTest(SyscallAbi abi, int argument, ClassicNode yes, ClassicNode no) {
    this.abi = abi;
    this.argument = argument;
    this.yes = yes;
    this.no = no;
  }

  /** Goes on at {@code yes} if the condition holds, else at {@code no}. */
  static ClassicNode of(
      SeccompArgument condition, SyscallAbi abi, ClassicNode yes, ClassicNode no) {
    if (condition.index() >= ARGUMENTS) {
      throw new IllegalArgumentException(
          "argument index must be from 0 to 5, is " + condition.index());
    }
    ArgumentTest when = new ArgumentTest(abi, (int) condition.index(), yes, no);
    ArgumentTest unless = new ArgumentTest(abi, (int) condition.index(), no, yes);
    long value = condition.value();
    return switch (condition.op()) {
      case EQ -> when.masked(-1L, value);
      case NE -> unless.masked(-1L, value);
      case MASKED_EQ -> when.masked(value, condition.valueTwo() & value);
      case GT -> when.ordered(Comparison.GREATER, value);
      case GE -> when.ordered(Comparison.GREATER_OR_EQUAL, value);
      case LE -> unless.ordered(Comparison.GREATER, value);
      case LT -> unless.ordered(Comparison.GREATER_OR_EQUAL, value);
    };
  }

  private ClassicNode masked(long mask, long value) {
    ClassicNode low = maskedWord(abi.lowOffset(argument), (int) mask, (int) value, yes);
    return abi.wide() ? maskedWord(abi.highOffset(argument), high(mask), high(value), low) : low;
  }

  private ClassicNode maskedWord(int offset, int mask, int value, ClassicNode next) {
    if (mask == 0) {
      return next;
    }
    ClassicNode test = new Test(Comparison.EQUAL, value, next, no);
    return new Load(offset, mask == -1 ? test : new Mask(mask, test));
  }

  private ClassicNode ordered(Comparison comparison, long value) {
    ClassicNode low = new Load(abi.lowOffset(argument), new Test(comparison, (int) value, yes, no));
    if (!abi.wide()) {
      return low;
    }
    ClassicNode equal = new Test(Comparison.EQUAL, high(value), low, no);
    return new Load(
        abi.highOffset(argument), new Test(Comparison.GREATER, high(value), yes, equal));
  }

  private static int high(long value) {
    return (int) (value >>> 32);
  }
}
