package dev.coffer.image.store;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.CommitOptions;
import dev.coffer.image.Image;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.pull.FaultyRepository;
import dev.coffer.image.pull.PullLimits;
import dev.coffer.image.pull.PullOptions;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that loads, pulls, commits, tags, removes and prunes at once, until it is killed. Each
 * thread has names of its own, and says in a journal what it is about to do to one, and that it has
 * been done.
 *
 * <pre>
 * begin NAME ID     ID is what the name will lead to: - for nothing, ? when only the end will tell
 * end NAME ID
 * </pre>
 */
final class BusyStore {
  private static final int THREADS = 4;
  private static final int NAMES = 3;
  private static final int IMAGES = 6;
  private static final int PIECE = 64 << 10;
  private static final byte[] BASE = layer("base", 0, 100_000);

  /** Small pieces, so that a kill meets pulls between them. */
  static final PullLimits PULL =
      new PullLimits(
          3,
          PIECE,
          3,
          4,
          1024,
          Duration.ofSeconds(5),
          100,
          Duration.ofMillis(1),
          Duration.ofMillis(4));

  private final LocalImageStore store;
  private final OutputStream journal;
  private final long seed;

  private BusyStore(LocalImageStore store, OutputStream journal, long seed) {
    this.store = store;
    this.journal = journal;
    this.seed = seed;
  }

  /** Arguments: the data root, the journal's file, a seed. */
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[2]);
    // The store has to be open before a thread may fail, and stays so: only a kill ends this.
    LocalImageStore store = open(Path.of(arguments[0]));
    try (OutputStream journal = new FileOutputStream(arguments[1], true);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      BusyStore busy = new BusyStore(store, journal, seed);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        running.add(threads.submit(() -> busy.work(number)));
      }
      running.add(threads.submit(busy::tidy));
      for (Future<?> each : running) {
        each.get();
      }
    } catch (Exception e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  static LocalImageStore open(Path root) throws IOException {
    return LocalImageStore.open(
        root, new ImageStoreOptions(ArchiveLimits.DEFAULT, Optional.empty(), PULL, List.of()));
  }

  private Void tidy() throws IOException {
    while (true) {
      var ignored = store.prune(_ -> false);
      LockSupport.parkNanos(3_000_000);
    }
  }

  private Void work(int thread) throws IOException {
    Random random = new Random(seed * THREADS + thread);
    Map<String, String> mine = new HashMap<>();
    for (Image image : store.list()) {
      for (Reference name : image.references()) {
        if (name.toString().contains("/t" + thread + ":")) {
          mine.put(name.tag().orElseThrow(), image.id().hex());
        }
      }
    }
    while (true) {
      Reference name = name(thread, random.nextInt(NAMES));
      String known = mine.get(name.tag().orElseThrow());
      String now =
          switch (random.nextInt(5)) {
            case 0 -> load(name, random);
            case 1, 2 -> pull(name, random);
            case 3 -> known == null ? load(name, random) : commit(name, random);
            default -> known == null ? pull(name, random) : remove(name);
          };
      if (now.equals("-")) {
        mine.remove(name.tag().orElseThrow());
      } else {
        mine.put(name.tag().orElseThrow(), now);
      }
    }
  }

  private static Reference name(int thread, int number) {
    return Reference.parse("registry.test/t" + thread + ":" + number);
  }

  private String load(Reference name, Random random) throws IOException {
    ImageBuilder image = image(random.nextInt(IMAGES));
    note("begin", name, image.id().hex());
    StoreFixture.load(store, image.layout(name.toString()));
    note("end", name, image.id().hex());
    return image.id().hex();
  }

  private String pull(Reference name, Random random) throws IOException {
    ImageBuilder image = image(random.nextInt(IMAGES));
    FaultyRepository repository =
        new FaultyRepository(name.tag().orElseThrow(), image.layout(name.tag().orElseThrow()));
    note("begin", name, image.id().hex());
    var ignored = store.pull(name, repository, PullOptions.DEFAULT, TransferListener.NONE);
    note("end", name, image.id().hex());
    return image.id().hex();
  }

  private String commit(Reference name, Random random) throws IOException {
    note("begin", name, "?");
    Image base = store.resolve(name.toString(), Optional.empty());
    byte[] layer = layer("committed", random.nextInt(100), 50_000);
    // One more layer each time would soon be too many.
    Image onto = base.chainIds().size() < 5 ? base : anotherBase(name);
    Image made =
        store.commit(
            onto,
            out -> {
              out.write(layer);
              return 1;
            },
            new CommitOptions(
                Optional.of(name),
                onto.config().defaults(),
                List.of(),
                "",
                "",
                "",
                Optional.empty()));
    note("end", name, made.id().hex());
    return made.id().hex();
  }

  private Image anotherBase(Reference name) throws IOException {
    StoreFixture.load(store, image(0).layout(name.toString()));
    return store.resolve(name.toString(), Optional.empty());
  }

  private String remove(Reference name) throws IOException {
    note("begin", name, "-");
    var ignored = store.remove(name.toString(), RemoveOptions.DEFAULT);
    note("end", name, "-");
    return "-";
  }

  private void note(String word, Reference name, String id) throws IOException {
    String line = "%s %s %s%n".formatted(word, name, id);
    journal.write(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Images that share a base; one large enough to come in pieces. */
  private static ImageBuilder image(int number) {
    return ImageBuilder.of(
        Packing.GZIP,
        BASE,
        layer("own", number, 10_000),
        layer("large", number, number % 2 == 0 ? 3 * PIECE : 20));
  }

  private static byte[] layer(String name, long seed, int size) {
    byte[] noise = new byte[size];
    new Random(name.hashCode() + seed).nextBytes(noise);
    return new TarBuilder().file("etc/" + name + seed, noise).file("etc/.wh.gone", "").build();
  }
}
