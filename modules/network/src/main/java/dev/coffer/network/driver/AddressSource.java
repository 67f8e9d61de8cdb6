package dev.coffer.network.driver;

import dev.coffer.network.address.InterfaceAddress;
import java.util.List;

/** Where namespaces that are prepared ahead have their addresses from. Any thread may ask. */
public interface AddressSource {

  /** Takes one address of each kind that a network has; an empty list when there is none left. */
  List<InterfaceAddress> take(NetworkSpec network);

  /** Gives them back: nobody was given the namespace. */
  void giveBack(NetworkSpec network, List<InterfaceAddress> addresses);
}
