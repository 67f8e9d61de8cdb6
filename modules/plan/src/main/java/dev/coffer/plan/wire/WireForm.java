package dev.coffer.plan.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The one table of the wire form's numbers and layouts. {@link WireHeader} prints it as C; {@link
 * WireEncoder} and {@link WireDecoder} follow it, and a test holds them to it.
 */
public final class WireForm {
  /** The letters CFPL. */
  public static final int MAGIC = 0x4c504643;

  public static final int VERSION = 2;
  public static final int ARCH_X86_64 = 1;
  public static final int ARCH_AARCH64 = 2;

  public static final int MAX_SIZE = 16 << 20;
  public static final int MAX_STAGES = 16;
  public static final int MAX_SLOTS = 2048;
  public static final int MAX_ARGUMENTS = 6;
  public static final int NO_SLOT = -1;
  public static final int STAGE_NAME = 16;

  public static final int ERRNO_ANY = 65535;
  public static final int ERRNO_SUCCESS = 0;
  public static final int FLAG_PUBLISH = 1;
  public static final int FLAG_END_ALONE = 2;

  public static final int SYNC_SEND = 0;
  public static final int SYNC_RECEIVE = 1;
  public static final int SYNC_PARENT = -1;

  public static final int OPEN_IN_DIRECTORY = 0;
  public static final int OPEN_IN_FILE = 1;
  public static final int OPEN_IN_LIKE_SLOT = 2;

  /** In the place of an errno: a hook's exit code, added to this. */
  public static final int HOOK_EXITED = 0x1000;

  /** In the place of an errno: the signal that ended a hook, added to this. */
  public static final int HOOK_KILLED = 0x2000;

  /** How many bytes of what a hook says are kept: the last ones. */
  public static final int HOOK_OUTPUT = 8192;

  public static final Structure HEADER =
      new Structure(
          "wire_header",
          64,
          List.of(
              Field.u32("magic"),
              Field.u16("version"),
              Field.u16("arch"),
              Field.u32("size"),
              Field.u32("flags"),
              Field.u32("stage_count", "stage_off"),
              Field.u32("insn_count", "insn_off"),
              Field.u32("patch_count", "patch_off"),
              Field.u32("rule_count", "rule_off"),
              Field.u32("pool_size", "pool_off"),
              Field.u32("slot_count", "input_slots")));

  public static final Structure STAGE =
      new Structure(
          "wire_stage",
          24,
          List.of(
              Field.u32("first", "count"), new Field("char", List.of("name[WIRE_STAGE_NAME]"))));

  public static final Structure INSTRUCTION =
      new Structure(
          "wire_insn",
          80,
          List.of(
              Field.u16("code"),
              Field.u16("op"),
              Field.u32("nr"),
              new Field("uint8_t", List.of("kind[6]")),
              new Field("int16_t", List.of("result")),
              Field.u32("patch_first"),
              Field.u16("patch_count", "rule_count"),
              Field.u32("rule_first"),
              Field.u32("flags"),
              new Field("int64_t", List.of("arg[6]"))));

  public static final Structure PATCH =
      new Structure(
          "wire_patch",
          16,
          List.of(
              new Field("uint8_t", List.of("kind")),
              new Field("uint8_t", List.of("pad")),
              new Field("int16_t", List.of("slot")),
              Field.u32("at"),
              Field.u32("target"),
              Field.u32("width")));

  public static final Structure RULE =
      new Structure(
          "wire_rule", 8, List.of(Field.u16("error"), Field.u16("action"), Field.u32("target")));

  public static final Structure STAGE_REPORT =
      new Structure(
          "wire_stage_report",
          16,
          List.of(
              new Field("_Atomic uint32_t", List.of("state", "insn")),
              new Field("_Atomic int32_t", List.of("pid", "hook"))));

  public static final Structure REPORT =
      new Structure(
          "wire_report",
          16 + MAX_STAGES * 16,
          List.of(
              new Field("_Atomic uint64_t", List.of("failure")),
              new Field("_Atomic int64_t", List.of("published")),
              new Field("struct wire_stage_report", List.of("stages[WIRE_MAX_STAGES]"))));

  private WireForm() {}

  /** A line of a C structure: a type and the fields that have it. */
  public record Field(String type, List<String> names) {
    static Field u16(String... names) {
      return new Field("uint16_t", List.of(names));
    }

    static Field u32(String... names) {
      return new Field("uint32_t", List.of(names));
    }
  }

  /**
   * A C structure without hidden padding.
   *
   * @param size its size in bytes
   */
  public record Structure(String name, int size, List<Field> fields) {}

  /**
   * A group of constants with the comment that heads it (empty: none).
   *
   * @param constants names without the prefix {@code WIRE_}, with their C spelling
   */
  record Group(String comment, List<Constant> constants) {}

  record Constant(String name, String value) {}

  /** What a plan's file is made of. */
  static List<Structure> tables() {
    return List.of(HEADER, STAGE, INSTRUCTION, PATCH, RULE);
  }

  /** The tables, and the status page. */
  static List<Structure> structures() {
    return List.of(HEADER, STAGE, INSTRUCTION, PATCH, RULE, STAGE_REPORT, REPORT);
  }

  static List<Group> groups() {
    return List.of(
        new Group(
            "",
            List.of(
                new Constant("MAGIC", String.format(Locale.ROOT, "0x%08xu", MAGIC)),
                constant("VERSION", VERSION),
                constant("ARCH_X86_64", ARCH_X86_64),
                constant("ARCH_AARCH64", ARCH_AARCH64))),
        new Group(
            "",
            List.of(
                unsigned("MAX_SIZE", MAX_SIZE),
                unsigned("MAX_STAGES", MAX_STAGES),
                unsigned("MAX_SLOTS", MAX_SLOTS),
                constant("NO_SLOT", NO_SLOT),
                constant("STAGE_NAME", STAGE_NAME))),
        new Group("instruction codes", ordinals("", Code.values())),
        new Group("argument kinds", ordinals("ARG_", Argument.Kind.values())),
        new Group("patch kinds", ordinals("PATCH_", Patch.Kind.values())),
        new Group("rule actions", actions()),
        new Group(
            "instruction flags",
            List.of(
                unsigned("FLAG_PUBLISH", FLAG_PUBLISH),
                unsigned("FLAG_END_ALONE", FLAG_END_ALONE))),
        new Group(
            "sync directions",
            List.of(
                constant("SYNC_SEND", SYNC_SEND),
                constant("SYNC_RECEIVE", SYNC_RECEIVE),
                constant("SYNC_PARENT", SYNC_PARENT))),
        new Group(
            "open-in kinds",
            List.of(
                constant("OPEN_IN_DIRECTORY", OPEN_IN_DIRECTORY),
                constant("OPEN_IN_FILE", OPEN_IN_FILE),
                constant("OPEN_IN_LIKE_SLOT", OPEN_IN_LIKE_SLOT))),
        new Group(
            "how a hook has failed, in the place of an errno",
            List.of(constant("HOOK_EXITED", HOOK_EXITED), constant("HOOK_KILLED", HOOK_KILLED))),
        new Group("the end of what a hook says", List.of(constant("HOOK_OUTPUT", HOOK_OUTPUT))));
  }

  private static List<Constant> actions() {
    List<Constant> constants = new ArrayList<>(ordinals("ON_", Rule.Action.values()));
    constants.add(constant("ERRNO_ANY", ERRNO_ANY));
    constants.add(constant("ERRNO_SUCCESS", ERRNO_SUCCESS));
    return constants;
  }

  private static List<Constant> ordinals(String prefix, Enum<?>[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(number -> constant(prefix + values[number].name(), number))
        .toList();
  }

  private static Constant constant(String name, int value) {
    return new Constant(name, value < 0 ? "(" + value + ")" : Integer.toString(value));
  }

  private static Constant unsigned(String name, int value) {
    return new Constant(name, value + "u");
  }
}
