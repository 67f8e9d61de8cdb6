package dev.coffer.kernel;

/**
 * What an overlay does with its upper layer. All are given to the kernel explicitly, because their
 * defaults are the host's module parameters, see Documentation/filesystems/overlayfs.rst.
 *
 * @param redirectDirectories a directory of a lower layer can be renamed
 * @param metadataCopy a change of owner or mode does not copy the file's data up
 * @param index hard links of lower layers stay links when copied up
 * @param isVolatile nothing is ever synced: the upper layer is lost with the machine, and is
 *     refused at its next mount until its marker is removed
 * @param userAttributes marks are kept in {@code user.overlay.*}, for mounts inside a user
 *     namespace; excludes the first two
 */
public record OverlayOptions(
    boolean redirectDirectories,
    boolean metadataCopy,
    boolean index,
    boolean isVolatile,
    boolean userAttributes) {

  /** For a container of root's: renames work, nothing else is special. */
  public static final OverlayOptions DEFAULT = new OverlayOptions(true, false, false, false, false);

  public OverlayOptions {
    if (userAttributes && (redirectDirectories || metadataCopy)) {
      throw new IllegalArgumentException("userxattr excludes redirect_dir and metacopy");
    }
  }

  /** These, with or without {@code volatile}. */
  public OverlayOptions withVolatile(boolean value) {
    return new OverlayOptions(redirectDirectories, metadataCopy, index, value, userAttributes);
  }

  /** Value of {@code redirect_dir}; with {@code userxattr} the kernel allows only one. */
  String redirect() {
    return redirectDirectories ? "on" : "nofollow";
  }
}
