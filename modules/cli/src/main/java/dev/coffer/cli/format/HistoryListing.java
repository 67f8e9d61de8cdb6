package dev.coffer.cli.format;

import dev.coffer.engine.model.ImageHistoryEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The fields of {@code history}, those of Docker's. */
public final class HistoryListing {

  /** The columns when no format is given. */
  public static final String COLUMNS =
      "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

  private static final int STEP_WIDTH = 45;

  private final Clock clock;
  private final ZoneId zone;
  private final boolean truncates;
  private final boolean human;

  /** Fields as of now in the caller's zone; for people, or with plain numbers. */
  public HistoryListing(Clock clock, ZoneId zone, boolean truncates, boolean human) {
    this.clock = clock;
    this.zone = zone;
    this.truncates = truncates;
    this.human = human;
  }

  /** The listing. */
  public Listing<ImageHistoryEntry> listing() {
    return Listing.of(
        List.of(
            new Column<>("ID", "IMAGE", this::id),
            new Column<>("CreatedSince", "CREATED", this::createdSince),
            new Column<>("CreatedAt", "CREATED AT", this::createdAt),
            new Column<>("CreatedBy", "CREATED BY", this::createdBy),
            new Column<>("Size", "SIZE", this::size),
            new Column<>("Comment", "COMMENT", ImageHistoryEntry::comment)));
  }

  private String id(ImageHistoryEntry entry) {
    return truncates ? Units.shortId(entry.id()) : entry.id();
  }

  private String createdSince(ImageHistoryEntry entry) {
    return human
        ? Units.duration(Duration.between(entry.created(), clock.instant())) + " ago"
        : createdAt(entry);
  }

  private String createdAt(ImageHistoryEntry entry) {
    OffsetDateTime created = entry.created().atZone(zone).toOffsetDateTime().withNano(0);
    return created.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  private String createdBy(ImageHistoryEntry entry) {
    String step = entry.createdBy().replace('\t', ' ');
    return truncates ? Units.ellipsis(step, STEP_WIDTH) : step;
  }

  private String size(ImageHistoryEntry entry) {
    return human ? Units.size(entry.sizeBytes()) : Long.toString(entry.sizeBytes());
  }
}
