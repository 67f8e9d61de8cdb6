package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** A JSON object a line: {@code event}, and what belongs to it. */
final class JsonPullOutput implements PullOutput {
  private final Lines lines;

  JsonPullOutput(EngineRequest request, int stream) {
    this.lines = Lines.of(request, stream);
  }

  @Override
  public void begin(String name) {
    write(event("pulling").put("name", name));
  }

  @Override
  public void on(TransferEvent event) {
    write(
        switch (event) {
          case TransferEvent.Resolved resolved ->
              event("resolved")
                  .put("name", resolved.name())
                  .put("target", resolved.target().write());
          case TransferEvent.Waiting waiting -> event("waiting", waiting.blob());
          case TransferEvent.Exists exists -> event("exists", exists.blob());
          case TransferEvent.Mounted mounted ->
              event("mounted", mounted.blob()).put("from", mounted.from());
          case TransferEvent.LeftOut leftOut -> event("left-out", leftOut.blob());
          case TransferEvent.Progress progress ->
              event("progress", progress.blob()).put("bytes", progress.bytes());
          case TransferEvent.Transferred transferred -> event("downloaded", transferred.blob());
          case TransferEvent.Complete complete -> event("complete", complete.blob());
          case TransferEvent.Retrying retrying ->
              event("retrying", retrying.blob()).put("cause", retrying.cause());
          case TransferEvent.Warning warning -> event("warning").put("text", warning.text());
          case TransferEvent.Finished finished ->
              event("finished")
                  .put("name", finished.name())
                  .put("digest", finished.target().toString());
        });
  }

  private static JsonObject.Builder event(String name) {
    return JsonObject.builder().put("event", name);
  }

  private static JsonObject.Builder event(String name, Descriptor blob) {
    return event(name).put("digest", blob.digest().toString()).put("size", blob.size());
  }

  private void write(JsonObject.Builder object) {
    lines.line(new String(Json.bytes(object.build()), StandardCharsets.UTF_8).strip());
  }

  @Override
  public void end(Pulled pulled) {
    write(
        event("pulled")
            .put("name", pulled.name())
            .put("digest", pulled.target().digest().toString())
            .putIfPresent("imageId", pulled.imageId())
            .put("changed", pulled.changed()));
  }

  @Override
  public void close() {}
}
