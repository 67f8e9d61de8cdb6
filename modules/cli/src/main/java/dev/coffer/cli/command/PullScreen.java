package dev.coffer.cli.command;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.format.Units;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pull as lines of a terminal, one for each blob: what happens to it, how fast, and how long that
 * will take. For use by one thread at a time; writes nothing.
 */
final class PullScreen {
  private static final WindowSize USUAL = new WindowSize(24, 80);
  private static final int BAR = 30;
  private static final int ROOM_FOR_BAR = 90;

  /** What a blob is at. */
  private static final class Line {
    private final Descriptor blob;
    private String what = "Waiting";
    private long bytes;
    private long firstBytes;
    private Duration since = Duration.ZERO;
    private boolean arriving;

    Line(Descriptor blob) {
      this.blob = blob;
    }
  }

  private final Map<Digest, Line> blobs = new LinkedHashMap<>();

  /**
   * Takes in an event.
   *
   * @param now time since any fixed moment
   */
  void on(TransferEvent event, Duration now) {
    switch (event) {
      case TransferEvent.Waiting waiting -> line(waiting.blob());
      case TransferEvent.Exists exists -> rest(exists.blob(), "Already exists");
      case TransferEvent.Progress progress -> progress(progress, now);
      case TransferEvent.Transferred transferred -> rest(transferred.blob(), "Extracting");
      case TransferEvent.Complete complete -> rest(complete.blob(), "Pull complete");
      case TransferEvent.Retrying retrying ->
          rest(retrying.blob(), "Retrying: " + Printable.text(retrying.cause()));
      case TransferEvent.Resolved _,
          TransferEvent.Warning _,
          TransferEvent.Finished _,
          TransferEvent.Mounted _,
          TransferEvent.LeftOut _ -> {}
    }
  }

  private Line line(Descriptor blob) {
    return blobs.computeIfAbsent(blob.digest(), _ -> new Line(blob));
  }

  private void rest(Descriptor blob, String what) {
    Line line = line(blob);
    line.what = what;
    line.arriving = false;
  }

  private void progress(TransferEvent.Progress progress, Duration now) {
    Line line = line(progress.blob());
    if (!line.arriving) {
      line.arriving = true;
      line.what = "Downloading";
      line.since = now;
      line.firstBytes = progress.bytes();
    }
    line.bytes = progress.bytes();
  }

  /**
   * The lines as they are now, none longer than the window is wide, and fewer than it is high:
   * those that are done make room for those that are not.
   */
  List<String> lines(WindowSize window, Duration now) {
    WindowSize size = window.rows() > 2 && window.columns() > 20 ? window : USUAL;
    List<Line> shown = new ArrayList<>(blobs.values());
    int room = size.rows() - 1;
    int hidden = 0;
    if (shown.size() > room) {
      shown.removeIf(line -> isDone(line));
      shown = shown.subList(0, Math.min(shown.size(), room - 1));
      hidden = blobs.size() - shown.size();
    }
    List<String> lines = new ArrayList<>();
    for (Line line : shown) {
      lines.add(cut(text(line, size.columns(), now), size.columns()));
    }
    if (hidden > 0) {
      long done = blobs.values().stream().filter(PullScreen::isDone).count();
      lines.add(cut("%d of %d complete".formatted(done, blobs.size()), size.columns()));
    }
    return lines;
  }

  private static boolean isDone(Line line) {
    return line.what.equals("Pull complete") || line.what.equals("Already exists");
  }

  private static String text(Line line, int columns, Duration now) {
    String start = line.blob.digest().shortHex() + ": " + line.what;
    if (!line.arriving) {
      return start;
    }
    StringBuilder text = new StringBuilder("%-25s ".formatted(start));
    if (columns >= ROOM_FOR_BAR) {
      text.append(bar(line.bytes, line.blob.size())).append(' ');
    }
    text.append("%9s/%s".formatted(Units.size(line.bytes), Units.size(line.blob.size())));
    double seconds = now.minus(line.since).toNanos() / 1e9;
    if (seconds > 0.5) {
      double speed = (line.bytes - line.firstBytes) / seconds;
      text.append("  ").append(Units.size((long) speed)).append("/s");
      if (speed >= 1 && line.bytes < line.blob.size()) {
        text.append("  ").append(left((line.blob.size() - line.bytes) / speed));
      }
    }
    return text.toString();
  }

  private static String bar(long bytes, long size) {
    int filled = size == 0 ? BAR : (int) Math.min(BAR, bytes * BAR / size);
    String head = filled < BAR ? ">" : "";
    return "[" + "=".repeat(filled) + head + " ".repeat(BAR - filled - head.length()) + "]";
  }

  private static String left(double seconds) {
    long whole = (long) Math.ceil(seconds);
    return whole < 60
        ? whole + "s left"
        : whole < 3600
            ? "%dm%02ds left".formatted(whole / 60, whole % 60)
            : "%dh%02dm left".formatted(whole / 3600, whole % 3600 / 60);
  }

  private static String cut(String text, int columns) {
    return text.length() < columns ? text : text.substring(0, columns - 1);
  }
}
