package dev.coffer.engine.state;

import dev.coffer.engine.model.EndpointRequest;
import java.util.List;
import java.util.Optional;

/**
 * A container's place in one network.
 *
 * @param networkId the network's id; empty until the first start
 * @param wanted what a user asked of it
 * @param end what it has while it runs
 */
public record Attachment(String networkId, EndpointRequest wanted, Optional<GivenEnd> end) {

  /** The same with this end. */
  public Attachment with(GivenEnd newEnd) {
    return new Attachment(networkId, wanted, Optional.of(newEnd));
  }

  /** These with another one in the place of that to the same network. */
  public static List<Attachment> replaced(List<Attachment> all, Attachment changed) {
    return all.stream()
        .map(each -> each.networkId().equals(changed.networkId()) ? changed : each)
        .toList();
  }

  /** The same without an end. */
  public Attachment withoutEnd() {
    return new Attachment(networkId, wanted, Optional.empty());
  }
}
