package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.runtime.cache.Recent;
import dev.coffer.runtime.file.BoundedFile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.SpecValidator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bundle as it was read once (runtime-spec, bundle.md).
 *
 * @param directory absolute
 * @param config the text of its config
 * @param spec its valid config
 * @param rootfs absolute path of the root file system
 */
record Bundle(Path directory, String config, Spec spec, Path rootfs) {
  private static final String CONFIG = "config.json";
  private static final int LARGEST_CONFIG = 16 << 20;

  /**
   * Reads and checks a bundle.
   *
   * @param known configs that were checked before
   * @throws OciException where it has no config, or none that is valid
   */
  static Bundle read(Path directory, Recent<String, Spec> known) throws IOException {
    byte[] config;
    try {
      config = BoundedFile.read(directory.resolve(CONFIG), LARGEST_CONFIG);
    } catch (KernelException e) {
      String why =
          e.is(Errno.ENOENT) ? "it has no " + CONFIG : KernelException.describe(e.number());
      throw new OciException("cannot read the bundle \"" + directory + "\": " + why, e);
    } catch (IOException e) {
      throw new OciException("cannot read the bundle \"" + directory + "\": " + e.getMessage(), e);
    }
    String text = text(config);
    Spec spec = known.get(text, Bundle::parse);
    Path rootfs = directory.resolve(spec.root().orElseThrow().path()).normalize();
    if (!Files.isDirectory(rootfs)) {
      throw new OciException(
          CONFIG + ": root.path: \"" + rootfs + "\" is no directory (is the rootfs unpacked?)");
    }
    return new Bundle(directory, text, spec, rootfs);
  }

  /** The cgroup that the config names. */
  Optional<String> cgroupsPath() {
    return spec.linux().flatMap(Linux::cgroupsPath).filter(path -> !path.isEmpty());
  }

  private static Spec parse(String config) {
    try {
      Spec spec = Spec.parse(config.getBytes(StandardCharsets.UTF_8));
      SpecValidator.require(CONFIG, spec);
      if (spec.process().isEmpty()) {
        throw new OciException(CONFIG + ": process: is missing");
      }
      // Who says nothing of Linux shares all of the host but its root directory.
      Spec whole = spec.toBuilder().linux(spec.linux().orElse(Linux.NONE)).build();
      return EarlierSpec.inPresentWords(whole);
    } catch (SpecException e) {
      throw new OciException(e.getMessage(), e);
    }
  }

  private static String text(byte[] config) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(config)).toString();
    } catch (CharacterCodingException e) {
      throw new OciException(CONFIG + ": invalid JSON: it is not UTF-8", e);
    }
  }
}
