package dev.coffer.testkit.powercut;

import java.util.List;

/** One change of the disk, in terms of inodes, which a power cut may lose or spoil. */
sealed interface Effect {

  /** Names of directories that change at once: each leads to another inode, or to none (-1). */
  record Names(List<Name> names) implements Effect {}

  record Name(Key key, int inode) {}

  /** An entry of a directory. */
  record Key(int directory, String name) {}

  /** Bytes of a file. */
  record Bytes(int inode, long offset, String bytes) implements Effect {}

  /** A file's new length. */
  record Length(int inode, long size) implements Effect {}

  /** Owner, permissions, time or an attribute: an operation whose path does not matter. */
  record Attribute(int inode, FileOperation change) implements Effect {}

  /** Whether {@code fsync(2)} of an inode waits for this. */
  default boolean concerns(int inode) {
    return switch (this) {
      case Names(List<Name> names) ->
          names.stream().anyMatch(name -> name.key().directory() == inode);
      case Bytes bytes -> bytes.inode == inode;
      case Length length -> length.inode == inode;
      case Attribute attribute -> attribute.inode == inode;
    };
  }
}
