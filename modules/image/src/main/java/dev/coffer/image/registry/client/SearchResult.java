package dev.coffer.image.registry.client;

/**
 * A repository that was found.
 *
 * @param name as a user would write it
 * @param description what its owner says of it; may be empty
 * @param stars how many people like it
 * @param official whether the registry's operator vouches for it
 */
public record SearchResult(String name, String description, long stars, boolean official) {}
