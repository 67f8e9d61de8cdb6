package dev.coffer.testkit.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry on a loopback port. It keeps the distribution specification until a {@link #when} says
 * otherwise, and remembers what it was asked.
 */
public final class FakeRegistry implements AutoCloseable {
  private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
  private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([a-z0-9]+:[a-f0-9]+)");
  private static final Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads/");
  private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([0-9]+)");
  private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Stored> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger nextUpload = new AtomicInteger();
  private volatile Optional<String> basic = Optional.empty();

  /** Answers one kind of request. */
  @FunctionalInterface
  public interface Handler {
    /** Answers; false leaves the request to the next rule, or to the registry. */
    boolean handle(Exchange exchange) throws IOException;
  }

  private record Rule(Predicate<Exchange> condition, Handler handler) {}

  private record Stored(String mediaType, String text) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  private FakeRegistry(HttpServer server) {
    this.server = server;
  }

  /** Starts an empty one. */
  public static FakeRegistry start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    FakeRegistry registry = new FakeRegistry(HttpServer.create(any, 0));
    registry.server.setExecutor(registry.executor);
    registry.server.createContext("/", registry::handle);
    registry.server.start();
    return registry;
  }

  /** Host and port. */
  public String domain() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Does something else for requests whose method and address match. */
  public FakeRegistry when(String pattern, Handler handler) {
    Pattern compiled = Pattern.compile(pattern);
    rules.addFirst(new Rule(exchange -> compiled.matcher(exchange.toString()).find(), handler));
    return this;
  }

  /** Keeps the specification from now on. */
  public void behave() {
    rules.clear();
  }

  /** Wants a name and a password with every request. */
  public FakeRegistry withBasic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    basic = Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    return this;
  }

  /** All requests so far, as method and address. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many requests matched a pattern. */
  public long count(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return requests.stream().filter(request -> compiled.matcher(request).find()).count();
  }

  /** Has a blob. */
  public Digest blob(String repository, byte[] bytes) {
    Digest digest = Digest.ofBytes(bytes);
    blobs.put(repository + "@" + digest, bytes);
    return digest;
  }

  /** A blob's bytes. */
  public Optional<byte[]> blob(String repository, Digest digest) {
    return Optional.ofNullable(blobs.get(repository + "@" + digest));
  }

  /** Has a manifest, by its digest and by a tag. */
  public Digest manifest(String repository, String tag, String mediaType, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.ofBytes(bytes);
    manifests.put(repository + "@" + digest, new Stored(mediaType, text));
    manifests.put(repository + "@" + tag, new Stored(mediaType, text));
    return digest;
  }

  /** A manifest's text, by tag or digest. */
  public Optional<String> manifest(String repository, String reference) {
    return Optional.ofNullable(manifests.get(repository + "@" + reference)).map(Stored::text);
  }

  private void handle(HttpExchange raw) throws IOException {
    Exchange exchange = new Exchange(raw);
    requests.add(exchange.toString());
    for (Rule rule : rules) {
      if (rule.condition().test(exchange) && rule.handler().handle(exchange)) {
        return;
      }
    }
    if (basic.isPresent() && !exchange.header("Authorization").equals(basic)) {
      exchange.set("WWW-Authenticate", "Basic realm=\"fake\"");
      error(exchange, 401, "UNAUTHORIZED", "authentication required");
      return;
    }
    serve(exchange);
  }

  /** Answers as the specification has it, without asking who it is. */
  void serve(Exchange exchange) throws IOException {
    Matcher manifest = MANIFEST.matcher(exchange.path());
    Matcher blob = BLOB.matcher(exchange.path());
    Matcher begin = UPLOADS.matcher(exchange.path());
    Matcher upload = UPLOAD.matcher(exchange.path());
    Matcher tags = TAGS.matcher(exchange.path());
    if (exchange.path().equals("/v2/")) {
      exchange.answer(200, "{}");
    } else if (manifest.matches()) {
      serveManifest(exchange, manifest.group(1), manifest.group(2));
    } else if (blob.matches()) {
      serveBlob(exchange, blob.group(1) + "@" + blob.group(2));
    } else if (begin.matches()) {
      beginUpload(exchange, begin.group(1));
    } else if (upload.matches()) {
      goOn(exchange, upload.group(1), upload.group(2));
    } else if (tags.matches()) {
      exchange.answer(200, tags(tags.group(1)));
    } else {
      error(exchange, 404, "NOT_FOUND", "page not found");
    }
  }

  private String tags(String repository) {
    List<String> tags = new ArrayList<>();
    for (String key : manifests.keySet()) {
      if (key.startsWith(repository + "@") && key.indexOf(':') < 0) {
        tags.add("\"" + key.substring(repository.length() + 1) + "\"");
      }
    }
    tags.sort(null);
    return "{\"name\":\"" + repository + "\",\"tags\":[" + String.join(",", tags) + "]}";
  }

  private void serveManifest(Exchange exchange, String repository, String reference)
      throws IOException {
    String key = repository + "@" + reference;
    switch (exchange.method()) {
      case "PUT" -> {
        byte[] bytes = exchange.body();
        Stored stored =
            new Stored(
                exchange.header("Content-Type").orElse(""),
                new String(bytes, StandardCharsets.UTF_8));
        manifests.put(key, stored);
        manifests.put(repository + "@" + Digest.ofBytes(bytes), stored);
        exchange.set("Docker-Content-Digest", Digest.ofBytes(bytes).toString()).answer(201);
      }
      case "DELETE" -> exchange.answer(manifests.remove(key) == null ? 404 : 202);
      default -> {
        Stored stored = manifests.get(key);
        if (stored == null) {
          error(exchange, 404, "MANIFEST_UNKNOWN", "manifest unknown");
          return;
        }
        exchange
            .set("Content-Type", stored.mediaType())
            .set("Docker-Content-Digest", Digest.ofBytes(stored.bytes()).toString())
            .answer(200, stored.bytes());
      }
    }
  }

  private void serveBlob(Exchange exchange, String key) throws IOException {
    byte[] bytes = blobs.get(key);
    if (bytes == null) {
      error(exchange, 404, "BLOB_UNKNOWN", "blob unknown to registry");
      return;
    }
    if (exchange.method().equals("DELETE")) {
      blobs.remove(key);
      exchange.answer(202);
      return;
    }
    Matcher range =
        Pattern.compile("bytes=([0-9]+)-([0-9]+)").matcher(exchange.header("Range").orElse(""));
    if (!range.matches()) {
      exchange.answer(200, bytes);
      return;
    }
    int from = Integer.parseInt(range.group(1));
    int to = Math.min(Integer.parseInt(range.group(2)), bytes.length - 1);
    if (from > to) {
      exchange.answer(416);
      return;
    }
    exchange
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, to, bytes.length))
        .answer(206, Arrays.copyOfRange(bytes, from, to + 1));
  }

  private void beginUpload(Exchange exchange, String repository) throws IOException {
    Optional<String> mount = exchange.query("mount");
    if (mount.isPresent()) {
      byte[] bytes = blobs.get(exchange.query("from").orElse("") + "@" + mount.get());
      if (bytes != null) {
        blobs.put(repository + "@" + mount.get(), bytes);
        exchange.answer(201);
        return;
      }
    }
    String id = String.valueOf(nextUpload.incrementAndGet());
    uploads.put(id, new byte[0]);
    exchange.set("Location", "/v2/" + repository + "/blobs/uploads/" + id + "?s=x").answer(202);
  }

  private void goOn(Exchange exchange, String repository, String id) throws IOException {
    byte[] before = uploads.get(id);
    if (before == null) {
      error(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
      return;
    }
    exchange.set("Location", exchange.path() + "?s=x");
    switch (exchange.method()) {
      case "GET" -> exchange.set("Range", "0-" + Math.max(before.length - 1, 0)).answer(204);
      case "DELETE" -> {
        uploads.remove(id);
        exchange.answer(204);
      }
      case "PATCH" -> {
        if (!exchange.header("Content-Range").orElse("").startsWith(before.length + "-")) {
          exchange.answer(416);
          return;
        }
        byte[] joined = append(id, exchange.body());
        exchange.set("Range", "0-" + (joined.length - 1)).answer(202);
      }
      default -> {
        byte[] whole = append(id, exchange.body());
        String digest = exchange.query("digest").orElse("");
        if (!Digest.of(Digest.parse(digest).algorithm(), whole).toString().equals(digest)) {
          error(exchange, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
          return;
        }
        uploads.remove(id);
        blobs.put(repository + "@" + digest, whole);
        exchange.set("Docker-Content-Digest", digest).answer(201);
      }
    }
  }

  /** Takes in more bytes of an upload; a test may do so in the registry's place. */
  public byte[] append(String upload, byte[] more) {
    return uploads.compute(
        upload,
        (_, before) -> {
          byte[] joined = Arrays.copyOf(before, before.length + more.length);
          System.arraycopy(more, 0, joined, before.length, more.length);
          return joined;
        });
  }

  /** Uploads that were begun and neither finished nor cancelled. */
  public int unfinishedUploads() {
    return uploads.size();
  }

  /** Answers with an error in the specification's form. */
  public static void error(Exchange exchange, int status, String code, String message)
      throws IOException {
    exchange
        .set("Content-Type", "application/json")
        .answer(
            status, "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
