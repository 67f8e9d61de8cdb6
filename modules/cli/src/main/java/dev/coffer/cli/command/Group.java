package dev.coffer.cli.command;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The words that stand before a command's name, most of them Docker's. */
enum Group {
  CONTAINER(
      "container",
      "Manage containers",
      "attach commit create diff exec export inspect kill logs ls pause port prune rename restart rm run start stop top unpause wait"),
  ENGINE("engine", "Manage the engine's process", "restart start status stop"),
  IMAGE(
      "image",
      "Manage images",
      "check history import inspect load ls mount prune pull push rm save tag tree unmount"),
  MANIFEST("manifest", "Manage lists of manifests", "add annotate create inspect push remove rm"),
  NETWORK("network", "Manage networks", "connect create disconnect inspect ls prune rm"),
  REGISTRY("registry", "Look at and delete what registries have", "referrers rm tags"),
  SYSTEM("system", "Manage Coffer", "df info prune");

  /** Members that have a meaning in their group alone. */
  private static final Set<String> OWN =
      Set.of("inspect", "check", "df", "mount", "prune", "tree", "unmount");

  private final String word;
  private final String purpose;
  private final String members;

  Group(String word, String purpose, String members) {
    this.word = word;
    this.purpose = purpose;
    this.members = members;
  }

  String word() {
    return word;
  }

  String purpose() {
    return purpose;
  }

  /** The names of its commands, each once. */
  List<String> members() {
    return List.of(members.split(" "));
  }

  /** The group of a word. */
  static Optional<Group> of(String word) {
    for (Group group : values()) {
      if (group.word.equals(word)) {
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  /** The path of the command that a member's name stands for; empty when it is none. */
  Optional<String> path(String given) {
    String member = canonical(given);
    if (!members().contains(member)) {
      return Optional.empty();
    }
    boolean own = hasOwnCommands() || OWN.contains(member);
    return Optional.of(own ? word + " " + member : topLevel(member));
  }

  /** Whether its commands are no others' under longer names. */
  private boolean hasOwnCommands() {
    return this == ENGINE || this == MANIFEST || this == NETWORK || this == REGISTRY;
  }

  private String canonical(String given) {
    return switch (given) {
      case "list" -> "ls";
      case "umount" -> "unmount";
      case "ps" -> this == CONTAINER ? "ls" : given;
      case "remove" -> this == MANIFEST ? given : "rm";
      default -> given;
    };
  }

  private String topLevel(String member) {
    boolean image = this == IMAGE;
    return switch (member) {
      case "ls" -> image ? "images" : "ps";
      case "rm" -> image ? "rmi" : "rm";
      default -> member;
    };
  }
}
