package dev.coffer.cli.format;

import dev.coffer.cli.template.Method;
import dev.coffer.engine.model.ContainerSummary;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of {@code ps}, those of Docker's. */
public final class ContainerListing {

  private static final String COLUMNS =
      "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
  private static final int COMMAND_WIDTH = 20;
  private static final int MOUNT_WIDTH = 15;

  private final Clock clock;
  private final ZoneId zone;
  private final boolean truncates;

  /** Fields as of now in the caller's zone; truncated ones are cut to fit a table. */
  public ContainerListing(Clock clock, ZoneId zone, boolean truncates) {
    this.clock = clock;
    this.zone = zone;
    this.truncates = truncates;
  }

  /** The columns when no format is given. */
  public static String defaultColumns(boolean size) {
    return size ? COLUMNS + "\t{{.Size}}" : COLUMNS;
  }

  /** The listing. */
  public Listing<ContainerSummary> listing() {
    return Listing.of(
        List.of(
            new Column<>("ID", "CONTAINER ID", this::id),
            new Column<>("Names", "NAMES", this::names),
            new Column<>("Image", "IMAGE", this::image),
            new Column<>("Command", "COMMAND", this::command),
            new Column<>("CreatedAt", "CREATED AT", this::createdAt),
            new Column<>("RunningFor", "CREATED", this::runningFor),
            new Column<>("Ports", "PORTS", container -> String.join(", ", container.ports())),
            new Column<>("State", "STATE", ContainerSummary::state),
            new Column<>("Status", "STATUS", ContainerSummary::status),
            new Column<>("Size", "SIZE", ContainerListing::size),
            new Column<>("Labels", "LABELS", container -> labels(container.labels())),
            new Column<>("Mounts", "MOUNTS", this::mounts),
            new Column<>("LocalVolumes", "LOCAL VOLUMES", ContainerListing::localVolumes),
            new Column<>(
                "Networks", "NETWORKS", container -> String.join(",", container.networks())),
            new Column<>("Label", "LABEL", container -> method(container.labels()))));
  }

  private String id(ContainerSummary container) {
    return truncates ? Units.shortId(container.id()) : container.id();
  }

  /** Links of other containers are names with a slash in them; a table has no room for those. */
  private String names(ContainerSummary container) {
    List<String> names = new ArrayList<>();
    for (String name : container.names()) {
      String bare = name.startsWith("/") ? name.substring(1) : name;
      if (!truncates || bare.indexOf('/') < 0) {
        names.add(bare);
      }
    }
    return String.join(",", names);
  }

  private String image(ContainerSummary container) {
    String image = container.image();
    if (image.isEmpty()) {
      return "<no image>";
    }
    return truncates && image.startsWith("sha256:") ? Units.shortId(image) : image;
  }

  private String command(ContainerSummary container) {
    String command = container.command();
    return Text.quote(truncates ? Units.ellipsis(command, COMMAND_WIDTH) : command);
  }

  private String createdAt(ContainerSummary container) {
    return Text.timestamp(container.created().atZone(zone));
  }

  private String runningFor(ContainerSummary container) {
    return Units.duration(Duration.between(container.created(), clock.instant())) + " ago";
  }

  private static String size(ContainerSummary container) {
    String writable = Units.size(container.sizeRw().orElse(0L));
    return container
        .sizeRootFs()
        .filter(bytes -> bytes > 0)
        .map(bytes -> writable + " (virtual " + Units.size(bytes) + ")")
        .orElse(writable);
  }

  private String mounts(ContainerSummary container) {
    List<String> mounts = new ArrayList<>();
    for (String mount : container.mounts()) {
      mounts.add(truncates ? Units.ellipsis(mount, MOUNT_WIDTH) : mount);
    }
    return String.join(",", mounts);
  }

  private static String localVolumes(ContainerSummary container) {
    return Long.toString(
        container.mounts().stream().filter(mount -> !mount.startsWith("/")).count());
  }

  static String labels(Map<String, String> labels) {
    List<String> pairs = new ArrayList<>();
    new TreeMap<>(labels).forEach((name, value) -> pairs.add(name + "=" + value));
    return String.join(",", pairs);
  }

  static Method method(Map<String, String> labels) {
    return name -> labels.getOrDefault(name, "");
  }
}
