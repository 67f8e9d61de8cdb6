package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Mounts;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The mount on the root directory of a container that has the mount namespace of its creator.
 * Nothing takes it away with the container's processes, so that has to be done, and without harm to
 * what others have mounted there. Containers that share a directory lie there on top of each other,
 * and only the topmost can be taken away: one that is covered is left to those that cover it.
 *
 * @param namespace the mount namespace, as its link in {@code /proc/PID/ns} reads
 * @param device of the directory: a mount's id alone may be another's by now
 * @param inode of the directory
 * @param base id of the mount that the directory was in before any container's
 * @param own id of the container's mount; 0 as long as none is known
 */
record RootMount(String namespace, long device, long inode, long base, long own) {
  /**
   * What is there before the container is made.
   *
   * @param others those of other containers
   */
  static RootMount before(String rootfs, List<RootMount> others) throws IOException {
    Stat found = at(rootfs);
    RootMount alone =
        new RootMount(
            MountNamespace.own().name(), found.device(), found.inode(), found.mountId(), 0);
    return others.stream()
        .filter(each -> each.isOfSamePlace(alone) && each.mayBe(alone.base))
        .max(Comparator.comparingLong(RootMount::own))
        .map(each -> new RootMount(alone.namespace, alone.device, alone.inode, each.base, 0))
        .orElse(alone);
  }

  private boolean isOfSamePlace(RootMount other) {
    return namespace.equals(other.namespace) && device == other.device && inode == other.inode;
  }

  /** Of one that is not known yet nothing can be said but that it is none of those before it. */
  private boolean mayBe(long mount) {
    return own == 0 ? mount != base : mount == own;
  }

  /**
   * With the container's, once its plan has come that far.
   *
   * @param pid its first process, whose root it is; that may have ended or gone elsewhere
   */
  RootMount after(String rootfs, int pid) throws IOException {
    Optional<Stat> root = find("/proc/" + pid + "/root").filter(this::isThere);
    long mount = root.isPresent() ? root.get().mountId() : at(rootfs).mountId();
    return new RootMount(namespace, device, inode, base, mount == base ? 0 : mount);
  }

  private static Fd open(String path) throws IOException {
    return FileOpen.path(path, OpenFlags.PATH | OpenFlags.DIRECTORY);
  }

  private static Stat at(String path) throws IOException {
    try (Fd directory = open(path)) {
      return FileStat.of(directory);
    }
  }

  private static Optional<Stat> find(String path) throws IOException {
    Optional<Fd> opened = openIfThere(path);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (Fd directory = opened.get()) {
      return Optional.of(FileStat.of(directory));
    }
  }

  private static boolean isGone(KernelException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ESRCH);
  }

  private boolean isThere(Stat found) {
    return found.device() == device && found.inode() == inode;
  }

  /**
   * Takes it away, with all that is mounted in it, if it is still there, and then those beneath
   * whose containers are gone.
   *
   * @param others those of other containers
   * @throws IOException where it cannot be, or is not known and may be in another mount namespace
   */
  void remove(String rootfs, List<RootMount> others) throws IOException {
    if (own == 0 && !isHere()) {
      // By now a namespace of that name may be another one, in which any mount would do.
      throw new IOException("its creation was cut short before it was known");
    }
    new MountNamespace(namespace).visit(() -> removeHere(rootfs, others));
  }

  /** Whether the calling thread is in its mount namespace. */
  boolean isHere() throws IOException {
    return MountNamespace.own().name().equals(namespace);
  }

  private void removeHere(String rootfs, List<RootMount> others) throws IOException {
    if (own != 0 && !detach(rootfs, found -> found == own && !isOneOf(others, own))) {
      return;
    }
    while (detach(rootfs, found -> isLeft(found, others))) {
      // The next one shows only now.
    }
  }

  /** Whose maker was cut short has not said which is its own; of what it is making none has. */
  private boolean isLeft(long mount, List<RootMount> others) {
    return mount != base && !isOneOf(others, mount) && !isOneOf(others, 0);
  }

  private boolean isOneOf(List<RootMount> others, long mount) {
    return others.stream().anyMatch(each -> each.isOfSamePlace(this) && each.own == mount);
  }

  /** Whether the topmost mount was one of those. */
  private boolean detach(String rootfs, LongPredicate wanted) throws IOException {
    Optional<Fd> opened = openIfThere(rootfs);
    if (opened.isEmpty()) {
      return false;
    }
    try (Fd directory = opened.get()) {
      Stat found = FileStat.of(directory);
      boolean isWanted = isThere(found) && wanted.test(found.mountId());
      if (isWanted) {
        Mounts.unmount(directory.procPath(), Mounts.DETACH);
      }
      return isWanted;
    } catch (KernelException e) {
      // Somebody has mounted what the directory is in, and nothing is mounted on it.
      if (e.is(Errno.EINVAL)) {
        return false;
      }
      throw e;
    }
  }

  private static Optional<Fd> openIfThere(String path) throws IOException {
    try {
      return Optional.of(open(path));
    } catch (KernelException e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static RootMount read(JsonCursor in) {
    return new RootMount(
        in.field("namespace").string(),
        in.field("device").int64(),
        in.field("inode").int64(),
        in.field("base").integer(0, Long.MAX_VALUE),
        in.field("own").integer(0, Long.MAX_VALUE));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("namespace", namespace)
        .put("device", JsonValue.of(device))
        .put("inode", JsonValue.of(inode))
        .put("base", JsonValue.of(base))
        .put("own", JsonValue.of(own))
        .build();
  }
}
