package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Mounts;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.io.IOException;

/**
 * The mount on the root directory of a container that has the mount namespace of its creator.
 * Nothing takes it away with the container's processes, so that has to be done, and without harm to
 * what others have mounted there.
 *
 * @param namespace the mount namespace, as its link in {@code /proc/PID/ns} reads
 * @param before id of the mount that the directory was in
 * @param own id of the container's mount; 0 as long as none is known
 */
record RootMount(String namespace, long before, long own) {
  /** What is there before the container is made. */
  static RootMount before(String rootfs) throws IOException {
    return new RootMount(here(), mountAt(rootfs), 0);
  }

  /** With the container's, once its plan has come that far. */
  RootMount after(String rootfs) throws IOException {
    return new RootMount(namespace, before, mountAt(rootfs));
  }

  /** That of the thread, which sees what its caller does (the engine's others need not). */
  private static String here() throws IOException {
    return FileTree.readSymbolicLink(Fd.CWD, "/proc/thread-self/ns/mnt");
  }

  private static long mountAt(String rootfs) throws IOException {
    try (Fd directory = FileOpen.path(rootfs, OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      return FileStat.of(directory).mountId();
    }
  }

  /** Takes it away, with all that is mounted in it, if it is still there. */
  void remove(String rootfs) throws IOException {
    if (!here().equals(namespace)) {
      return;
    }
    try (Fd directory = FileOpen.path(rootfs, OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      long found = FileStat.of(directory).mountId();
      // One that was cut short while it was made has not said which is its own.
      boolean isOwn = own == 0 ? found != before : found == own && found != before;
      if (isOwn) {
        Mounts.unmount("/proc/self/fd/" + directory.number(), Mounts.DETACH);
      }
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  static RootMount read(JsonCursor in) {
    return new RootMount(
        in.field("namespace").string(),
        in.field("before").integer(0, Long.MAX_VALUE),
        in.field("own").integer(0, Long.MAX_VALUE));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("namespace", namespace)
        .put("before", JsonValue.of(before))
        .put("own", JsonValue.of(own))
        .build();
  }
}
