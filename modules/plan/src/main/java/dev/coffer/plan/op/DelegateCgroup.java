package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Gives a cgroup of version 2 to a user, who may then divide it (cgroups(7), Cgroups delegation).
 * What limits it stays its owner's.
 *
 * @param directory absolute path of the cgroup on the host
 * @param files names of the files that go with it; those that are not there are passed over
 * @param user user id on the host
 */
public record DelegateCgroup(String directory, List<String> files, long user, String why)
    implements Op {
  private static final long UNCHANGED = -1;

  public DelegateCgroup {
    files = List.copyOf(files);
  }

  @Override
  public String describe() {
    return "give cgroup \"" + directory + "\" to user " + user;
  }

  @Override
  public void lower(Lowering lowering) {
    give(lowering, directory);
    files.forEach(file -> give(lowering, directory + "/" + file).ignoring(Errno.ENOENT));
  }

  private Call give(Lowering lowering, String path) {
    return lowering.call(
        Syscall.FCHOWNAT,
        lowering.here(),
        lowering.text(path),
        lowering.number(user),
        lowering.number(UNCHANGED),
        lowering.number(Kernel.AT_SYMLINK_NOFOLLOW));
  }
}
