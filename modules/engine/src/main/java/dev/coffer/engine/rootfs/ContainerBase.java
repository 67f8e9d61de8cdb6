package dev.coffer.engine.rootfs;

import dev.coffer.image.snapshot.Furnishing;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.runtime.rootfs.RootView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The mount points that every container needs, and {@code /etc/mtab}. What an odd image does not
 * let us make, a container's plan makes or refuses by itself.
 */
public final class ContainerBase implements Furnishing {

  private static final List<String> DIRECTORIES = List.of("proc", "sys", "dev", "etc");
  private static final List<String> FILES = List.of("hosts", "hostname", "resolv.conf");
  private static final int DIRECTORY = OpenFlags.PATH | OpenFlags.DIRECTORY;
  private static final int NEW =
      OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;
  private static final int FILE_MODE = 0644;

  @Override
  public void furnish(Fd root) throws IOException {
    RootView view = new RootView(root);
    for (String name : DIRECTORIES) {
      if (view.stat(name).isEmpty()) {
        unlessInTheWay(() -> view.makeDirectory(name));
      }
    }
    view.linkMountTable();
    Optional<Fd> etc = view.open("etc", DIRECTORY);
    if (etc.isEmpty()) {
      return;
    }
    try (Fd parent = etc.get()) {
      for (String name : FILES) {
        unlessInTheWay(() -> FileOpen.at(parent, name, NEW, FILE_MODE).close());
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void unlessInTheWay(Step step) throws IOException {
    try {
      step.run();
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
        throw e;
      }
    }
  }
}
