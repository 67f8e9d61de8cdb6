package dev.coffer.runtime.oci;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import dev.coffer.plan.wire.StatusPage;
import dev.coffer.plan.wire.WireForm;
import dev.coffer.runtime.cache.Recent;
import dev.coffer.runtime.file.BoundedFile;
import dev.coffer.runtime.file.FileLock;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One container's directory.
 *
 * <p>Any verb that changes the container does so in {@link #change}, with the directory locked.
 * What is here is gone after a reboot, as the container is.
 *
 * @param path absolute
 * @param from where its name is looked up, by those who ask about many
 * @param name from there
 */
record StateDirectory(Path path, Fd from, String name) {
  /** What the name of a directory ends with that is being removed. */
  static final String DOOMED = "~";

  private static final String STATE = "state.json";
  private static final String CONFIG = "config.json";
  private static final String REPORT = "report";
  private static final String START = "start";
  private static final String HOOKS = "hooks.log";

  /** More than any config has, and what a record says of it: a stranger's file may have no end. */
  private static final int LARGEST = 32 << 20;

  private static final int PRIVATE = 0600;
  private static final int FIFO = 0010600;

  StateDirectory(Path path) {
    this(path, Fd.CWD, path.toString());
  }

  String id() {
    return path.getFileName().toString();
  }

  /** What a verb does to a container. */
  interface Change<T> {
    T make() throws IOException;
  }

  /**
   * Makes a change while no other verb makes one; waits for that.
   *
   * @throws OciException where the container is gone by then
   */
  <T> T change(Change<T> change) throws IOException {
    Fd opened;
    try {
      opened = open();
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        throw gone();
      }
      throw e;
    }
    return change(opened, change).orElseThrow(this::gone);
  }

  /**
   * The same with the directory that was opened once.
   *
   * @param opened closed in the end
   * @return empty where that is gone by then, whatever has its name
   */
  <T> Optional<T> change(Fd opened, Change<T> change) throws IOException {
    return change(FileLock.exclusive(opened), change);
  }

  /**
   * The same, unless another verb is making a change.
   *
   * @param opened closed in the end
   * @return whether it was made, or was for another to make
   */
  boolean changeUnlessBusy(Fd opened, Change<?> change) throws IOException {
    Optional<FileLock> free = FileLock.tryExclusive(opened);
    if (free.isEmpty()) {
      return false;
    }
    boolean ignored = change(free.get(), change).isPresent();
    return true;
  }

  private <T> Optional<T> change(FileLock held, Change<T> change) throws IOException {
    try (held) {
      return held.isOf(path) ? Optional.of(change.make()) : Optional.empty();
    }
  }

  /** The directory itself. */
  Fd open() throws IOException {
    return FileOpen.path(path.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
  }

  private OciException gone() {
    return new OciException("cannot find \"" + id() + "\": container does not exist");
  }

  /** Whether a verb is changing the container. */
  boolean isBusy() throws IOException {
    return FileLock.isHeld(Fd.CWD, path.toString());
  }

  /** Empty where the creation was cut short before there was a record. */
  Optional<ContainerRecord> record() throws IOException {
    return recordText().flatMap(this::parse);
  }

  /** The same, where that may have been read before. */
  Optional<ContainerRecord> record(KnownRecords known) throws IOException {
    Optional<RecordFile> file = recordFile();
    return file.isPresent() ? known.of(this, file.get()) : Optional.empty();
  }

  /** A record that was read; where it had no process, what it says now. */
  Optional<ContainerRecord> latest(Optional<ContainerRecord> read) throws IOException {
    return read.filter(ContainerRecord::hasProcess).isPresent() ? read : record();
  }

  /** The text of the record; empty where there is none yet. */
  Optional<String> recordText() throws IOException {
    return read(STATE).map(text -> new String(text, StandardCharsets.UTF_8));
  }

  /** The record that a text of its file is. */
  Optional<ContainerRecord> parse(String text) {
    return ContainerRecord.parse(path.resolve(STATE).toString(), text);
  }

  /** What there is to tell a record's file by; empty where there is no record yet. */
  Optional<RecordFile> recordFile() throws IOException {
    return FileStat.find(from, name + "/" + STATE).map(RecordFile::of);
  }

  /** Writes the record of a container that is about to be started. */
  void save(ContainerRecord planned) throws IOException {
    write(STATE, planned.firstLine(), OpenFlags.CREAT | OpenFlags.EXCL);
  }

  /** Adds the first process, once it is known. */
  void saveProcess(ContainerRecord known) throws IOException {
    write(STATE, known.secondLine(), OpenFlags.APPEND);
  }

  /**
   * The config as it was when the container was created; what the bundle has since is of no use.
   */
  Spec config() throws IOException {
    return Spec.parse(configText());
  }

  /** The same, where that may have been read before. */
  SavedConfig config(Recent<String, SavedConfig> known) throws IOException {
    return known.get(new String(configText(), StandardCharsets.UTF_8), StateDirectory::parseConfig);
  }

  private static SavedConfig parseConfig(String text) {
    return new SavedConfig(Spec.parse(text.getBytes(StandardCharsets.UTF_8)), text.length());
  }

  private byte[] configText() throws IOException {
    return read(CONFIG).orElseThrow(() -> new IOException(path.resolve(CONFIG) + ": no such file"));
  }

  /** Writes the config, before there is a record that it could be read for. */
  void saveConfig(String json) throws IOException {
    write(CONFIG, json, OpenFlags.CREAT | OpenFlags.EXCL);
  }

  private void write(String name, String text, int how) throws IOException {
    String file = path.resolve(name).toString();
    try (Fd opened = FileOpen.at(Fd.CWD, file, OpenFlags.WRONLY | how, PRIVATE)) {
      FileData.writeAll(opened, text.getBytes(StandardCharsets.UTF_8), file);
    }
  }

  /** The file for a plan's status page, new. */
  Fd makeReport() throws IOException {
    int flags = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.EXCL;
    return FileOpen.at(Fd.CWD, path.resolve(REPORT).toString(), flags, PRIVATE);
  }

  /** What the plan's processes have reported. */
  Optional<StatusPage> report() throws IOException {
    return read(REPORT).flatMap(StatusPage::decode);
  }

  /** The fifo on which {@code start} says so, new and open for both directions. */
  Fd makeStart() throws IOException {
    FileTree.makeNode(Fd.CWD, path.resolve(START).toString(), FIFO, 0);
    return FileOpen.path(path.resolve(START).toString(), OpenFlags.RDWR);
  }

  /** The writing end of that fifo; empty where nobody waits at the other. */
  Optional<Fd> openStart() throws IOException {
    try {
      return Optional.of(
          FileOpen.path(path.resolve(START).toString(), OpenFlags.WRONLY | OpenFlags.NONBLOCK));
    } catch (KernelException e) {
      if (e.is(Errno.ENXIO) || e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The container has been told to start: nobody can tell it again. */
  void noteStarted() throws IOException {
    boolean ignored = Files.deleteIfExists(path.resolve(START));
  }

  /** Whether it has been told so, or never had to be. */
  boolean wasStarted() throws IOException {
    return FileTree.isAbsent(from, name + "/" + START);
  }

  /** Where hooks write to. */
  Fd openHookOutput() throws IOException {
    int flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.APPEND;
    return FileOpen.at(Fd.CWD, path.resolve(HOOKS).toString(), flags, PRIVATE);
  }

  /** The end of what hooks have written; a container's own program may have been one of them. */
  String hookOutput() throws IOException {
    try {
      byte[] end = BoundedFile.readEnd(path.resolve(HOOKS), WireForm.HOOK_OUTPUT);
      return new String(end, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /**
   * Removes the directory with all that is in it; what is gone already does not matter. It loses
   * its name first: whoever waits for the lock finds no container, and makes no new lock in it.
   */
  void remove() throws IOException {
    Path doomed = doomed();
    try {
      rename(doomed);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return;
      }
      if (!e.is(Errno.ENOTEMPTY)) {
        throw e;
      }
      empty(doomed);
      rename(doomed);
    }
    empty(doomed);
  }

  /** In place of one that is empty, if there is one. */
  private void rename(Path doomed) throws IOException {
    FileTree.rename(Fd.CWD, path.toString(), Fd.CWD, doomed.toString());
  }

  /** Removes what a removal that was cut short has left, and nothing that a link leads to. */
  void finishRemoval() throws IOException {
    try {
      Stat left = FileStat.at(Fd.CWD, doomed().toString());
      if (left.type() == FileType.DIRECTORY && StateRoot.isOwn(left)) {
        empty(doomed());
      }
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** No container's id has this letter. */
  private Path doomed() {
    return path.resolveSibling(id() + DOOMED);
  }

  /** Somebody else may be doing it at the same time. */
  private static void empty(Path directory) throws IOException {
    try (Fd opened =
        FileOpen.path(
            directory.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW)) {
      for (DirectoryEntry entry : Directory.list(opened)) {
        remove(opened, entry);
      }
      FileTree.removeDirectory(Fd.CWD, directory.toString());
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private static void remove(Fd directory, DirectoryEntry entry) throws KernelException {
    try {
      if (entry.type() == FileType.DIRECTORY) {
        FileTree.removeDirectory(directory, entry.name());
      } else {
        FileTree.remove(directory, entry.name());
      }
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private Optional<byte[]> read(String name) throws IOException {
    return BoundedFile.readNoLink(path.resolve(name), LARGEST);
  }
}
