package dev.coffer.testkit.registry;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry that wants a name and a password and has the image {@code app:1}, until a {@link
 * Misbehaviour} is arranged. Beside it are a second registry, to which nothing secret may go, and a
 * server that does not speak HTTP properly.
 */
public final class HostileRegistry implements AutoCloseable {
  /** The name that may read and write. */
  public static final String USER = "somebody";

  /** Its password, which nobody else may see. */
  public static final String PASSWORD = "s3cret";

  static final String REPOSITORY = "app";
  static final String TAG = "1";

  private final FakeRegistry home;
  private final FakeRegistry elsewhere;
  private final RawServer raw;
  private final ImageBuilder image;
  private final List<String> leaks = new CopyOnWriteArrayList<>();
  private volatile Optional<String> mirror = Optional.empty();
  private volatile boolean secretsMayGoElsewhere;
  private final CountDownLatch closing = new CountDownLatch(1);

  private HostileRegistry(FakeRegistry home, FakeRegistry elsewhere, RawServer raw) {
    this.home = home;
    this.elsewhere = elsewhere;
    this.raw = raw;
    byte[] noise = new byte[200_000];
    new Random(1).nextBytes(noise);
    this.image =
        ImageBuilder.of(
            Packing.GZIP,
            new TarBuilder().directory("etc/").file("etc/name", "base").build(),
            new TarBuilder().file("etc/noise", noise).build());
  }

  /** Starts one that behaves. */
  public static HostileRegistry start() throws IOException {
    HostileRegistry registry =
        new HostileRegistry(FakeRegistry.start(), FakeRegistry.start(), RawServer.start());
    registry.home.withBasic(USER, PASSWORD);
    registry.behave();
    return registry;
  }

  /** Behaves from now on. */
  public void behave() {
    home.behave();
    elsewhere.behave();
    raw.answer((request, out) -> {});
    mirror = Optional.empty();
    secretsMayGoElsewhere = false;
    has(home, image);
    watch();
  }

  /** Has the misbehaviour. */
  public void arrange(Misbehaviour misbehaviour) throws IOException {
    misbehaviour.deed().arrange(this);
    watch();
  }

  private void watch() {
    elsewhere.when(
        "",
        exchange -> {
          if (!secretsMayGoElsewhere && exchange.header("Authorization").isPresent()) {
            leaks.add(exchange.toString());
          }
          return false;
        });
  }

  /** Requests with which a secret went where it must not. */
  public List<String> leaks() {
    return List.copyOf(leaks);
  }

  /** Host and port. */
  public String domain() {
    return home.domain();
  }

  /** Hosts and ports of which a message may name one. */
  public List<String> domains() {
    return List.of(home.domain(), elsewhere.domain(), raw.domain());
  }

  /** The image that it has when it behaves. */
  public ImageBuilder image() {
    return image;
  }

  /** A message's part with the image's digests in it. */
  public String filledIn(String part) {
    return part.replace("{layer}", layer().digest().toString())
        .replace("{config}", image.id().toString())
        .replace("{manifest}", image.manifest().digest().toString())
        .replace("{elsewhere}", elsewhere.domain());
  }

  /** A host that clients are to ask first, as host and port. */
  public Optional<String> mirror() {
    return mirror;
  }

  void mirror(String domain) {
    mirror = Optional.of(domain);
  }

  /** The other registry is where tokens are to be had. */
  void secretsMayGoElsewhere() {
    secretsMayGoElsewhere = true;
  }

  FakeRegistry home() {
    return home;
  }

  FakeRegistry elsewhere() {
    return elsewhere;
  }

  RawServer raw() {
    return raw;
  }

  /** The larger layer, which deeds are about. */
  Descriptor layer() {
    return image.layers().getLast();
  }

  byte[] layerBytes() {
    return home.blob(REPOSITORY, layer().digest()).orElseThrow();
  }

  /** Does something else when the larger layer is asked for. */
  void whenLayer(FakeRegistry.Handler handler) {
    home.when("GET /v2/app/blobs/" + layer().digest(), handler);
  }

  /** Does something else when the tag is asked for. */
  void whenManifest(FakeRegistry.Handler handler) {
    home.when("(GET|HEAD) /v2/app/manifests/1$", handler);
  }

  /** Gives a text for the tag, whatever its type is called. */
  void tagged(String mediaType, String text) {
    Digest _ = home.manifest(REPOSITORY, TAG, mediaType, text);
  }

  /** The good manifest with something in its text replaced. */
  void bent(String regex, String replacement) {
    String good = goodManifest();
    String bent = good.replaceFirst(regex, replacement);
    if (bent.equals(good)) {
      throw new IllegalArgumentException(regex + " is not in " + good);
    }
    tagged(MediaTypes.OCI_MANIFEST, bent);
  }

  String goodManifest() {
    return home.manifest(REPOSITORY, image.manifest().digest().toString()).orElseThrow();
  }

  /** Has another image under the tag, of one layer that claims a diff id. */
  void hasLayer(String mediaType, byte[] packed, Digest diffId) {
    JsonObject rootfs =
        JsonObject.builder()
            .put("type", "layers")
            .put("diff_ids", JsonArray.of(JsonValue.of(diffId.toString())))
            .build();
    byte[] config =
        Json.bytes(
            JsonObject.builder().putAll(Platform.host().write()).put("rootfs", rootfs).build());
    hasConfig(MediaTypes.OCI_CONFIG, config, mediaType, packed);
  }

  /** Has another image under the tag, of this config and one layer. */
  void hasConfig(String configType, byte[] config, String mediaType, byte[] packed) {
    Descriptor layer = Descriptor.of(mediaType, home.blob(REPOSITORY, packed), packed.length);
    Descriptor described = Descriptor.of(configType, home.blob(REPOSITORY, config), config.length);
    String manifest =
        new String(
            Json.bytes(Manifest.of(described, List.of(layer)).write()), StandardCharsets.UTF_8);
    tagged(MediaTypes.OCI_MANIFEST, manifest);
  }

  static void has(FakeRegistry registry, ImageBuilder image) {
    image
        .layout("")
        .forEach(
            (name, bytes) -> {
              if (name.startsWith("blobs/")) {
                Digest _ = registry.blob(REPOSITORY, bytes);
              }
              if (name.endsWith(image.manifest().digest().hex())) {
                String text = new String(bytes, StandardCharsets.UTF_8);
                Digest _ = registry.manifest(REPOSITORY, TAG, MediaTypes.OCI_MANIFEST, text);
              }
            });
  }

  /** Waits until the registry is closed: a stall. */
  boolean stall() {
    try {
      return closing.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Writes without an end, until the client has had enough. */
  static boolean flood(OutputStream out, String text) throws IOException {
    byte[] bytes = text.repeat(1 + 8192 / text.length()).getBytes(StandardCharsets.UTF_8);
    while (!Thread.currentThread().isInterrupted()) {
      out.write(bytes);
    }
    return true;
  }

  /** A handler that does something the first few times. */
  static FakeRegistry.Handler times(int count, FakeRegistry.Handler handler) {
    AtomicInteger left = new AtomicInteger(count);
    return exchange -> left.getAndDecrement() > 0 && handler.handle(exchange);
  }

  /** A handler that does something only when the client has said who it is. */
  static FakeRegistry.Handler knowing(FakeRegistry.Handler handler) {
    return exchange -> exchange.header("Authorization").isPresent() && handler.handle(exchange);
  }

  /** Sends whoever wants the layer to another address. */
  void layerIsAt(String location) {
    whenLayer(
        knowing(
            exchange -> {
              exchange.set("Location", location).answer(307);
              return true;
            }));
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    home.close();
    elsewhere.close();
    raw.close();
  }
}
