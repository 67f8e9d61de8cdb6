package dev.coffer.cli.format;

import dev.coffer.engine.model.ImagePlatform;
import dev.coffer.engine.model.ImageTree;
import dev.coffer.engine.model.ImageTree.Dependent;
import dev.coffer.engine.model.ImageTree.Layer;
import dev.coffer.engine.model.NamedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code image tree} prints, which has the words of Podman's, and {@code images --tree}, which
 * has the columns of Docker's.
 */
public final class TreeText {

  private static final String ITEM = "├── ";
  private static final String LAST = "└── ";
  private static final String PASSING = "│   ";
  private static final String BELOW_LAST = "    ";

  private TreeText() {}

  /** The lines of an image, each with its end. */
  public static String of(ImageTree tree) {
    StringBuilder out = new StringBuilder();
    line(out, "Image ID: " + Units.shortId(tree.image().id()));
    line(out, "Tags:     " + list(tree.image().references()));
    line(out, "Size:     " + Units.size(tree.image().sizeBytes()));
    if (tree.platforms().size() > 1) {
      line(out, "Platforms");
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < tree.platforms().size(); i++) {
        boolean last = i == tree.platforms().size() - 1;
        cells.add((last ? LAST : ITEM) + platform(tree.platforms().get(i)));
      }
      out.append(Table.render(cells, 0));
    }
    line(out, "Image Layers");
    for (int i = 0; i < tree.layers().size(); i++) {
      boolean last = i == tree.layers().size() - 1;
      line(out, (last ? LAST : ITEM) + layer(tree.layers().get(i)));
    }
    dependents(out, BELOW_LAST, tree.dependents());
    return out.toString();
  }

  /** The table of names with their platforms. */
  public static String of(List<NamedImage> images) {
    List<String> lines = new ArrayList<>();
    lines.add("IMAGE\tID\tDISK USAGE\tCONTENT SIZE\tEXTRA");
    for (NamedImage image : images) {
      lines.add(
          row(
              image.name().equals(image.id()) ? "<untagged>" : image.name(),
              Units.shortId(image.id()),
              image.sizeBytes(),
              image.contentBytes(),
              image.used()));
      List<ImagePlatform> platforms = image.platforms();
      for (int i = 0; platforms.size() > 1 && i < platforms.size(); i++) {
        ImagePlatform each = platforms.get(i);
        lines.add(
            row(
                (i == platforms.size() - 1 ? "└─ " : "├─ ") + each.platform(),
                each.id().map(Units::shortId).orElse("not here"),
                each.sizeBytes(),
                each.contentBytes(),
                each.used()));
      }
    }
    return Table.render(lines);
  }

  /** What the disk has of it are the archives and the unpacked files. */
  private static String row(String name, String id, long unpacked, long content, boolean used) {
    return String.join(
        "\t", name, id, Units.size(unpacked + content), Units.size(content), used ? "U" : "");
  }

  private static void dependents(StringBuilder out, String indent, List<Dependent> all) {
    for (int i = 0; i < all.size(); i++) {
      boolean last = i == all.size() - 1;
      line(out, indent + (last ? LAST : ITEM) + layer(all.get(i).layer()));
      dependents(out, indent + (last ? BELOW_LAST : PASSING), all.get(i).above());
    }
  }

  private static String platform(ImagePlatform platform) {
    return platform.platform()
        + "\t"
        + (platform.id().isPresent()
            ? Units.shortId(platform.id().get()) + "\t" + Units.size(platform.sizeBytes())
            : "not here");
  }

  private static String layer(Layer layer) {
    String top = layer.topOf().isEmpty() ? "" : " Top Layer of: " + list(layer.topOf());
    String part = layer.partOf().isEmpty() ? "" : " Also in: " + list(layer.partOf());
    return "ID: "
        + Units.shortId(layer.id())
        + " Size: "
        + Units.size(layer.sizeBytes())
        + top
        + part;
  }

  private static String list(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }

  private static void line(StringBuilder out, String text) {
    out.append(Printable.text(text)).append('\n');
  }
}
