package dev.coffer.testkit.powercut;

import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory's files as text, for comparing. */
public final class TreeText {
  private static final String ATTRIBUTES = "unix:mode,uid,gid,rdev,lastModifiedTime";

  private TreeText() {}

  /**
   * One line for each file, with its bytes; with times when those were set and not just happened.
   */
  public static List<String> of(Path root, boolean withTimes) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted().toList()) {
        lines.add(root.relativize(file) + " " + line(file, withTimes));
      }
    }
    return lines;
  }

  private static String line(Path file, boolean withTimes) throws IOException {
    Map<String, Object> attributes =
        new TreeMap<>(Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
    // A whiteout has no time of its own.
    if (!withTimes
        || Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther()) {
      attributes.remove("lastModifiedTime");
    }
    String text = attributes.toString();
    if (Files.isSymbolicLink(file)) {
      return text + " -> " + Files.readSymbolicLink(file);
    }
    if (Files.isRegularFile(file)) {
      text += " " + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
    try (Fd opened = FileOpen.path(file.toString(), OpenFlags.PATH | OpenFlags.NOFOLLOW)) {
      for (String name : ExtendedAttributes.list(opened)) {
        byte[] value = ExtendedAttributes.get(opened, name).orElseThrow();
        text += " " + name + "=" + new String(value, StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }
}
