package dev.coffer.cli.format;

import dev.coffer.engine.model.NetworkSummary;
import java.time.ZoneId;
import java.util.List;

/** The fields of {@code network ls}, those of Docker's. */
public final class NetworkListing {

  /** The columns when no format is given. */
  public static final String COLUMNS = "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";

  private final ZoneId zone;
  private final boolean truncates;

  /** Fields in the caller's zone; truncated ones are cut to fit a table. */
  public NetworkListing(ZoneId zone, boolean truncates) {
    this.zone = zone;
    this.truncates = truncates;
  }

  /** The listing. */
  public Listing<NetworkSummary> listing() {
    return Listing.of(
        List.of(
            new Column<>("ID", "NETWORK ID", this::id),
            new Column<>("Name", "NAME", NetworkSummary::name),
            new Column<>("Driver", "DRIVER", NetworkSummary::driver),
            new Column<>("Scope", "SCOPE", _ -> "local"),
            new Column<>("IPv4", "IPV4", network -> Boolean.toString(network.ipv4())),
            new Column<>("IPv6", "IPV6", network -> Boolean.toString(network.ipv6())),
            new Column<>("Internal", "INTERNAL", network -> Boolean.toString(network.internal())),
            new Column<>("Labels", "LABELS", network -> ContainerListing.labels(network.labels())),
            new Column<>("Label", "LABEL", network -> ContainerListing.method(network.labels())),
            new Column<>("CreatedAt", "CREATED AT", this::createdAt)));
  }

  private String id(NetworkSummary network) {
    return truncates ? Units.shortId(network.id()) : network.id();
  }

  private String createdAt(NetworkSummary network) {
    return Text.timestamp(network.created().atZone(zone));
  }
}
