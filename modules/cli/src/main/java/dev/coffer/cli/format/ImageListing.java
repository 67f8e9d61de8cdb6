package dev.coffer.cli.format;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** The fields of {@code images}, those of Docker's. */
public final class ImageListing {

  private static final String UNKNOWN = "N/A";

  private final Clock clock;
  private final ZoneId zone;
  private final boolean truncates;

  /** Fields as of now in the caller's zone. */
  public ImageListing(Clock clock, ZoneId zone, boolean truncates) {
    this.clock = clock;
    this.zone = zone;
    this.truncates = truncates;
  }

  /** The columns when no format is given. */
  public static String defaultColumns(boolean digests) {
    String digest = digests ? "{{.Digest}}\t" : "";
    return "{{.Repository}}\t{{.Tag}}\t" + digest + "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
  }

  /** The listing. */
  public Listing<ImageRow> listing() {
    return Listing.of(
        List.of(
            new Column<>("ID", "IMAGE ID", this::id),
            new Column<>("Repository", "REPOSITORY", ImageRow::repository),
            new Column<>("Tag", "TAG", ImageRow::tag),
            new Column<>("Digest", "DIGEST", ImageRow::digest),
            new Column<>("CreatedSince", "CREATED", this::createdSince),
            new Column<>("CreatedAt", "CREATED AT", this::createdAt),
            new Column<>("Size", "SIZE", row -> Units.size(row.image().sizeBytes())),
            new Column<>("VirtualSize", "SIZE", row -> Units.size(row.image().sizeBytes())),
            new Column<>("SharedSize", "SHARED SIZE", row -> UNKNOWN),
            new Column<>("UniqueSize", "UNIQUE SIZE", row -> UNKNOWN),
            new Column<>("Containers", "CONTAINERS", ImageListing::containers)));
  }

  private String id(ImageRow row) {
    return truncates ? Units.shortId(row.image().id()) : row.image().id();
  }

  private String createdSince(ImageRow row) {
    if (row.image().created().equals(Instant.EPOCH)) {
      return UNKNOWN;
    }
    return Units.duration(Duration.between(row.image().created(), clock.instant())) + " ago";
  }

  private String createdAt(ImageRow row) {
    return Text.timestamp(row.image().created().atZone(zone));
  }

  private static String containers(ImageRow row) {
    return row.image().containers() < 0 ? UNKNOWN : Integer.toString(row.image().containers());
  }
}
