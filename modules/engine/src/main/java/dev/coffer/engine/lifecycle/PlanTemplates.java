package dev.coffer.engine.lifecycle;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.JoinedProcess;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.runtime.rootfs.Identity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plans of the last few kinds of containers: those who start the same thing again and again
 * have it compiled once.
 */
final class PlanTemplates {

  private static final int MOST = 16;
  private static final int LARGEST_BYTES = 256 << 10;
  private static final String SHORT_ID = "";

  private final Map<Shape, PlanTemplate> templates = new LinkedHashMap<>(MOST, 0.75f, true);

  /**
   * All that a container's plan depends on beside its id and what the engine knows for good.
   *
   * @param hostname empty where it is the container's short id
   */
  record Shape(
      ContainerRequest request,
      JoinedProcess process,
      String imageId,
      String hostname,
      List<MountPoint> mounts,
      Identity identity) {

    static Shape of(ContainerConfig config, Identity identity) {
      return new Shape(
          config.request(),
          config.process(),
          config.imageId(),
          config.hostname().equals(config.shortId()) ? SHORT_ID : config.hostname(),
          config.mounts(),
          identity);
    }
  }

  synchronized Optional<PlanTemplate> find(Shape shape) {
    return Optional.ofNullable(templates.get(shape));
  }

  synchronized void add(Shape shape, PlanTemplate template) {
    if (template.size() > LARGEST_BYTES) {
      return;
    }
    templates.put(shape, template);
    if (templates.size() > MOST) {
      templates.remove(templates.keySet().iterator().next());
    }
  }
}
