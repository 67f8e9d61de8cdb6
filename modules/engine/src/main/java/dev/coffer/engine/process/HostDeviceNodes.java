package dev.coffer.engine.process;

import dev.coffer.engine.oci.HostDevices;
import dev.coffer.kernel.Device;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The device nodes that are in the host's /dev now. */
public final class HostDeviceNodes implements HostDevices {

  /** What a container has of its own; the list is that of Docker's privileged mode. */
  private static final Set<String> OWN = Set.of("pts", "shm", "fd", "mqueue", ".udev", "console");

  @Override
  public List<Node> at(String path) {
    List<Node> nodes = new ArrayList<>();
    try {
      Stat stat = statOf(path);
      if (stat.type() == FileType.DIRECTORY) {
        walk(Path.of(path), nodes);
      } else if (isDevice(stat)) {
        nodes.add(node(path, stat));
      } else {
        throw new IllegalArgumentException("not a device");
      }
    } catch (KernelException e) {
      throw new IllegalArgumentException(
          Errno.of(e.number()).map(Errno::words).orElse(e.getMessage()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return nodes;
  }

  private static void walk(Path directory, List<Node> nodes) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        Stat stat = FileStat.at(Fd.CWD, entry.toString());
        if (OWN.contains(entry.getFileName().toString())) {
          continue;
        }
        if (stat.type() == FileType.DIRECTORY) {
          walk(entry, nodes);
        } else if (isDevice(stat)) {
          nodes.add(node(entry.toString(), stat));
        }
      }
    }
  }

  /** Of a path that the user gave: a link there means what it leads to. */
  private static Stat statOf(String path) throws KernelException {
    try (Fd fd = FileOpen.path(path, OpenFlags.PATH)) {
      return FileStat.of(fd);
    }
  }

  private static boolean isDevice(Stat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE || stat.type() == FileType.BLOCK_DEVICE;
  }

  private static Node node(String path, Stat stat) {
    return new Node(
        path,
        stat.type() == FileType.BLOCK_DEVICE,
        Device.major(stat.represented()),
        Device.minor(stat.represented()),
        stat.permissions(),
        Integer.toUnsignedLong(stat.uid()),
        Integer.toUnsignedLong(stat.gid()));
  }
}
