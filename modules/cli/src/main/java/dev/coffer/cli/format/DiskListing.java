package dev.coffer.cli.format;

import dev.coffer.engine.model.DiskUsage;
import dev.coffer.engine.model.DiskUsage.Part;
import java.util.List;

/** The fields of {@code system df}, those of Docker's. */
public final class DiskListing {

  /** The columns when no format is given. */
  public static final String COLUMNS =
      "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";

  /** The columns of volumes. */
  public static final String VOLUME_COLUMNS = "{{.Name}}\t{{.Links}}\t{{.Size}}";

  private static final int PERCENT = 100;

  /** One kind of thing that takes of the disk. */
  public record Kind(String type, Part part) {}

  /** One volume. */
  public record Volume(String name, int links, long bytes) {}

  /** The kinds. */
  public static final Listing<Kind> LISTING =
      Listing.of(
          List.of(
              new Column<>("Type", "TYPE", Kind::type),
              new Column<>("TotalCount", "TOTAL", kind -> kind.part().total()),
              new Column<>("Active", "ACTIVE", kind -> kind.part().active()),
              new Column<>("Size", "SIZE", kind -> Units.size(kind.part().bytes())),
              new Column<>("Reclaimable", "RECLAIMABLE", DiskListing::reclaimable)));

  /** The volumes. */
  public static final Listing<Volume> VOLUMES =
      Listing.of(
          List.of(
              new Column<>("Name", "VOLUME NAME", Volume::name),
              new Column<>("Links", "LINKS", Volume::links),
              new Column<>("Size", "SIZE", volume -> Units.size(volume.bytes()))));

  private DiskListing() {}

  /** The lines of a measurement. */
  public static List<Kind> kinds(DiskUsage usage) {
    return List.of(
        new Kind("Images", usage.images()),
        new Kind("Containers", usage.containers()),
        new Kind("Local Volumes", usage.volumes()));
  }

  /** Its volumes. */
  public static List<Volume> volumes(DiskUsage usage) {
    return usage.volumeBytes().entrySet().stream()
        .map(
            each ->
                new Volume(
                    each.getKey(),
                    usage.volumeUsers().getOrDefault(each.getKey(), 0),
                    each.getValue()))
        .toList();
  }

  private static String reclaimable(Kind kind) {
    Part part = kind.part();
    String size = Units.size(part.reclaimable());
    return part.bytes() == 0
        ? size
        : "%s (%d%%)".formatted(size, part.reclaimable() * PERCENT / part.bytes());
  }
}
