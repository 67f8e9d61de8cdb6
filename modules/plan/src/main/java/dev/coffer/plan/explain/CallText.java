package dev.coffer.plan.explain;

import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.Argument;
import dev.coffer.plan.wire.ArgumentFormat;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Program;
import dev.coffer.plan.wire.Rule;
import dev.coffer.plan.wire.Syscall;
import dev.coffer.plan.wire.WireForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Instructions of one program as text, made from the very bytes that the executor gets. */
final class CallText {
  private static final int SET_GROUPS_SIZE = 0;
  private final Program program;
  private final Architecture architecture;
  private final List<String> slots;
  private final PoolText pool;

  CallText(Program program, List<String> slots) {
    this.program = program;
    this.architecture = program.architecture();
    this.slots = slots;
    this.pool = new PoolText(program.pool(), architecture, this::slot);
  }

  /** The call, without its outcomes. */
  String call(Instruction instruction) {
    String text =
        switch (instruction.code()) {
          case SYSCALL -> syscall(instruction);
          case CLONE -> cloneCall(instruction);
          case SYNC -> sync(instruction);
          case GRAB_FD -> "grab-fd(%s)".formatted(argument(instruction, 0));
          case BARRIER -> "barrier(%s)".formatted(argument(instruction, 0));
          case HOOK -> hook(instruction);
          case OPEN_IN -> openIn(instruction);
          case EXPECT -> expect(instruction);
          case WRITE_ALL ->
              "write-all(%s, %s)".formatted(argument(instruction, 0), data(instruction));
          case ARRANGE_FDS ->
              "arrange-fds(%s)"
                  .formatted(pool.slots(instruction.argument(0), number(instruction, 1)));
          case EXEC_SEARCH ->
              "exec-search(%s, %s)"
                  .formatted(
                      text(instruction, 0),
                      pool.strings(instruction.argument(1), instruction.patches()));
          case REAP -> "reap(%s)".formatted(stage(number(instruction, 0)));
          case COPY_TREE ->
              "copy-tree(%s, %s)".formatted(argument(instruction, 0), argument(instruction, 1));
          case NETLINK ->
              "netlink(%s, {%d bytes})".formatted(argument(instruction, 0), number(instruction, 2));
        };
    return instruction.result() == WireForm.NO_SLOT
        ? text
        : text + " = " + slot(instruction.result());
  }

  /** What happens after it, empty for the usual: success goes on, an error is fatal. */
  String outcomes(Instruction instruction) {
    List<String> outcomes = new ArrayList<>();
    for (Rule rule : instruction.rules()) {
      String error =
          switch (rule.error()) {
            case WireForm.ERRNO_SUCCESS -> "ok";
            case WireForm.ERRNO_ANY -> "any error";
            default -> Errno.of(rule.error()).map(Errno::name).orElse("error " + rule.error());
          };
      outcomes.add(
          switch (rule.action()) {
            case FAIL -> error + " fails";
            case CONTINUE -> error + " is fine";
            case JUMP -> error + " → " + rule.target();
          });
    }
    return String.join(", ", outcomes);
  }

  private String syscall(Instruction instruction) {
    Syscall call = Syscall.of(instruction.number(), architecture);
    List<String> arguments = new ArrayList<>();
    for (int index = 0; index < call.formats().size(); index++) {
      arguments.add(format(call.formats().get(index), instruction, index));
    }
    return call.callName() + "(" + String.join(", ", arguments) + ")";
  }

  private String format(ArgumentFormat format, Instruction instruction, int index) {
    Argument argument = instruction.argument(index);
    if (argument.kind() == Argument.Kind.SLOT) {
      return slot((int) argument.value());
    }
    if (argument.equals(Argument.NULL)) {
      return "NULL";
    }
    long value = argument.value();
    return switch (format) {
      case NUMBER -> Long.toString(value);
      case HEX -> FlagText.hex(value);
      case MODE -> mode(value);
      case DEVICE -> device(value);
      case DESCRIPTOR -> value == Kernel.AT_FDCWD ? "AT_FDCWD" : Long.toString(value);
      case TEXT -> text(instruction, index);
      case STRUCTURE -> argument.kind() == Argument.Kind.POOL ? "{…}" : FlagText.hex(value);
      case AT_FLAGS -> FlagText.at(value);
      case BPF_COMMAND -> FlagText.bpf(value);
      case CLONE_FLAGS -> FlagText.namespaces(value);
      case FSCONFIG_COMMAND -> FlagText.fsconfig(value);
      case FSMOUNT_FLAGS -> value == Kernel.FSMOUNT_CLOEXEC ? "FSMOUNT_CLOEXEC" : "0";
      case FSOPEN_FLAGS -> value == Kernel.FSOPEN_CLOEXEC ? "FSOPEN_CLOEXEC" : "0";
      case IOCTL_REQUEST -> FlagText.ioctl(value);
      case KEYCTL_OPERATION ->
          value == Kernel.KEYCTL_JOIN_SESSION_KEYRING
              ? "KEYCTL_JOIN_SESSION_KEYRING"
              : Long.toString(value);
      case MOUNT_ATTRIBUTES -> FlagText.mountAttributes(value);
      case MOVE_MOUNT_FLAGS -> FlagText.moveMount(value);
      case OPEN_FLAGS -> FlagText.open(value, architecture);
      case OPEN_TREE_FLAGS -> FlagText.openTree(value);
      case PRCTL_OPTION -> FlagText.prctl(value);
      case RESOURCE -> Long.toString(value);
      case SECCOMP_FLAGS -> FlagText.seccomp(value);
      case SECCOMP_OPERATION ->
          value == Kernel.SECCOMP_SET_MODE_FILTER
              ? "SECCOMP_SET_MODE_FILTER"
              : Long.toString(value);
      case UMOUNT_FLAGS -> value == Kernel.MNT_DETACH ? "MNT_DETACH" : Long.toString(value);
      case CAPABILITIES -> pool.capabilities(argument);
      case FILTER -> pool.filter(argument);
      case GROUPS -> pool.groups(argument, number(instruction, SET_GROUPS_SIZE));
      case MOUNT_ATTR -> pool.mountAttributes(argument, instruction);
      case OPEN_HOW -> pool.openHow(argument);
      case RLIMIT -> pool.limit(argument);
    };
  }

  private String cloneCall(Instruction instruction) {
    StringBuilder text = new StringBuilder("clone(");
    text.append(stage(number(instruction, 0))).append(", ");
    text.append(FlagText.namespaces(number(instruction, 1)));
    if (instruction.argument(3).kind() == Argument.Kind.SLOT) {
      text.append(", cgroup ").append(argument(instruction, 3));
    }
    int pidfd = (int) number(instruction, 4);
    if (pidfd != WireForm.NO_SLOT) {
      text.append(", pidfd ").append(slot(pidfd));
    }
    return text.append(')').toString();
  }

  private String sync(Instruction instruction) {
    long peer = number(instruction, 0);
    boolean send = number(instruction, 1) == WireForm.SYNC_SEND;
    StringBuilder text = new StringBuilder(send ? "send(" : "receive(");
    text.append(peer == WireForm.SYNC_PARENT ? "parent" : stage(peer));
    text.append(", '").append((char) number(instruction, 2)).append('\'');
    int descriptor = (int) number(instruction, 3);
    if (descriptor != WireForm.NO_SLOT) {
      text.append(", ").append(slot(descriptor));
    }
    return text.append(')').toString();
  }

  private String hook(Instruction instruction) {
    return "hook(%s, %s, %s, stdin %s, output %s, %d ms)"
        .formatted(
            text(instruction, 0),
            pool.strings(instruction.argument(1), instruction.patches()),
            pool.strings(instruction.argument(2), instruction.patches()),
            pool.text(instruction.argument(3), instruction.patches()),
            argument(instruction, 4),
            number(instruction, 5));
  }

  private String openIn(Instruction instruction) {
    String kind =
        switch ((int) number(instruction, 2)) {
          case WireForm.OPEN_IN_DIRECTORY -> "directory";
          case WireForm.OPEN_IN_FILE -> "file";
          default -> "like " + argument(instruction, 3);
        };
    return "open-in(%s, %s, %s, %s, %s)"
        .formatted(
            argument(instruction, 0),
            text(instruction, 1),
            kind,
            mode(number(instruction, 4)),
            FlagText.open(number(instruction, 5), architecture));
  }

  private String expect(Instruction instruction) {
    List<String> parts = new ArrayList<>(List.of(argument(instruction, 0)));
    if (number(instruction, 1) != 0) {
      parts.add("file system " + FlagText.hex(number(instruction, 1)));
    }
    if (number(instruction, 2) != -1) {
      parts.add("device " + device(number(instruction, 2)));
    }
    if (number(instruction, 3) != 0) {
      parts.add(mode(number(instruction, 3)));
    }
    return "expect(" + String.join(", ", parts) + ")";
  }

  private String data(Instruction instruction) {
    return pool.data(instruction.argument(1), number(instruction, 2), List.of());
  }

  private String text(Instruction instruction, int index) {
    return pool.text(instruction.argument(index), instruction.patches());
  }

  private static long number(Instruction instruction, int index) {
    return instruction.argument(index).value();
  }

  private String argument(Instruction instruction, int index) {
    Argument argument = instruction.argument(index);
    return argument.kind() == Argument.Kind.SLOT
        ? slot((int) argument.value())
        : Long.toString(argument.value());
  }

  private String slot(int slot) {
    return "<" + (slot < slots.size() ? slots.get(slot) : "scratch" + (slot - slots.size())) + ">";
  }

  private String stage(long stage) {
    return program.stages().get((int) stage).name();
  }

  private static String device(long number) {
    return "%d:%d".formatted(number >>> 8 & 0xfff, (number & 0xff) | (number >>> 12 & 0xfff00));
  }

  private static String mode(long mode) {
    String type =
        switch ((int) mode & Kernel.S_IFMT) {
          case Kernel.S_IFCHR -> "S_IFCHR";
          case Kernel.S_IFBLK -> "S_IFBLK";
          case Kernel.S_IFIFO -> "S_IFIFO";
          case Kernel.S_IFREG -> "S_IFREG";
          case Kernel.S_IFDIR -> "S_IFDIR";
          default -> "";
        };
    long bits = mode & 07777;
    String octal = bits == 0 && !type.isEmpty() ? "" : "0" + Long.toOctalString(bits);
    return Optional.of(type)
        .filter(name -> !name.isEmpty())
        .map(name -> octal.isEmpty() ? name : name + "|" + octal)
        .orElse(octal);
  }
}
