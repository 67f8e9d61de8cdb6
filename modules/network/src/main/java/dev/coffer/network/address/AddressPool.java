package dev.coffer.network.address;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which addresses of a subnet are in use, and by whom. An address that was given back is given out
 * again only after all others, so that who still remembers it does not meet somebody else there.
 * Any number of threads may call.
 */
public final class AddressPool {
  /** More than these are not given out by themselves: their bits alone are 2 MiB. */
  private static final int MOST = 1 << 24;

  private final Subnet subnet;
  private final Subnet range;
  private final InetAddress gateway;
  private final int size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<InetAddress, String> holders = new HashMap<>();

  /** Those of the range's first ones that are in use or are nobody's, by distance. */
  private final BitSet closed = new BitSet();

  private int next;

  /**
   * One in which nothing is in use.
   *
   * @param subnet addresses that may be asked for
   * @param range the part of it that is given out by itself; of a range of more than 16 million
   *     addresses it is the first ones
   * @param gateway the network's own address
   */
  public AddressPool(Subnet subnet, Subnet range, InetAddress gateway) {
    this.subnet = subnet;
    this.range = range;
    this.gateway = gateway;
    this.size = range.size().min(BigInteger.valueOf(MOST)).intValueExact();
    close(gateway);
    if (hasEnds(subnet)) {
      close(subnet.address());
      if (!subnet.isIpv6()) {
        close(subnet.at(subnet.size().subtract(BigInteger.ONE)));
      }
    }
  }

  /** Whether the first address is the network's own, and the last IPv4 address everybody's. */
  private static boolean hasEnds(Subnet subnet) {
    return subnet.size().compareTo(BigInteger.TWO) > 0;
  }

  private void close(InetAddress address) {
    distance(address).ifPresent(closed::set);
  }

  /** Where in the part that is given out by itself. */
  private Optional<Integer> distance(InetAddress address) {
    return Optional.of(address)
        .filter(range::contains)
        .map(range::distance)
        .filter(distance -> distance.compareTo(BigInteger.valueOf(size)) < 0)
        .map(BigInteger::intValueExact);
  }

  /** Takes any address; empty when all are in use. */
  public Optional<InetAddress> take(String holder) {
    lock.lock();
    try {
      int free = closed.nextClearBit(next);
      free = free < size ? free : closed.nextClearBit(0);
      if (free >= size) {
        return Optional.empty();
      }
      InetAddress address = range.at(free);
      closed.set(free);
      holders.put(address, holder);
      next = free + 1;
      return Optional.of(address);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a certain address, of the subnet.
   *
   * @return who has it, and keeps it; empty when it is the holder's now
   * @throws IllegalArgumentException when it can be nobody's
   */
  public Optional<String> take(InetAddress address, String holder) {
    require(address);
    lock.lock();
    try {
      String before = holders.putIfAbsent(address, holder);
      if (before != null) {
        return Optional.of(before);
      }
      close(address);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void require(InetAddress address) {
    String problem = null;
    if (!subnet.contains(address)) {
      problem = "not in subnet " + subnet;
    } else if (address.equals(gateway)) {
      problem = "it is the gateway's";
    } else if (hasEnds(subnet) && address.equals(subnet.address())) {
      problem = "it is the network's own";
    } else if (hasEnds(subnet)
        && !subnet.isIpv6()
        && subnet.distance(address).add(BigInteger.ONE).equals(subnet.size())) {
      problem = "it is for all of the network";
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          "invalid address \"" + Subnet.text(address) + "\": " + problem);
    }
  }

  /** Writes an address that is in use to somebody else. */
  public void pass(InetAddress address, String holder) {
    lock.lock();
    try {
      holders.replace(address, holder);
    } finally {
      lock.unlock();
    }
  }

  /** Gives one back; nothing happens when it is not in use. */
  public void giveBack(InetAddress address) {
    lock.lock();
    try {
      if (holders.remove(address) != null) {
        distance(address).ifPresent(closed::clear);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Who has an address. */
  public Optional<String> holder(InetAddress address) {
    lock.lock();
    try {
      return Optional.ofNullable(holders.get(address));
    } finally {
      lock.unlock();
    }
  }
}
