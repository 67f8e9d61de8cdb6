package dev.coffer.network.host;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Settings below {@code /proc/sys/net}, of the network namespace that the calling thread is in.
 * Source: Documentation/networking/ip-sysctl.rst.
 */
final class Settings {
  private static final String NET = "/proc/sys/net/";
  private static final String IPV6_DEVICES = NET + "ipv6/conf";
  private static final String FORWARD_IPV4 = "ipv4/ip_forward";
  private static final String FORWARD_IPV6 = "ipv6/conf/all/forwarding";

  private Settings() {}

  /** Whether the kernel has IPv6. */
  static boolean hasIpv6() {
    return Files.isDirectory(Path.of(IPV6_DEVICES));
  }

  /** Whether the namespace is one that passes packets on. */
  static boolean forwards(boolean ipv6) throws KernelException {
    return is(ipv6 ? FORWARD_IPV6 : FORWARD_IPV4, "1");
  }

  /** Makes the namespace one that passes packets on. */
  static void forward(boolean ipv6) throws IOException {
    set(FORWARD_IPV4, "1");
    if (ipv6 && !forwards(true)) {
      keepRouterAdvertisements();
      set(FORWARD_IPV6, "1");
    }
  }

  /**
   * A host that passes packets on takes no routes from its neighbours unless it is told to; it
   * would lose its own way to the world.
   */
  private static void keepRouterAdvertisements() throws IOException {
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of(IPV6_DEVICES))) {
      for (Path device : devices) {
        String setting = "ipv6/conf/" + device.getFileName() + "/accept_ra";
        if (is(setting, "1")) {
          set(setting, "2");
        }
      }
    }
  }

  /** Sets up a bridge, whose containers are not to be trusted with its routes. */
  static void bridge(String device, boolean ipv6) throws KernelException {
    // What is published on the host's 127.0.0.1 goes to containers with that address at first.
    set("ipv4/conf/" + device + "/route_localnet", "1");
    ipv6(device, ipv6);
  }

  /** Sets up a device for IPv6 without routes from its neighbours, or for no IPv6 at all. */
  static void ipv6(String device, boolean wanted) throws KernelException {
    String settings = "ipv6/conf/" + device + "/";
    try {
      set(settings + "disable_ipv6", wanted ? "0" : "1");
      if (wanted) {
        set(settings + "accept_ra", "0");
        // Nobody has our addresses; asking the neighbours first would take a second and more, in
        // which the host sends the device nothing.
        set(settings + "accept_dad", "0");
      }
    } catch (KernelException e) {
      // A kernel that has no IPv6.
      if (wanted || !e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private static boolean is(String setting, String value) throws KernelException {
    return ProcFile.read(NET + setting).strip().equals(value);
  }

  /** Writes only what is otherwise: what reads right may be where nobody can write. */
  private static void set(String setting, String value) throws KernelException {
    if (!is(setting, value)) {
      ProcFile.write(NET + setting, value);
    }
  }
}
