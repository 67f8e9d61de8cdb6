package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.plan.wire.StatusPage;
import dev.coffer.runtime.file.AtomicFile;
import dev.coffer.runtime.file.BoundedFile;
import dev.coffer.runtime.file.FileLock;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * One container's directory.
 *
 * <p>Any verb that changes the container does so in {@link #change}. What is here is gone after a
 * reboot, as the container is.
 *
 * @param path absolute
 */
record StateDirectory(Path path) {
  /** What the name of a directory ends with that is being removed. */
  static final String DOOMED = "~";

  private static final String STATE = "state.json";
  private static final String CONFIG = "config.json";
  private static final String REPORT = "report";
  private static final String START = "start";
  private static final String HOOKS = "hooks.log";
  private static final String LOCK = "lock";
  private static final int PRIVATE = 0600;
  private static final int LONGEST_OUTPUT = 8192;
  private static final int FIFO = 0010600;

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
    try (FileLock lock = FileLock.exclusive(path.resolve(LOCK))) {
      if (!lock.isOf(path.resolve(LOCK))) {
        throw gone();
      }
      return change.make();
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) && !Files.isDirectory(path)) {
        throw gone();
      }
      throw e;
    }
  }

  private OciException gone() {
    return new OciException("cannot find \"" + id() + "\": container does not exist");
  }

  /** Whether a verb is changing the container. */
  boolean isBusy() throws IOException {
    try (Fd directory = FileOpen.path(path.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      return FileLock.isHeld(directory, LOCK);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** Empty where the creation was cut short before there was a record. */
  Optional<ContainerRecord> record() throws IOException {
    return read(STATE).map(bytes -> ContainerRecord.parse(path.resolve(STATE).toString(), bytes));
  }

  void save(ContainerRecord record) throws IOException {
    AtomicFile.write(path.resolve(STATE), Json.bytes(record.toJson()), false);
  }

  /**
   * The config as it was when the container was created; what the bundle has since is of no use.
   */
  Spec config() throws IOException {
    return Spec.parse(
        read(CONFIG).orElseThrow(() -> new IOException(path.resolve(CONFIG) + ": no such file")));
  }

  void saveConfig(String json) throws IOException {
    AtomicFile.write(path.resolve(CONFIG), json.getBytes(StandardCharsets.UTF_8), false);
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
  boolean wasStarted() {
    return Files.notExists(path.resolve(START));
  }

  /** Where hooks write to. */
  Fd openHookOutput() throws IOException {
    int flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.APPEND;
    return FileOpen.at(Fd.CWD, path.resolve(HOOKS).toString(), flags, PRIVATE);
  }

  /** The end of what hooks have written; a container's own program may have been one of them. */
  String hookOutput() throws IOException {
    try {
      byte[] end = BoundedFile.readEnd(path.resolve(HOOKS), LONGEST_OUTPUT);
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
    empty(doomed);
    try {
      Path ignored = Files.move(path, doomed, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return;
    }
    empty(doomed);
  }

  /** Removes what a removal that was cut short has left. */
  void finishRemoval() throws IOException {
    empty(doomed());
  }

  /** No container's id has this letter. */
  private Path doomed() {
    return path.resolveSibling(id() + DOOMED);
  }

  private static void empty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        boolean ignored = Files.deleteIfExists(entry);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    boolean ignored = Files.deleteIfExists(directory);
  }

  private Optional<byte[]> read(String name) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(path.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
