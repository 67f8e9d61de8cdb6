package dev.coffer.engine.rootfs;

import dev.coffer.runtime.rootfs.Accounts;
import dev.coffer.runtime.rootfs.RootView;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The users and groups of the last few images. An image never changes, and most containers leave
 * its accounts as they are: they are read once.
 */
public final class ImageAccounts {

  private static final int MOST = 16;
  private static final int LARGEST = 1000;

  private final Map<String, Accounts> known = new LinkedHashMap<>(MOST, 0.75f, true);

  /**
   * An image's accounts.
   *
   * @param view of the image, or of a container that has changed nothing in {@code /etc}
   */
  public Accounts of(String imageId, RootView view) throws IOException {
    synchronized (known) {
      Accounts accounts = known.get(imageId);
      if (accounts != null) {
        return accounts;
      }
    }
    Accounts read = view.accounts();
    if (read.size() <= LARGEST) {
      remember(imageId, read);
    }
    return read;
  }

  private void remember(String imageId, Accounts accounts) {
    synchronized (known) {
      known.put(imageId, accounts);
      if (known.size() > MOST) {
        known.remove(known.keySet().iterator().next());
      }
    }
  }
}
