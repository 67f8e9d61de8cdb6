package dev.coffer.image;

import java.util.List;

/**
 * What a check of a store has looked at and found.
 *
 * @param blobs how many blobs were read and hashed
 * @param images how many names and images were followed to their last blob
 * @param layers how many unpacked layers were compared with their archives
 * @param findings what is not as it should be, or was not
 */
public record CheckReport(int blobs, int images, int layers, List<Finding> findings) {
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /** Whether all is well now. */
  public boolean isSound() {
    return findings.stream().allMatch(Finding::repaired);
  }
}
