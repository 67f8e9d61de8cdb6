package dev.coffer.network.nft;

import dev.coffer.network.nft.Expression.Base;
import dev.coffer.network.nft.Expression.Meta;
import dev.coffer.network.nft.Expression.MetaKey;
import dev.coffer.network.nft.Expression.Payload;

/** A property of packets that rules look at. */
public enum Field {
  INPUT_DEVICE(16),
  OUTPUT_DEVICE(16),
  INPUT_KIND(16),
  OUTPUT_KIND(16),
  PROTOCOL(1),
  IPV4_SOURCE(4),
  IPV4_DESTINATION(4),
  IPV6_SOURCE(16),
  IPV6_DESTINATION(16),
  SOURCE_PORT(2),
  DESTINATION_PORT(2);

  private final int size;

  Field(int size) {
    this.size = size;
  }

  /** Loads it into registers from one on. */
  Expression load(int register) {
    return switch (this) {
      case INPUT_DEVICE -> new Meta(MetaKey.INPUT_DEVICE, register);
      case OUTPUT_DEVICE -> new Meta(MetaKey.OUTPUT_DEVICE, register);
      case INPUT_KIND -> new Meta(MetaKey.INPUT_KIND, register);
      case OUTPUT_KIND -> new Meta(MetaKey.OUTPUT_KIND, register);
      case PROTOCOL -> new Meta(MetaKey.PROTOCOL, register);
      case IPV4_SOURCE -> new Payload(Base.NETWORK, 12, size, register);
      case IPV4_DESTINATION -> new Payload(Base.NETWORK, 16, size, register);
      case IPV6_SOURCE -> new Payload(Base.NETWORK, 8, size, register);
      case IPV6_DESTINATION -> new Payload(Base.NETWORK, 24, size, register);
      case SOURCE_PORT -> new Payload(Base.TRANSPORT, 0, size, register);
      case DESTINATION_PORT -> new Payload(Base.TRANSPORT, 2, size, register);
    };
  }

  /** How many registers it fills. */
  int registers() {
    return (size + 3) / 4;
  }
}
