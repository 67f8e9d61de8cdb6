package dev.coffer.cli.format;

import dev.coffer.engine.model.ImageSummary;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of a list of images: an image under one of its names.
 *
 * @param repository name without tag, {@code <none>} when it has none
 * @param tag tag, {@code <none>} when it has none
 * @param digest {@code sha256:…}, {@code <none>} when unknown
 * @param image the image
 */
public record ImageRow(String repository, String tag, String digest, ImageSummary image) {

  private static final String NONE = "<none>";

  /**
   * The lines of images: one for each tag, or for each digest that has no tag, or one for an image
   * that nothing names.
   */
  public static List<ImageRow> of(List<ImageSummary> images, boolean withDigests) {
    List<ImageRow> rows = new ArrayList<>();
    for (ImageSummary image : images) {
      Map<String, String> digests = digests(image);
      for (String text : image.references()) {
        Name name = Name.of(text);
        String digest = withDigests ? digests.getOrDefault(name.repository, NONE) : NONE;
        rows.add(new ImageRow(name.repository, name.tag, digest, image));
      }
      if (image.references().isEmpty() && digests.isEmpty()) {
        rows.add(new ImageRow(NONE, NONE, NONE, image));
      } else if (image.references().isEmpty()) {
        digests.forEach(
            (repository, digest) -> rows.add(new ImageRow(repository, NONE, digest, image)));
      }
    }
    return rows;
  }

  private static Map<String, String> digests(ImageSummary image) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String text : image.digests()) {
      int at = text.indexOf('@');
      if (at > 0) {
        digests.put(Name.of(text.substring(0, at)).repository, text.substring(at + 1));
      }
    }
    return digests;
  }

  private record Name(String repository, String tag) {
    static Name of(String text) {
      try {
        Reference reference = Reference.parse(text);
        return new Name(reference.familiarName(), reference.tag().orElse(NONE));
      } catch (SpecException e) {
        // A name that this version would not give is shown as it is stored.
        return new Name(text, NONE);
      }
    }
  }
}
