package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code ADD_CLIENT}: the monitor serves one more.
 *
 * @param foreground whether it holds the container back
 * @param descriptors by role: its socket, and streams that the monitor serves directly
 */
public record AddClient(
    Attach attach, boolean foreground, SortedMap<DescriptorRole, Fd> descriptors) {
  public AddClient(Attach attach, boolean foreground, Map<DescriptorRole, Fd> descriptors) {
    this(attach, foreground, new TreeMap<>(descriptors));
  }

  public Frame toFrame() {
    PayloadWriter out = new PayloadWriter().u8(attach.bits()).u8(foreground ? 1 : 0);
    List<Fd> fds = new ArrayList<>();
    descriptors.forEach(
        (role, fd) -> {
          out.u8(role.number());
          fds.add(fd);
        });
    return new Frame(FrameType.ADD_CLIENT, out.toBytes(), fds);
  }
}
