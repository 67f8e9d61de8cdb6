package dev.coffer.testkit.powercut;

import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A tree of files that a disk may hold, in memory; {@link #write} makes it real. */
public final class DiskState {
  /** What became of bytes whose write was begun. */
  enum Bytes {
    WHOLE,
    /** The length is there and the bytes are not. */
    ZEROED,
    /** The first half is there. */
    TORN,
    LOST
  }

  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;
  private static final int NEW = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL;

  private final List<DiskHistory.Inode> inodes;
  private final Map<Integer, Map<String, Integer>> names = new HashMap<>();
  private final Map<Integer, StringBuilder> contents = new HashMap<>();
  private final Map<Integer, List<FileOperation>> attributes = new HashMap<>();

  /** The state with these effects, where those that are not durable may have spoilt bytes. */
  DiskState(DiskHistory history, BitSet included, BitSet durable, Bytes unsynced) {
    this.inodes = history.inodes();
    for (int i = included.nextSetBit(0); i >= 0; i = included.nextSetBit(i + 1)) {
      apply(history.effects().get(i), durable.get(i) ? Bytes.WHOLE : unsynced);
    }
  }

  private void apply(Effect effect, Bytes fate) {
    switch (effect) {
      case Effect.Names(List<Effect.Name> changed) -> {
        for (Effect.Name each : changed) {
          Map<String, Integer> entries =
              names.computeIfAbsent(each.key().directory(), _ -> new TreeMap<>());
          if (each.inode() < 0) {
            entries.remove(each.key().name());
          } else {
            entries.put(each.key().name(), each.inode());
          }
        }
      }
      case Effect.Bytes(int inode, long offset, String bytes) -> {
        StringBuilder content = contents.computeIfAbsent(inode, _ -> new StringBuilder());
        switch (fate) {
          case WHOLE -> DiskHistory.splice(content, offset, bytes);
          case ZEROED -> DiskHistory.splice(content, offset, "\0".repeat(bytes.length()));
          case TORN -> DiskHistory.splice(content, offset, bytes.substring(0, bytes.length() / 2));
          case LOST -> {}
        }
      }
      case Effect.Length(int inode, long size) -> {
        if (fate != Bytes.LOST) {
          contents.computeIfAbsent(inode, _ -> new StringBuilder()).setLength((int) size);
        }
      }
      case Effect.Attribute(int inode, FileOperation change) ->
          attributes.computeIfAbsent(inode, _ -> new ArrayList<>()).add(change);
    }
  }

  /** Equal for equal trees. */
  public String text() {
    StringBuilder text = new StringBuilder();
    describe(0, "", text);
    return text.toString();
  }

  private void describe(int inode, String path, StringBuilder text) {
    text.append(path).append(' ').append(inode).append(' ');
    text.append(attributes.getOrDefault(inode, List.of())).append(' ');
    text.append(contents.getOrDefault(inode, new StringBuilder())).append('\n');
    names
        .getOrDefault(inode, Map.of())
        .forEach((name, child) -> describe(child, path + "/" + name, text));
  }

  /**
   * Makes the files.
   *
   * @param root an existing, empty directory
   * @param contents what becomes of each file's bytes, as text of one character each
   */
  public void write(Path root, UnaryOperator<String> contents) throws IOException {
    try (Fd directory = FileOpen.path(root.toString(), DIRECTORY);
        Writer writer = new Writer(contents)) {
      writer.fill(0, directory);
    }
  }

  private final class Writer implements AutoCloseable {
    private final UnaryOperator<String> rewrite;
    private final Map<Integer, Fd> files = new HashMap<>();

    Writer(UnaryOperator<String> rewrite) {
      this.rewrite = rewrite;
    }

    void fill(int inode, Fd directory) throws KernelException {
      for (Map.Entry<String, Integer> entry : names.getOrDefault(inode, Map.of()).entrySet()) {
        make(entry.getValue(), directory, entry.getKey());
      }
      for (FileOperation change : attributes.getOrDefault(inode, List.of())) {
        change(change, directory);
      }
    }

    private void make(int inode, Fd directory, String name) throws KernelException {
      switch (inodes.get(inode).birth()) {
        case FileOperation.MakeDirectory(String _, int mode) -> {
          FileTree.makeDirectory(directory, name, 0700);
          try (Fd made = FileOpen.at(directory, name, DIRECTORY, 0)) {
            FileAttributes.changeMode(made, mode);
            fill(inode, made);
          }
        }
        case FileOperation.MakeFile(String _, int mode) -> {
          Fd known = files.get(inode);
          if (known != null) {
            FileTree.link(known, directory, name);
            return;
          }
          try (Fd made = FileOpen.at(directory, name, NEW, 0600)) {
            FileAttributes.changeMode(made, mode);
            String bytes = contents.getOrDefault(inode, new StringBuilder()).toString();
            FileData.writeAll(made, rewrite.apply(bytes).getBytes(StandardCharsets.ISO_8859_1));
            for (FileOperation change : attributes.getOrDefault(inode, List.of())) {
              change(change, made);
            }
            files.put(inode, made.duplicate());
          }
        }
        case FileOperation.MakeSymbolicLink(String _, String target) -> {
          FileTree.makeSymbolicLink(target, directory, name);
          changeNamed(inode, directory, name);
        }
        case FileOperation.MakeNode(String _, int mode, long device) -> {
          FileTree.makeNode(directory, name, mode, device);
          changeNamed(inode, directory, name);
        }
        case FileOperation other -> throw new IllegalStateException(other.toString());
      }
    }

    private void change(FileOperation change, Fd file) throws KernelException {
      switch (change) {
        case FileOperation.ChangeMode(String _, int mode) -> FileAttributes.changeMode(file, mode);
        case FileOperation.ChangeOwner(String _, int uid, int gid) ->
            FileAttributes.changeOwner(file, uid, gid);
        case FileOperation.ChangeTime(String _, long seconds, long nanoseconds) -> {
          Instant time = Instant.ofEpochSecond(seconds, nanoseconds);
          FileAttributes.changeTimes(file, time, time);
        }
        case FileOperation.SetAttribute(String _, String name, String value) ->
            ExtendedAttributes.set(file, name, value.getBytes(StandardCharsets.ISO_8859_1));
        case FileOperation other -> throw new IllegalStateException(other.toString());
      }
    }

    private void changeNamed(int inode, Fd directory, String name) throws KernelException {
      for (FileOperation change : attributes.getOrDefault(inode, List.of())) {
        switch (change) {
          case FileOperation.ChangeMode(String _, int mode) ->
              FileAttributes.changeMode(directory, name, mode);
          case FileOperation.ChangeOwner(String _, int uid, int gid) ->
              FileAttributes.changeOwner(directory, name, uid, gid);
          case FileOperation.ChangeTime(String _, long seconds, long nanoseconds) -> {
            Instant time = Instant.ofEpochSecond(seconds, nanoseconds);
            FileAttributes.changeTimes(directory, name, time, time);
          }
          case FileOperation other -> throw new IllegalStateException(other.toString());
        }
      }
    }

    @Override
    public void close() {
      files.values().forEach(Fd::close);
    }
  }
}
