package dev.coffer.testkit.powercut;

import dev.coffer.testkit.powercut.FileOperation.Recorded;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program's operations did to a disk that was an empty directory before: the effects in
 * their order, which of them need which, and which are certain after each operation.
 *
 * <p>The rules are the weakest that POSIX and today's file systems allow: a rename is whole or not
 * at all; changes of one name happen in their order; everything else may reach the disk in any
 * order or not at all until an {@code fsync} of the inode that it changes (of the directory, for a
 * name) or a {@code syncfs} that began after it ended has returned.
 */
final class DiskHistory {
  private static final int ROOT = 0;
  private static final int NONE = -1;

  /** What an inode is from its birth on. */
  record Inode(FileOperation birth) {}

  /** A moment after an operation: how many effects have happened, and how many marks were made. */
  record Moment(int effects, BitSet durable, int marks, boolean syncFollows) {}

  private final List<Inode> inodes = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private final List<BitSet> needs = new ArrayList<>();
  private final List<Moment> moments = new ArrayList<>();
  private final Map<Effect.Key, Integer> lastChange = new HashMap<>();
  private final Map<Effect.Key, Integer> names = new HashMap<>();
  private final Map<Integer, StringBuilder> contents = new TreeMap<>();

  private DiskHistory() {}

  static DiskHistory of(List<Recorded> log) {
    DiskHistory history = new DiskHistory();
    history.inodes.add(new Inode(new FileOperation.MakeDirectory("", 0755)));
    BitSet durable = new BitSet();
    int marks = 0;
    for (int i = 0; i < log.size(); i++) {
      Recorded recorded = log.get(i);
      switch (recorded.operation()) {
        case FileOperation.Mark _ -> marks++;
        case FileOperation.Sync(String path) -> {
          durable = (BitSet) durable.clone();
          history.certain(recorded.begin(), history.find(path), durable);
        }
        case FileOperation.SyncFileSystem _ -> {
          durable = (BitSet) durable.clone();
          history.certain(recorded.begin(), NONE, durable);
        }
        case FileOperation change -> history.apply(change, recorded.end());
      }
      boolean syncFollows =
          i + 1 == log.size()
              || switch (log.get(i + 1).operation()) {
                case FileOperation.Sync _, FileOperation.SyncFileSystem _, FileOperation.Mark _ ->
                    true;
                case FileOperation _ -> false;
              };
      history.moments.add(new Moment(history.effects.size(), durable, marks, syncFollows));
    }
    return history;
  }

  List<Inode> inodes() {
    return inodes;
  }

  List<Effect> effects() {
    return effects;
  }

  /** After each operation. */
  List<Moment> moments() {
    return moments;
  }

  /** Adds what the effects in the set need. */
  BitSet withNeeds(BitSet set) {
    BitSet whole = (BitSet) set.clone();
    for (int i = whole.length() - 1; i >= 0; i = whole.previousSetBit(i - 1)) {
      whole.or(needs.get(i));
    }
    return whole;
  }

  /** Takes away what needs an effect that is not in the set. */
  BitSet withoutNeedy(BitSet set) {
    BitSet rest = (BitSet) set.clone();
    for (int i = rest.nextSetBit(0); i >= 0; i = rest.nextSetBit(i + 1)) {
      BitSet missing = (BitSet) needs.get(i).clone();
      missing.andNot(rest);
      if (!missing.isEmpty()) {
        rest.clear(i);
      }
    }
    return rest;
  }

  private void certain(int syncBegan, int inode, BitSet durable) {
    for (int i = 0; i < effects.size(); i++) {
      if (ends.get(i) < syncBegan && (inode == NONE || effects.get(i).concerns(inode))) {
        durable.set(i);
      }
    }
    durable.or(withNeeds(durable));
  }

  private void apply(FileOperation operation, int end) {
    switch (operation) {
      case FileOperation.MakeFile(String path, int _) -> {
        if (!names.containsKey(key(path))) {
          contents.put(make(path, operation, end), new StringBuilder());
        }
      }
      case FileOperation.MakeDirectory(String path, int _) -> make(path, operation, end);
      case FileOperation.MakeSymbolicLink(String path, String _) -> make(path, operation, end);
      case FileOperation.MakeNode(String path, int _, long _) -> make(path, operation, end);
      case FileOperation.Link(String from, String to) ->
          rename(end, new Effect.Name(key(to), find(from)));
      case FileOperation.Remove(String path) -> rename(end, new Effect.Name(key(path), NONE));
      case FileOperation.Rename(String from, String to) ->
          rename(end, new Effect.Name(key(from), NONE), new Effect.Name(key(to), find(from)));
      case FileOperation.Write(String path, long offset, String bytes) -> {
        int inode = find(path);
        write(inode, offset < 0 ? contents.get(inode).length() : offset, bytes, end);
      }
      case FileOperation.Copy copy -> {
        int from = (int) copy.fromOffset();
        String bytes = contents.get(find(copy.from())).substring(from, from + (int) copy.length());
        write(find(copy.to()), copy.toOffset(), bytes, end);
      }
      case FileOperation.Truncate(String path, long size) -> {
        int inode = find(path);
        if (contents.get(inode).length() != size) {
          contents.get(inode).setLength((int) size);
          add(new Effect.Length(inode, size), end);
        }
      }
      case FileOperation.ChangeMode(String path, int _) -> attribute(path, operation, end);
      case FileOperation.ChangeOwner(String path, int _, int _) -> attribute(path, operation, end);
      case FileOperation.ChangeTime(String path, long _, long _) -> attribute(path, operation, end);
      case FileOperation.SetAttribute(String path, String _, String _) ->
          attribute(path, operation, end);
      case FileOperation.Sync _, FileOperation.SyncFileSystem _, FileOperation.Mark _ ->
          throw new IllegalArgumentException(operation.toString());
    }
  }

  private int make(String path, FileOperation birth, int end) {
    inodes.add(new Inode(birth));
    int inode = inodes.size() - 1;
    rename(end, new Effect.Name(key(path), inode));
    return inode;
  }

  private void rename(int end, Effect.Name... changed) {
    add(new Effect.Names(List.of(changed)), end);
    for (Effect.Name each : changed) {
      Integer before = lastChange.put(each.key(), effects.size() - 1);
      if (before != null) {
        needs.getLast().set(before);
      }
      if (each.inode() == NONE) {
        names.remove(each.key());
      } else {
        names.put(each.key(), each.inode());
      }
    }
  }

  private void write(int inode, long offset, String bytes, int end) {
    splice(contents.get(inode), offset, bytes);
    add(new Effect.Bytes(inode, offset, bytes), end);
  }

  /** Writes over and behind what is there; a hole is zeros. */
  static void splice(StringBuilder content, long offset, String bytes) {
    int begin = (int) offset;
    if (content.length() < begin) {
      content.setLength(begin);
    }
    content.replace(begin, Math.min(content.length(), begin + bytes.length()), bytes);
  }

  private void attribute(String path, FileOperation change, int end) {
    add(new Effect.Attribute(find(path), change), end);
  }

  private void add(Effect effect, int end) {
    effects.add(effect);
    ends.add(end);
    needs.add(new BitSet());
  }

  private Effect.Key key(String path) {
    int slash = path.lastIndexOf('/');
    return new Effect.Key(
        slash < 0 ? ROOT : find(path.substring(0, slash)), path.substring(slash + 1));
  }

  private int find(String path) {
    if (path.isEmpty()) {
      return ROOT;
    }
    Integer inode = names.get(key(path));
    if (inode == null) {
      throw new IllegalStateException("the log uses \"" + path + "\", which it did not make");
    }
    return inode;
  }
}
