package dev.coffer.plan.seccomp;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompSyscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A seccomp profile in the format of {@code --security-opt seccomp=FILE}: the specification's form,
 * whose entries may depend on capabilities, architecture and kernel, and whose architectures may
 * depend on the native one.
 *
 * @param base the parts that depend on nothing; without entries
 * @param archMap native architectures and those that come with them
 * @param entries the entries, in order
 */
public record SeccompProfile(Seccomp base, List<ArchFamily> archMap, List<Entry> entries) {
  /**
   * Architectures that come with a native one.
   *
   * @param arch the native one
   * @param subArchitectures the others
   */
  public record ArchFamily(SeccompArch arch, List<SeccompArch> subArchitectures) {
    public ArchFamily {
      subArchitectures = List.copyOf(subArchitectures);
    }

    static ArchFamily read(JsonCursor json) {
      return new ArchFamily(
          arch(json.field("architecture")), json.field("subArchitectures").list(ArchFamily::arch));
    }

    private static SeccompArch arch(JsonCursor json) {
      return json.constant(SeccompArch.class, SeccompArch::spelling);
    }
  }

  /**
   * An entry that stands if all of the one condition and nothing of the other holds.
   *
   * @param rule the entry
   * @param includes what must hold
   * @param excludes what must not hold
   */
  public record Entry(SeccompSyscall rule, SeccompCondition includes, SeccompCondition excludes) {
    static Entry read(JsonCursor json) {
      SeccompSyscall rule = SeccompSyscall.read(json);
      Optional<String> name = json.field("name").nonEmpty();
      if (name.isPresent() && !rule.names().isEmpty()) {
        throw json.failure("has both name and names (use names)");
      }
      List<String> names = name.map(List::of).orElse(rule.names());
      return new Entry(
          new SeccompSyscall(names, rule.action(), rule.errnoRet(), rule.args(), JsonObject.EMPTY),
          json.field("includes").orElse(SeccompCondition::read, SeccompCondition.NONE),
          json.field("excludes").orElse(SeccompCondition::read, SeccompCondition.NONE));
    }
  }

  public SeccompProfile {
    archMap = List.copyOf(archMap);
    entries = List.copyOf(entries);
  }

  /**
   * Reads a profile; empty when it has neither a default action nor entries, which turns seccomp
   * off. Fails with a {@code SpecException} that names the path.
   *
   * @param document what messages call it, such as its file name
   */
  public static Optional<SeccompProfile> parse(String document, byte[] utf8) {
    JsonCursor json = JsonCursor.read(document, utf8, Limits.CONFIG);
    List<Entry> entries = json.field("syscalls").list(Entry::read);
    if (entries.isEmpty() && json.field("defaultAction").nonEmpty().isEmpty()) {
      return Optional.empty();
    }
    JsonCursor withoutEntries =
        JsonCursor.of(document, json.without(List.of("syscalls", "archMap")));
    Seccomp base = Seccomp.read(withoutEntries);
    List<ArchFamily> archMap = json.field("archMap").list(ArchFamily::read);
    if (!archMap.isEmpty() && !base.architectures().isEmpty()) {
      throw json.failure("has both architectures and archMap (use one of them)");
    }
    return Optional.of(new SeccompProfile(base, archMap, entries));
  }

  /** The profile as the specification has it: what is left when all conditions are decided. */
  public Seccomp resolve(SeccompContext context) {
    List<SeccompArch> architectures = new ArrayList<>(base.architectures());
    archMap.stream()
        .filter(family -> family.arch() == context.arch())
        .findFirst()
        .ifPresent(
            family -> {
              architectures.add(family.arch());
              architectures.addAll(family.subArchitectures());
            });
    List<SeccompSyscall> syscalls =
        entries.stream()
            .filter(entry -> entry.includes().allHold(context))
            .filter(entry -> !entry.excludes().anyHolds(context))
            .map(Entry::rule)
            .toList();
    return base.toBuilder().architectures(architectures).syscalls(syscalls).build();
  }
}
