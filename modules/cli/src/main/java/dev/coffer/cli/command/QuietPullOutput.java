package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.transfer.TransferEvent;

/** The name alone, and what must be said. */
final class QuietPullOutput implements PullOutput {
  private final EngineRequest request;

  QuietPullOutput(EngineRequest request) {
    this.request = request;
  }

  @Override
  public void begin(String name) {}

  @Override
  public void on(TransferEvent event) {
    if (event instanceof TransferEvent.Warning(String text)) {
      request.console().err("WARNING: " + text + "\n");
    }
  }

  @Override
  public void end(Pulled pulled) {
    request.line(pulled.name());
  }

  @Override
  public void close() {}
}
