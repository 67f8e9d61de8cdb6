package dev.coffer.cli.format;

import dev.coffer.image.registry.client.SearchResult;
import java.util.List;

/** The fields of {@code search}, those of Docker's. */
public final class SearchListing {

  /** The columns when no format is given. */
  public static final String COLUMNS =
      "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}";

  private static final int DESCRIPTION_WIDTH = 45;

  private final boolean truncates;

  /** Fields with descriptions cut to a column's width, or whole. */
  public SearchListing(boolean truncates) {
    this.truncates = truncates;
  }

  /** The listing. */
  public Listing<SearchResult> listing() {
    return Listing.of(
        List.of(
            new Column<>("Name", "NAME", SearchResult::name),
            new Column<>("Description", "DESCRIPTION", this::description),
            new Column<>("StarCount", "STARS", result -> String.valueOf(result.stars())),
            new Column<>("IsOfficial", "OFFICIAL", result -> result.official() ? "[OK]" : "")));
  }

  private String description(SearchResult result) {
    String text = result.description();
    return truncates && text.length() > DESCRIPTION_WIDTH
        ? text.substring(0, DESCRIPTION_WIDTH - 1) + "…"
        : text;
  }
}
