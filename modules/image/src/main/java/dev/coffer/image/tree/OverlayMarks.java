package dev.coffer.image.tree;

import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NativeText;
import dev.coffer.kernel.Stat;
import java.util.Optional;

/**
 * What overlayfs leaves in a layer for itself.
 *
 * <p>Source: Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories" and
 * "redirect_dir". What a container sets under these names itself, the kernel keeps under longer
 * ones.
 *
 * @param prefix of the attributes: {@code trusted.overlay.} or, in a user namespace, {@code
 *     user.overlay.}
 */
public record OverlayMarks(String prefix) {

  /** Those of mounts that root makes. */
  public static final OverlayMarks TRUSTED = new OverlayMarks("trusted.overlay.");

  /** Whether it says "not here, and not below". */
  static boolean isWhiteout(Stat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE && stat.represented() == 0;
  }

  /** Whether nothing below shows through a directory. */
  boolean isOpaque(Fd directory) throws KernelException {
    return ExtendedAttributes.get(directory, prefix + "opaque")
        .map(value -> value.length == 1 && value[0] == 'y')
        .orElse(false);
  }

  /** Where a directory that was renamed has its lower part: a path from the root, or a name. */
  Optional<String> redirect(Fd directory) throws KernelException {
    return ExtendedAttributes.get(directory, prefix + "redirect").map(NativeText::decode);
  }

  /** Whether an attribute is a mark of some overlay and no part of a file. */
  static boolean isMark(String attribute) {
    return attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.");
  }
}
