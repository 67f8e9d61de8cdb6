package dev.coffer.image.copy;

import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.image.Reference;
import java.io.IOException;

/** Gives the repository of a reference. */
@FunctionalInterface
public interface RepositoryOpener {

  /** The repository, spoken to on somebody's behalf; nothing is sent yet. */
  RemoteRepository open(Reference reference, RegistryAccess access) throws IOException;
}
