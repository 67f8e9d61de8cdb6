package dev.coffer.engine.oci;

import java.util.List;

/** The device nodes of the host, behind an interface so that a spec can be built without them. */
public interface HostDevices {

  /**
   * A device node.
   *
   * @param path on the host
   * @param block whether it is a block device, else a character device
   * @param mode permission bits
   */
  record Node(String path, boolean block, long major, long minor, int mode, long uid, long gid) {}

  /**
   * The nodes at or below a path: one for a device, all below for a directory.
   *
   * @throws IllegalArgumentException with the cause when there is no device
   */
  List<Node> at(String path);
}
